import type { GossipEvent } from "../events.ts";
import type { Clock } from "../ports.ts";
import { ARRIVALS_MAX, type Arrival } from "./arrival.ts";
import { RecentArrivals } from "./recent-arrivals.ts";

/** How the last blocks came here: made of what the channel's parts tell anyway. */
export class ArrivalLog {
  readonly #clock: Clock;
  readonly #arrivals = new RecentArrivals();
  /** Blocks that have been announced or have come in part, and are not verified yet: since when. Anybody can make one up. */
  readonly #coming = new Map<number, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  note(event: GossipEvent): void {
    if (event.kind === "block-announced") this.#heardOf(event.number);
    else if (event.kind === "block-received" && !event.duplicate) this.#heardOf(event.number);
    else if (event.kind === "block-verified") this.#verified(event);
    else if (event.kind === "block-committed") this.#committed(event.number);
  }

  /** Those of this number and above, lowest first. */
  from(first: number): readonly Arrival[] {
    return this.#arrivals.from(first);
  }

  /** The first sign of a block. */
  #heardOf(number: number): void {
    if (this.#coming.has(number) || this.#arrivals.get(number) !== undefined) return;
    this.#coming.set(number, this.#nowUs());
    for (const oldest of this.#coming.keys()) {
      if (this.#coming.size <= ARRIVALS_MAX) return;
      this.#coming.delete(oldest);
    }
  }

  #verified({ number, hash, from, origin }: Extract<GossipEvent, { kind: "block-verified" }>): void {
    const verifiedUs = this.#nowUs();
    const receivedUs = this.#coming.get(number) ?? verifiedUs;
    this.#coming.delete(number);
    this.#arrivals.set({ number, hash, from, origin, receivedUs, verifiedUs, committedUs: undefined });
  }

  #committed(number: number): void {
    const arrival = this.#arrivals.get(number);
    if (arrival !== undefined) this.#arrivals.set({ ...arrival, committedUs: this.#nowUs() });
  }

  #nowUs(): number {
    return Math.round(1_000 * this.#clock.now());
  }
}
