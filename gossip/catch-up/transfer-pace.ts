import type { RangeTransfer } from "./range-transfer.ts";

/** Each new value counts for a quarter. */
const WEIGHT = 0.25;

/** The rest of a range may take this many times as long as others of late, and a moment more. */
const SLOW_FACTOR = 3;
const SLOW_GRACE_MS = 500;

/** A source may say nothing for so long, and for as long as a block of the usual size takes on a slow link. */
const SILENCE_MS = 1_000;

/** How large blocks are and how fast they come, as far as is known: moving averages. */
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

  /** The range has come, or what there was of it. */
  ended(transfer: RangeTransfer): void {
    const msPerBlock = transfer.msPerBlock(transfer.heardMs);
    if (msPerBlock !== undefined) this.#msPerBlock = average(this.#msPerBlock, msPerBlock);
  }

  /** Whether the rest of the range would come much sooner from another peer. */
  isSlow(transfer: RangeTransfer, nowMs: number): boolean {
    const msPerBlock = transfer.msPerBlock(nowMs);
    if (msPerBlock === undefined || this.#msPerBlock === undefined) return false;
    const { first, end } = transfer.rest;
    return (end - first) * (msPerBlock - SLOW_FACTOR * this.#msPerBlock) > SLOW_GRACE_MS;
  }

  /** Whether a source that was last heard at that time should have said something. */
  isSilent(heardMs: number, nowMs: number): boolean {
    return nowMs - heardMs >= SILENCE_MS + (1_000 * (this.#blockBytes ?? 0)) / this.#bytesPerSecondMin;
  }
}

function average(before: number | undefined, value: number): number {
  return before === undefined ? value : before + WEIGHT * (value - before);
}
