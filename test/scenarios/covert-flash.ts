import { DEFAULT_GOSSIP_OPTIONS } from "../../gossip/options.ts";
import { maximum } from "../../scripts/bench/statistics.ts";
import { baseOf } from "./base.ts";
import { Rig } from "./rig.ts";
import type { Scenario } from "./scenario.ts";
import type { ScenarioSize } from "./scenario-size.ts";

/** One organisation of five turns. */
const SHARE = 1 / 5;
/** Of the blocks, so many come before. */
const QUIET_SHARE = 0.4;

/** Scenario 13: a fifth of the peers behaves, until all of them drop everything at once in the middle of a block. */
export const covertFlash: Scenario = {
  name: "covert-flash",
  number: 13,
  shows: "20 % of the peers behave, then all relay nothing at once",
  figures: [
    { name: "worstOfLimit", means: "worst block / (anti-entropy interval + 2 base)", atMost: 1 },
    { name: "recoveredMs", means: "until blocks come in time again", atMost: 60_000 },
    { name: "worstMs", means: "worst block" },
    { name: "afterBase", means: "T99 afterwards / base", atMost: 1.2 },
  ],
  run,
};

async function run(seed: number, size: ScenarioSize) {
  const base = await baseOf(size);
  const rig = await Rig.start(seed, size);
  const covert = rig.draw(Math.round(SHARE * size.peers));
  const honest = rig.honest([...covert, rig.source]);
  const quiet = size.isFull ? size.blocks : Math.round(QUIET_SHARE * size.blocks);
  await rig.publishMany(quiet);
  const flashMs = rig.simulation.elapsedMs;
  rig.simulation.clock.schedule(base.t100Ms / 2, () => {
    for (const peer of covert) peer.isSilent = true;
  });
  const after = size.isFull ? 60 : size.blocks - quiet;
  const times: { readonly sinceMs: number; readonly lastMs: number; readonly t99Ms: number }[] = [];
  for (let index = 0; index < after; index++) {
    const sinceMs = rig.simulation.elapsedMs - flashMs;
    const { number } = await rig.publish();
    times.push({
      sinceMs,
      lastMs: rig.deliveries.lastMs(number, honest),
      t99Ms: rig.deliveries.t99Ms([number], honest),
    });
  }
  await rig.settle();
  const isSlow = times.map(({ t99Ms }) => t99Ms > 1.2 * base.t99Ms);
  const lastSlow = isSlow.lastIndexOf(true);
  const worstMs = maximum(times.map(({ lastMs }) => lastMs));
  return {
    worstMs,
    worstOfLimit: worstMs / (DEFAULT_GOSSIP_OPTIONS.antiEntropyIntervalMs + 2 * base.t99Ms),
    // Until the block after which none was slow is handed in.
    recoveredMs: lastSlow < 0 ? 0 : (times[lastSlow + 1]?.sinceMs ?? Infinity),
    afterBase: maximum(times.slice(lastSlow + 1).map(({ t99Ms }) => t99Ms)) / base.t99Ms,
  };
}
