import type { Clock } from "./ports.ts";

/** Tasks that are due later, all of which can be given up at once. */
export class Timers implements Disposable {
  readonly #clock: Clock;
  readonly #timers = new Set<Disposable>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs the task after so long, unless given up before. */
  after(delayMs: number, task: () => void): void {
    const timer = this.#clock.schedule(delayMs, () => {
      this.#timers.delete(timer);
      task();
    });
    this.#timers.add(timer);
  }

  /** Gives up all that has not run. */
  [Symbol.dispose](): void {
    for (const timer of this.#timers) timer[Symbol.dispose]();
    this.#timers.clear();
  }
}
