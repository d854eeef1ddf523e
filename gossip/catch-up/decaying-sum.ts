/** A sum that forgets: what was added so long ago counts a third of what is added now. */
const MEMORY_MS = 10_000;

/** What has been added of late. */
export class DecayingSum {
  #sum = 0;
  #atMs = 0;

  /** The sum as it stands at a time, which never goes back. */
  at(nowMs: number): number {
    return this.#sum * Math.exp((this.#atMs - nowMs) / MEMORY_MS);
  }

  add(amount: number, nowMs: number): void {
    this.#sum = this.at(nowMs) + amount;
    this.#atMs = nowMs;
  }

  /** What a steady stream to the sum has in a second. */
  perSecondAt(nowMs: number): number {
    return (1_000 * this.at(nowMs)) / MEMORY_MS;
  }
}
