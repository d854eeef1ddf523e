import { BoundedMap } from "../bounded-map.ts";

interface Times {
  /** When the peer first heard of the block. */
  readonly heardMs?: number;
  readonly verifiedMs?: number;
}

/** Blocks on their way that are remembered: more than any window has. */
const BLOCKS_MAX = 8_192;

/** When what happened to the blocks of one channel that are on their way. All times are of one steady clock. */
export class BlockTimes {
  readonly #times = new BoundedMap<number, Times>(BLOCKS_MAX);
  #appendedMs = 0;

  /** Somebody has told of the block, or sent it; the first time counts. */
  heard(number: number, nowMs: number): void {
    if (this.#times.get(number) === undefined) this.#times.set(number, { heardMs: nowMs });
  }

  /** The block is good, and can be passed on. How long after it was first heard of; undefined: it was not. */
  verified(number: number, nowMs: number): number | undefined {
    const heardMs = this.#times.get(number)?.heardMs;
    this.#times.set(number, { verifiedMs: nowMs });
    return heardMs === undefined ? undefined : nowMs - heardMs;
  }

  /**
   * The block is durable; to be called in order of the numbers. How long after it was given to the ledger, which was
   * as soon as it and all before it were good.
   */
  committed(number: number, nowMs: number): number | undefined {
    const verifiedMs = this.#times.get(number)?.verifiedMs;
    this.#times.delete(number);
    if (verifiedMs === undefined) return undefined;
    this.#appendedMs = Math.max(this.#appendedMs, verifiedMs);
    return nowMs - this.#appendedMs;
  }
}
