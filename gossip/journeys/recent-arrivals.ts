import { ARRIVALS_MAX, type Arrival } from "./arrival.ts";

/** Arrivals by their blocks' numbers; those of the highest are kept, `ARRIVALS_MAX` at most. */
export class RecentArrivals {
  readonly #arrivals = new Map<number, Arrival>();

  get(number: number): Arrival | undefined {
    return this.#arrivals.get(number);
  }

  /** In the place of what there is of that block. */
  set(arrival: Arrival): void {
    this.#arrivals.set(arrival.number, arrival);
    if (this.#arrivals.size > ARRIVALS_MAX) this.#arrivals.delete(Math.min(...this.#arrivals.keys()));
  }

  /** Those of this number and above, lowest first. */
  from(first: number): readonly Arrival[] {
    const arrivals = [...this.#arrivals.values()].filter(({ number }) => number >= first);
    return arrivals.sort((a, b) => a.number - b.number);
  }
}
