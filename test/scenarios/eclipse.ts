import { DEFAULT_GOSSIP_OPTIONS } from "../../gossip/options.ts";
import { maximum } from "../../scripts/bench/statistics.ts";
import type { SimulatedPeer } from "../../node/testing/simulator/simulated-peer.ts";
import { baseOf } from "./base.ts";
import { Rig } from "./rig.ts";
import type { Scenario } from "./scenario.ts";
import type { ScenarioSize } from "./scenario-size.ts";

const ATTACKERS = 20;
const RECOVERY_MS_MAX = 60_000;

/**
 * Scenario 10: of all that a peer is linked to, one is honest. The attackers keep to the protocol towards all others;
 * to their victim they say that they live and how high they are, and give it no block. All other links of the victim
 * are cut, as if its room for connections were taken. Afterwards it can be reached again, and the attackers go on.
 */
export const eclipse: Scenario = {
  name: "eclipse",
  number: 10,
  shows: "a peer's links are held by 20 attackers, one honest link is left",
  figures: [
    {
      name: "lateRounds",
      means: "worst block of the victim, beyond 2 base, in anti-entropy intervals",
      atMost: 1,
    },
    { name: "honestOutbound", means: "links of the victim to honest peers", atLeast: 1 },
    { name: "recoveredMs", means: "until blocks come in time again", atMost: RECOVERY_MS_MAX },
    { name: "worstMs", means: "worst block" },
  ],
  run,
};

async function run(seed: number, size: ScenarioSize) {
  const base = await baseOf(size);
  const rig = await Rig.start(seed, size);
  const { simulation } = rig;
  const [victim, friend, ...attackers] = rig.draw(ATTACKERS + 2);
  if (victim === undefined || friend === undefined) throw new RangeError("too few peers");
  await rig.publish();
  const cut = simulation.peers.filter(
    (peer) => peer !== victim && peer !== friend && !attackers.includes(peer),
  );
  for (const attacker of attackers) attacker.starves.add(victim.id);
  for (const { id } of cut) simulation.network.cut(victim.id, id);
  const only = new Set([victim.id]);
  const numbers: number[] = [];
  let honestOutbound = 1;
  for (let index = 0; index < size.blocks; index++) {
    numbers.push((await rig.publish()).number);
    honestOutbound = Math.min(honestOutbound, isLinked(victim, friend) ? 1 : 0);
  }
  const limitMs = 2 * base.t100Ms + DEFAULT_GOSSIP_OPTIONS.antiEntropyIntervalMs;
  // Or blocks that have not come at all would be no figure.
  await simulation.runFor(limitMs);
  simulation.network.healAll();
  const healedMs = simulation.elapsedMs;
  let recoveredMs = Number.POSITIVE_INFINITY;
  while (recoveredMs === Number.POSITIVE_INFINITY && simulation.elapsedMs - healedMs < RECOVERY_MS_MAX) {
    const { number } = await rig.publish();
    if (rig.deliveries.lastMs(number, only) <= limitMs)
      recoveredMs = simulation.elapsedMs - size.intervalMs - healedMs;
  }
  await rig.settle();
  const worstMs = maximum(numbers.map((number) => rig.deliveries.lastMs(number, only)));
  return {
    lateRounds: Math.max(0, worstMs - 2 * base.t100Ms) / DEFAULT_GOSSIP_OPTIONS.antiEntropyIntervalMs,
    honestOutbound,
    recoveredMs,
    worstMs,
  };
}

function isLinked(peer: SimulatedPeer, other: SimulatedPeer): boolean {
  return peer.membership.get(other.id)?.isReachable === true;
}
