import { BoundedMap } from "./bounded-map.ts";

/** Nothing is logged again within this time. */
export const REPEAT_INTERVAL_MS = 1_000;

interface Seen {
  readonly sinceMs: number;
  readonly suppressed: number;
}

/**
 * Lets one thing of a kind through in an interval, and counts the others. It remembers a bounded number of kinds; one
 * that it has forgotten may come through early.
 */
export class RepeatFilter {
  readonly #intervalMs: number;
  readonly #seen: BoundedMap<string, Seen>;

  constructor(intervalMs: number, kindsMax: number) {
    this.#intervalMs = intervalMs;
    this.#seen = new BoundedMap(kindsMax);
  }

  /** How many of this kind were held back since the last one that came through; undefined: this one is held back. */
  pass(kind: string, nowMs: number): number | undefined {
    const seen = this.#seen.get(kind);
    if (seen !== undefined && nowMs - seen.sinceMs < this.#intervalMs) {
      this.#seen.set(kind, { ...seen, suppressed: seen.suppressed + 1 });
      return undefined;
    }
    this.#seen.set(kind, { sinceMs: nowMs, suppressed: 0 });
    return seen?.suppressed ?? 0;
  }
}
