import { baseOf } from "./base.ts";
import { Rig } from "./rig.ts";
import type { Scenario } from "./scenario.ts";
import type { ScenarioSize } from "./scenario-size.ts";

const ATTACKERS_SHARE = 0.8;
const LATE_MS = { full: 60_000, short: 20_000 };

const FOUND_OUT_BY_ASKING =
  "who relays nothing is found out by a block that takes a wave of parity more: 250 ms of silence, a question, and two hops";

/** Scenario 12: four attackers for each honest peer are there first; they accept everything and pass nothing on. */
export const coldBoot: Scenario = {
  name: "cold-boot",
  number: 12,
  shows: "80 % of the members are silent attackers, who are there before any honest peer starts",
  figures: [
    { name: "firstMissed", means: "honest peers that miss the first block", atMost: 0 },
    {
      name: "earlyBase",
      means: "T99 of the first blocks / base",
      atMost: 3,
      missed: { atMost: 4.5, because: FOUND_OUT_BY_ASKING },
    },
    { name: "lateBase", means: "T99 after a minute (short form: 20 s) / base", atMost: 1.2 },
  ],
  run,
};

async function run(seed: number, size: ScenarioSize) {
  const base = await baseOf(size);
  const attackers = Math.round(ATTACKERS_SHARE * size.peers);
  const rig = await Rig.start(seed, size, { liars: attackers, isCold: true });
  const { simulation } = rig;
  const acquaintedMs = simulation.elapsedMs;
  const honest = rig.honest([rig.source]);
  const early = await rig.publishMany(size.blocks);
  await simulation.untilHeight(2, LATE_MS.full);
  const first = early[0] ?? 0;
  while (simulation.elapsedMs - acquaintedMs < (size.isFull ? LATE_MS.full : LATE_MS.short))
    await rig.publish();
  const late = await rig.publishMany(size.blocks);
  await rig.settle();
  return {
    acquaintedMs,
    firstMissed: simulation.peers.filter(({ height }) => height <= first).length,
    earlyBase: rig.deliveries.t99Ms(early, honest) / base.t99Ms,
    lateBase: rig.deliveries.t99Ms(late, honest) / base.t99Ms,
  };
}
