import type { BlockRange } from "../wire/messages.ts";

/** The numbers of the blocks that one peer is still to get, lowest first; a bounded number of them. */
export class MailBox {
  /** How often the peer was tried since anything has got on. */
  attempts = 0;
  isTrying = false;
  /** Whether it could be reached when that was last looked at. */
  wasActive = false;
  /** Whether anything was dropped since it was last empty. */
  hasOverflowed = false;
  timer: Disposable | undefined;
  readonly #numbersMax: number;
  #numbers: number[] = [];
  #newest = -1;

  constructor(numbersMax: number) {
    this.#numbersMax = numbersMax;
  }

  get size(): number {
    return this.#numbers.length;
  }

  /**
   * Adds a block, if it is above all that have been added. dropped: there is no room. The oldest are kept, since the
   * receiver needs them in order.
   */
  add(number: number): "added" | "known" | "dropped" {
    if (number <= this.#newest) return "known";
    this.#newest = number;
    if (this.#numbers.length >= this.#numbersMax) return "dropped";
    this.#numbers.push(number);
    return "added";
  }

  /** The peer holds all below this height. Returns how many of those were waiting. */
  settle(height: number): number {
    const before = this.#numbers.length;
    this.#numbers = this.#numbers.filter((number) => number >= height);
    return before - this.#numbers.length;
  }

  /** What is waiting, as ranges. */
  ranges(): readonly BlockRange[] {
    const ranges: { first: number; end: number }[] = [];
    for (const number of this.#numbers) {
      const last = ranges.at(-1);
      if (last?.end === number) last.end++;
      else ranges.push({ first: number, end: number + 1 });
    }
    return ranges;
  }
}
