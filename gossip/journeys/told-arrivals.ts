import type { Arrival } from "./arrival.ts";
import { RecentArrivals } from "./recent-arrivals.ts";

/** What one other peer has told of how blocks came to it. */
export class ToldArrivals {
  readonly #arrivals = new RecentArrivals();
  /** The lowest number that it has answered for. */
  #askedFrom = Infinity;
  /** Above the last block that it said is durable there: blocks become durable in order, and that is final. */
  #next = 0;

  /** From which block on to ask, of those that are wanted from `first` on. */
  missing(first: number): number {
    return first < this.#askedFrom ? first : Math.max(first, this.#next);
  }

  /** It has answered for the blocks from `first` to `end`, `end` not included; of others nothing was asked. */
  add(first: number, end: number, arrivals: readonly Arrival[]): void {
    this.#askedFrom = Math.min(this.#askedFrom, first);
    for (const arrival of arrivals) {
      if (arrival.number < first || arrival.number >= end) continue;
      this.#arrivals.set(arrival);
      if (arrival.committedUs !== undefined) this.#next = Math.max(this.#next, arrival.number + 1);
    }
  }

  /** Those of this number and above, lowest first. */
  from(first: number): readonly Arrival[] {
    return this.#arrivals.from(first);
  }
}
