import { SimulatedSource } from "../../node/testing/simulator/simulated-source.ts";
import { simulationGenesis } from "../../node/testing/simulator/simulated-orderer.ts";
import type { SimulatedPeer } from "../../node/testing/simulator/simulated-peer.ts";
import { maximum } from "../../scripts/bench/statistics.ts";
import { baseOf } from "./base.ts";
import { Rig } from "./rig.ts";
import type { Scenario } from "./scenario.ts";
import type { ScenarioSize } from "./scenario-size.ts";

const GAP_MS_MAX = 2_000;
/** Within which a network that has just started has a leader that brings blocks. */
const ELECTION_MS = 10_000;

/** What happens while a block is on its way: to the leader, or to the source that it fetches from. */
const HARMS = {
  "leader-crash": "the organisation's leader crashes while a block is on its way",
  "leader-hang": "the organisation's leader hangs while a block is on its way, its connections up",
  "source-down": "the source that the leader fetches from goes down, another one is up",
  "source-hang": "the source that the leader fetches from answers no more, another one does",
} as const;

export type Harm = keyof typeof HARMS;

/** Scenario 2: the leader or its source is lost; another leads, or the leader turns to the other source. */
export function leaderLoss(harm: Harm): Scenario {
  return {
    name: harm,
    number: 2,
    shows: HARMS[harm],
    figures: [
      { name: "gapMs", means: "the slowest block, from the source to the last peer", atMost: GAP_MS_MAX },
      { name: "leaders", means: "leaders at the end", atMost: 1, atLeast: 1 },
      { name: "beforeMs", means: "the slowest block before" },
    ],
    run: (seed, size) => run(seed, size, harm),
  };
}

async function run(seed: number, size: ScenarioSize, harm: Harm) {
  const base = await baseOf(size);
  const sources = ["orderer0", "orderer1"].map((name) => new SimulatedSource(name, simulationGenesis()));
  const rig = await Rig.start(seed, size, { sources });
  const { simulation } = rig;
  const leaders = () =>
    simulation.peers.filter((peer) => peer.isUp && peer.gossip.leadership.leader === peer.id);
  await simulation.until(() => leaders().length === 1, ELECTION_MS, "one leads");
  const [leader = rig.source] = leaders();
  await simulation.runFor(ELECTION_MS);
  const before = await orderMany(rig, sources);
  if (isOfLeader(harm)) rig.exempt([leader]);
  simulation.clock.schedule(base.t100Ms * rig.random(), () => inflict(harm, rig, leader, sources));
  const after = await orderMany(rig, sources);
  await rig.settle();
  const others = rig.honest([leader]);
  const slowestMs = (numbers: readonly number[]) =>
    maximum(numbers.map((number) => rig.deliveries.lastMs(number, others)));
  return {
    gapMs: slowestMs(after),
    leaders: leaders().filter((peer) => peer !== leader || !isOfLeader(harm)).length,
    beforeMs: slowestMs(before),
  };
}

/** Blocks come to be at all sources, one at each interval; their numbers. */
async function orderMany(rig: Rig, sources: readonly SimulatedSource[]): Promise<readonly number[]> {
  const numbers: number[] = [];
  for (let index = 0; index < rig.size.blocks; index++) numbers.push((await rig.order(sources)).number);
  return numbers;
}

function isOfLeader(harm: Harm): boolean {
  return harm === "leader-crash" || harm === "leader-hang";
}

function inflict(
  harm: Harm,
  { simulation }: Rig,
  leader: SimulatedPeer,
  sources: readonly SimulatedSource[],
): void {
  const source = sources.find(({ name }) => name === leader.gossip.source?.name);
  if (source === undefined) throw new RangeError(`${leader.id} leads without a source`);
  switch (harm) {
    case "leader-crash":
      return leader.crash();
    case "leader-hang":
      return simulation.pause(leader, FOR_EVER_MS);
    case "source-down":
      source.mood = "down";
      return;
    case "source-hang":
      source.mood = "hangs";
      return;
    default:
      return harm satisfies never;
  }
}

const FOR_EVER_MS = 600_000;
