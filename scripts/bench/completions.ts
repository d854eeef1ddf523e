import type { Stage } from "./bench-peer.ts";
import type { Completion } from "./worker-protocol.ts";

/** Which blocks all peers of a network have, put together from what its processes tell. */
export class Completions {
  readonly #workers: number;
  readonly #counts = new Map<string, number>();
  readonly #completeMs = new Map<string, number>();
  #changed = Promise.withResolvers<void>();

  /** @param workers how many processes there are, all of which must have a block. */
  constructor(workers: number) {
    this.#workers = workers;
  }

  /** What one of the processes has told. */
  tell({ block, stage, atMs }: Completion): void {
    const key = keyOf(block, stage);
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    // The one that comes last may have been told of first.
    const latestMs = Math.max(atMs, this.#completeMs.get(key) ?? -Infinity);
    this.#completeMs.set(key, latestMs);
    if (count < this.#workers) return;
    const { resolve } = this.#changed;
    this.#changed = Promise.withResolvers();
    resolve();
  }

  /** Since when all peers have had it; undefined while one has not. */
  atMs(block: number, stage: Stage): number | undefined {
    const key = keyOf(block, stage);
    return this.#counts.get(key) === this.#workers ? this.#completeMs.get(key) : undefined;
  }

  /** Until another block is complete, or for this long. */
  async next(limitMs: number): Promise<void> {
    const limit = Promise.withResolvers<void>();
    const timer = setTimeout(limit.resolve, Math.max(0, limitMs));
    await Promise.race([this.#changed.promise, limit.promise]);
    clearTimeout(timer);
  }
}

function keyOf(block: number, stage: Stage): string {
  return `${stage} ${block}`;
}
