import type { Clock } from "../ports.ts";

/** So much of its growth is known; a catch-up makes much of it in little time. */
const ENTRIES_MAX = 4_096;

/** How high a ledger was a while ago: what is held by then has had time to come to the others by other ways. */
export class HeightLog {
  readonly #clock: Clock;
  readonly #height: () => number;
  /** Oldest first: from when on the height was at least this. */
  #entries: { readonly atMs: number; readonly height: number }[] = [];
  /** When the first entry was not yet. */
  #before: number;

  constructor(clock: Clock, height: () => number) {
    this.#clock = clock;
    this.#height = height;
    this.#before = height();
  }

  /** The ledger has grown. */
  grown(): void {
    this.#entries.push({ atMs: this.#clock.now(), height: this.#height() });
    if (this.#entries.length > 2 * ENTRIES_MAX) this.#forget();
  }

  /** The height so long ago. Where that is not known any more, one of still longer ago. */
  heightAgo(ms: number): number {
    const sinceMs = this.#clock.now() - ms;
    return this.#entries.findLast(({ atMs }) => atMs <= sinceMs)?.height ?? this.#before;
  }

  #forget(): void {
    this.#before = this.#entries.at(-ENTRIES_MAX - 1)?.height ?? this.#before;
    this.#entries = this.#entries.slice(-ENTRIES_MAX);
  }
}
