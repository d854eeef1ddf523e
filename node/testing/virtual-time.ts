import type { VirtualClock } from "./simulator/virtual-clock.ts";

/** What somebody waits for. */
interface Wait {
  readonly isOver: () => boolean;
  readonly over: () => void;
}

/** Lets virtual time pass while somebody waits for something. Any number may wait at once: time is the same for all. */
export class VirtualTime {
  readonly #clock: VirtualClock;
  readonly #waits = new Set<Wait>();
  #isPassing = false;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  /** Lets time pass until the condition holds, or for `limitMs`. Whether it holds then. */
  async until(condition: () => boolean, limitMs: number): Promise<boolean> {
    let isLate = false;
    // While somebody waits there is something to come, if only this.
    using _limit = this.#clock.schedule(limitMs, () => {
      isLate = true;
    });
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waits.add({ isOver: () => isLate || condition(), over: resolve });
    if (!this.#isPassing) this.#pass().catch(() => undefined);
    await promise;
    return condition();
  }

  /** Lets this much time pass. */
  async run(durationMs: number): Promise<void> {
    await this.until(() => false, durationMs);
  }

  async #pass(): Promise<void> {
    this.#isPassing = true;
    // Who has waited may wait for the next thing at once.
    while (this.#waits.size > 0) await this.#clock.runWhile(() => this.#isAwaited());
    this.#isPassing = false;
  }

  #isAwaited(): boolean {
    for (const wait of this.#waits) {
      if (!wait.isOver()) continue;
      this.#waits.delete(wait);
      wait.over();
    }
    return this.#waits.size > 0;
  }
}
