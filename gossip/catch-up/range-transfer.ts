import type { Block } from "../../chain/block.ts";
import type { BlockRange } from "../wire/messages.ts";
import type { PeerId } from "../ports.ts";

/** A range on its way from one peer. */
export class RangeTransfer {
  readonly source: PeerId;
  readonly range: BlockRange;
  /** Another peer has been asked for the rest as well. */
  isOvertaken = false;
  readonly #givenUp = new AbortController();
  /** The first block that has not come. */
  #next: number;
  #firstMs: number | undefined;
  #heardMs: number;

  constructor(source: PeerId, range: BlockRange, startMs: number) {
    this.source = source;
    this.range = range;
    this.#next = range.first;
    this.#heardMs = startMs;
  }

  /** What has not come yet. */
  get rest(): BlockRange {
    return { first: this.#next, end: this.range.end };
  }

  /** When the last block came, or else when the range was asked for. */
  get heardMs(): number {
    return this.#heardMs;
  }

  /** How long a block takes, as it looks at this time; undefined before the first. */
  msPerBlock(nowMs: number): number | undefined {
    if (this.#firstMs === undefined) return undefined;
    return (nowMs - this.#firstMs) / Math.max(1, this.#next - this.range.first - 1);
  }

  /** Aborted when the range is no longer wanted from this peer. */
  get signal(): AbortSignal {
    return this.#givenUp.signal;
  }

  received(block: Block, nowMs: number): void {
    this.#next = block.number + 1;
    this.#firstMs ??= nowMs;
    this.#heardMs = nowMs;
  }

  giveUp(): void {
    this.#givenUp.abort();
  }
}
