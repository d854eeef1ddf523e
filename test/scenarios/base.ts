import { median } from "../../scripts/bench/statistics.ts";
import { Rig } from "./rig.ts";
import type { ScenarioSize } from "./scenario-size.ts";

/** How blocks spread in the same network when nothing is wrong. */
export interface Base {
  readonly t99Ms: number;
  /** The median, over blocks, of the time to the last peer. */
  readonly t100Ms: number;
  /** Bytes sent to all peers, by byte of a block and receiver. */
  readonly bytesRatio: number;
}

/** Of the seeds that no scenario is run with. */
const BASE_SEED = 1_000_003;
const BLOCKS_MAX = 20;

const bases = new Map<string, Promise<Base>>();

/** Measured once for each size, with a seed of its own. */
export function baseOf(size: ScenarioSize): Promise<Base> {
  const key = JSON.stringify(size);
  const known = bases.get(key) ?? measure(size);
  bases.set(key, known);
  return known;
}

async function measure(size: ScenarioSize): Promise<Base> {
  const rig = await Rig.start(BASE_SEED, size);
  const everybody = rig.honest();
  const before = rig.sentTo(everybody);
  const count = Math.min(BLOCKS_MAX, size.blocks);
  const numbers = await rig.publishMany(count);
  await rig.settle();
  const bytes = rig.sentTo(everybody) - before;
  return {
    t99Ms: rig.deliveries.t99Ms(numbers, everybody),
    t100Ms: median(numbers.map((number) => rig.deliveries.lastMs(number, everybody))),
    bytesRatio: bytes / (count * size.blockBytes * (size.peers - 1)),
  };
}
