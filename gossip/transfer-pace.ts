import type { RangeTransfer } from "./range-transfer.ts";

/** Each new value counts for a quarter. */
const WEIGHT = 0.25;

/** A range may take this many times as long as ranges of late have taken, and a moment more. */
const LATE_FACTOR = 3;
const LATE_GRACE_MS = 500;

/** A source may say nothing for so long, and for as long as a block of the usual size takes on a slow link. */
const SILENCE_MS = 1_000;

/** How large blocks are and how fast ranges come, as far as is known: moving averages. */
export class TransferPace {
  readonly #bytesPerSecondMin: number;
  #blockBytes: number | undefined;
  #msPerBlock: number | undefined;

  /** @param bytesPerSecondMin of a slow link that is still waited for. */
  constructor(bytesPerSecondMin: number) {
    this.#bytesPerSecondMin = bytesPerSecondMin;
  }

  /** Bytes of a block; undefined before the first. */
  get blockBytes(): number | undefined {
    return this.#blockBytes;
  }

  received(blockBytes: number): void {
    this.#blockBytes = average(this.#blockBytes, blockBytes);
  }

  /** A range has come, of which there were so many blocks. */
  ended(transfer: RangeTransfer, nowMs: number): void {
    const blocks = transfer.rest.first - transfer.range.first;
    if (blocks > 0) this.#msPerBlock = average(this.#msPerBlock, (nowMs - transfer.startMs) / blocks);
  }

  /** Whether another peer should be asked as well. */
  isLate({ range, startMs, heardMs }: RangeTransfer, nowMs: number): boolean {
    const silenceMs = SILENCE_MS + (1_000 * (this.#blockBytes ?? 0)) / this.#bytesPerSecondMin;
    if (nowMs - heardMs >= silenceMs) return true;
    if (this.#msPerBlock === undefined) return false;
    const usualMs = this.#msPerBlock * (range.end - range.first);
    return nowMs - startMs >= LATE_GRACE_MS + LATE_FACTOR * usualMs;
  }
}

function average(before: number | undefined, value: number): number {
  return before === undefined ? value : before + WEIGHT * (value - before);
}
