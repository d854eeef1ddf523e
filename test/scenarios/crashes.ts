import { DEFAULT_GOSSIP_OPTIONS } from "../../gossip/options.ts";
import { maximum, median } from "../../scripts/bench/statistics.ts";
import type { SimulatedPeer } from "../../node/testing/simulator/simulated-peer.ts";
import { baseOf } from "./base.ts";
import { Rig } from "./rig.ts";
import type { Scenario } from "./scenario.ts";
import type { ScenarioSize } from "./scenario-size.ts";
import { Verdicts } from "./verdicts.ts";

const SHARE = 0.3;
const DETECT_MS_MAX = 8_000;
/** Looked at for longer than may be needed, so that a miss is a figure. */
const WATCH_MS = 20_000;

const RELAYS_ARE_MISSED =
  "what the relays that hang had not passed on is lacking everywhere; that shows when the other chunks have come, after about one base, and to ask for it and to be sent it takes as long again";
const UNLUCKY_TURNS =
  "in one seed of ten the first ping of a victim, or a second one where helpers hang as well, comes a turn too late";

/** How peers end: their connections break at once, or hang as when the power fails. */
export type Ending = "crash" | "hang";

/** Scenario 1: nearly a third of the peers end at once while a block is on its way. */
export function crashes(ending: Ending): Scenario {
  return {
    name: `${ending}-30`,
    number: 1,
    shows:
      ending === "crash"
        ? "30 % of the peers crash at once while a block is on its way"
        : "30 % of the peers hang at once while a block is on its way, their connections up",
    figures: [
      {
        name: "detectMs",
        means: "until the last of the living takes the last of the dead for dead",
        atMost: DETECT_MS_MAX,
        ...(ending === "hang" ? { missed: { atMost: 10_000, because: UNLUCKY_TURNS } } : {}),
      },
      { name: "falseDeaths", means: "living peers taken for dead", atMost: 0 },
      {
        name: "inFlightBase",
        means: "T99 of the block in flight / base",
        atMost: 1.5,
        ...(ending === "hang" ? { missed: { atMost: 3, because: RELAYS_ARE_MISSED } } : {}),
      },
      { name: "afterBase", means: "T99 afterwards / base", atMost: 1.1 },
      { name: "meanwhileBase", means: "T99 until all are found out / base" },
    ],
    run: (seed, size) => run(seed, size, ending),
  };
}

async function run(seed: number, size: ScenarioSize, ending: Ending) {
  const base = await baseOf(size);
  const rig = await Rig.start(seed, size);
  const { simulation } = rig;
  await rig.publish();
  const victims = rig.draw(Math.round(SHARE * size.peers));
  const others = simulation.peers.filter((peer) => !victims.includes(peer));
  rig.exempt(victims);
  const verdicts = new Verdicts(rig);
  const endMs = simulation.elapsedMs + base.t100Ms / 2;
  simulation.clock.schedule(base.t100Ms / 2, () => {
    for (const victim of victims) end(rig, victim, ending);
  });
  const inFlight = await rig.publish();
  const meanwhile: number[] = [];
  const isFound = () =>
    others.every((peer) => victims.every(({ id }) => peer.membership.get(id)?.state === "dead"));
  while (!isFound() && simulation.elapsedMs < endMs + WATCH_MS) meanwhile.push((await rig.publish()).number);
  const after = await rig.publishMany(size.blocks);
  await rig.settle();
  const receivers = rig.honest([rig.source]);
  const ofBase = (numbers: readonly number[]) => rig.deliveries.t99Ms(numbers, receivers) / base.t99Ms;
  const deathsMs = verdicts.deathsMs(victims, others, endMs);
  const dead = new Set(victims.map(({ id }) => id));
  return {
    detectMs: maximum(deathsMs),
    detectMedianMs: median(deathsMs),
    falseDeaths: verdicts.count("dead", (by, of) => !dead.has(by) && !dead.has(of)),
    inFlightBase: ofBase([inFlight.number]),
    meanwhileBase: ofBase(meanwhile),
    afterBase: ofBase(after),
  };
}

function end({ simulation }: Rig, victim: SimulatedPeer, ending: Ending): void {
  if (ending === "crash") victim.crash();
  else simulation.pause(victim, FOR_EVER_MS);
}

const FOR_EVER_MS = 100 * DEFAULT_GOSSIP_OPTIONS.fetchTimeoutMs;
