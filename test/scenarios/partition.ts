import { DEFAULT_GOSSIP_OPTIONS } from "../../gossip/options.ts";
import { sample } from "../../gossip/random.ts";
import { allLiving } from "./all-living.ts";
import { baseOf } from "./base.ts";
import { Rig } from "./rig.ts";
import type { Scenario } from "./scenario.ts";
import type { ScenarioSize } from "./scenario-size.ts";
import { Verdicts } from "./verdicts.ts";

/** The short form's is as long as it takes until all of the other side are dead, and some more. */
const PARTED_MS = { full: 60_000, short: 20_000 };
const MERGE_MS_MAX = 10_000;
const PATIENCE_MS = 120_000;

const A_BUDGET =
  "what one peer may draw sets the pace, not the uplinks: in a crowd each is given eight times what the channel makes, and the last to be served waits for a round more";

/** Scenario 5: two halves, each with seeds, do not reach each other for a minute; the blocks' source is in one of them. */
export const partition: Scenario = {
  name: "partition",
  number: 5,
  shows: "two halves, each with a seed, are parted for a time",
  figures: [
    { name: "mergeMs", means: "until the views are one again", atMost: MERGE_MS_MAX },
    {
      name: "tipRounds",
      means: "from then until all are level, beyond the transfer, in anti-entropy intervals",
      atMost: 2,
      missed: { atMost: 4, because: A_BUDGET },
    },
    { name: "falseDeaths", means: "living peers taken for dead", atMost: 0 },
    { name: "partedBase", means: "T99 while parted / base", atMost: 1.5 },
    { name: "afterBase", means: "T99 afterwards / base" },
    { name: "deadShare", means: "pairs of the two halves that took each other for dead" },
  ],
  run,
};

async function run(seed: number, size: ScenarioSize) {
  const base = await baseOf(size);
  const rig = await Rig.start(seed, size);
  const { simulation } = rig;
  const { network, peers } = simulation;
  const [first, second, ...rest] = peers;
  if (first === undefined || second === undefined) throw new RangeError("too few peers");
  // The first three are seeds.
  const left = [first, ...sample(rest, (size.peers >> 1) - 1, rig.random)];
  const right = peers.filter((peer) => !left.includes(peer));
  const verdicts = new Verdicts(rig);
  const everybody = rig.honest();
  rig.exempt(right);
  for (const a of left) for (const b of right) network.cut(a.id, b.id);
  const partedMs = size.isFull ? PARTED_MS.full : PARTED_MS.short;
  const numbers = await rig.publishMany(Math.round(partedMs / size.intervalMs), first);
  const lost = verdicts.deathsMs(right, left, 0).filter(Number.isFinite).length;
  verdicts.clear();
  network.healAll();
  const healedMs = simulation.elapsedMs;
  const tip = numbers.length + 1;
  let mergeMs = 0;
  let tipMs = 0;
  const look = () => {
    if (mergeMs === 0 && allLiving(peers)) mergeMs = simulation.elapsedMs - healedMs;
    if (tipMs === 0 && right.every(({ height }) => height >= tip)) tipMs = simulation.elapsedMs - healedMs;
    if (mergeMs === 0 || tipMs === 0) simulation.clock.schedule(LOOK_MS, look);
  };
  look();
  await simulation.until(() => mergeMs > 0 && tipMs > 0, PATIENCE_MS, "the halves are one again");
  const after = await rig.publishMany(size.blocks, first);
  await rig.settle();
  const own = new Set(left.slice(1).map(({ id }) => id));
  const transferMs = (1_000 * numbers.length * size.blockBytes) / size.weather.bytesPerSecond;
  return {
    mergeMs,
    tipMs,
    // From when they know of each other.
    tipRounds: Math.max(0, tipMs - mergeMs - transferMs) / DEFAULT_GOSSIP_OPTIONS.antiEntropyIntervalMs,
    // Until they take the others for dead, blocks are sent to them in vain.
    partedBase: rig.deliveries.t99Ms(numbers.slice(-size.blocks), own) / base.t99Ms,
    afterBase: rig.deliveries.t99Ms(after, everybody) / base.t99Ms,
    falseDeaths: verdicts.count("dead"),
    deadShare: lost / (left.length * right.length),
  };
}

const LOOK_MS = 50;
