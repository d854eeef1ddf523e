import { ANSWER_BLOCKS_MAX } from "./entropy-codec.ts";
import type { BlockRange, Digest } from "../wire/messages.ts";

/** Which blocks a peer asks for: what its digest lacks below an end. */
export class BlockRequest {
  readonly #height: number;
  readonly #early: ReadonlySet<number>;
  readonly #end: number;

  /** Nothing is asked for where the end is not above the height. */
  constructor({ height, early }: Pick<Digest, "height" | "early">, end: number) {
    this.#height = height;
    this.#early = new Set(early);
    this.#end = end;
  }

  /** Of the ledger that is asked for. */
  get height(): number {
    return this.#height;
  }

  asksFor(number: number): boolean {
    return number >= this.#height && number < this.#end && !this.#early.has(number);
  }

  /** The lowest block that is asked for and that a ledger of this height holds; undefined: there is none. */
  firstBelow(height: number): number | undefined {
    for (const number of this.numbersBelow(height)) return number;
    return undefined;
  }

  /** The numbers of `rangesBelow`. */
  *numbersBelow(height: number): Generator<number, undefined> {
    for (const { first, end } of this.rangesBelow(height))
      for (let number = first; number < end; number++) yield number;
  }

  /** What is asked for and held, lowest first, at most as many as an answer has: in the ledger, and early above it. */
  *held({ height, early }: Pick<Digest, "height" | "early">): Generator<BlockRange> {
    let count = 0;
    for (const range of this.rangesBelow(height)) {
      count += range.end - range.first;
      yield range;
    }
    for (const number of early) {
      if (number < height || !this.asksFor(number) || count++ >= ANSWER_BLOCKS_MAX) continue;
      yield { first: number, end: number + 1 };
    }
  }

  /** What is asked for of a ledger of this height. Whatever the digest says, it takes no longer than an answer can be. */
  *rangesBelow(height: number): Generator<BlockRange> {
    const end = Math.min(height, this.#end);
    let left = ANSWER_BLOCKS_MAX;
    for (let first = this.#height; first < end && left > 0; first++) {
      if (this.#early.has(first)) continue;
      const start = first;
      while (first < end && first - start < left && !this.#early.has(first)) first++;
      left -= first - start;
      yield { first: start, end: first };
    }
  }
}
