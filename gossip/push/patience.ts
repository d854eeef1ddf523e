/** What is known of blocks of one size. */
interface Estimate {
  readonly meanMs: number;
  readonly deviationMs: number;
  /** How often chunks had to be asked for since a block last came whole. */
  readonly asked: number;
}

/** Below this a pause says nothing: the next chunk may be held up by a few others on somebody's uplink. */
const LEAST_MS = 100;

/** RFC 6298, section 2: what is learned from each sample, and how far from the mean nearly all are. */
const GAIN = 1 / 8;
const DEVIATION_GAIN = 1 / 4;
const DEVIATIONS = 4;

/**
 * How long a pause between two chunks of a block may be before the rest is asked for: learned from the longest pauses in
 * blocks that came whole, as TCP learns when to send again (RFC 6298). What had to be asked for teaches nothing, since
 * nobody knows when it would have come, and has the next one waited for twice as long (Karn's algorithm). Chunks of
 * large blocks pause longer than those of small ones, so each size from one power of two to the next learns by itself.
 */
export class Patience {
  readonly #estimates = new Map<number, Estimate>();

  /** A block came whole without being asked for; the longest pause between two of its chunks. */
  learn(blockBytes: number, pauseMs: number): void {
    const size = sizeOf(blockBytes);
    const known = this.#estimates.get(size);
    if (known === undefined)
      return void this.#estimates.set(size, { meanMs: pauseMs, deviationMs: pauseMs / 2, asked: 0 });
    const error = pauseMs - known.meanMs;
    this.#estimates.set(size, {
      meanMs: known.meanMs + GAIN * error,
      deviationMs: known.deviationMs + DEVIATION_GAIN * (Math.abs(error) - known.deviationMs),
      asked: 0,
    });
  }

  /** Chunks of a block had to be asked for. */
  asked(blockBytes: number): void {
    const size = sizeOf(blockBytes);
    const known = this.#estimates.get(size);
    if (known !== undefined) this.#estimates.set(size, { ...known, asked: known.asked + 1 });
  }

  /** The longest pause that is no reason to ask; undefined: nothing is known. */
  pauseMs(blockBytes: number): number | undefined {
    const known = this.#estimates.get(sizeOf(blockBytes));
    if (known === undefined) return undefined;
    const { meanMs, deviationMs, asked } = known;
    return Math.max(LEAST_MS, meanMs + DEVIATIONS * deviationMs) * 2 ** Math.min(asked, ASKED_MAX);
  }
}

/** Twice as long so often at most. */
const ASKED_MAX = 10;

function sizeOf(blockBytes: number): number {
  return Math.floor(Math.log2(blockBytes));
}
