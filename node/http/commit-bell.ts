import type { Observers } from "../observers.ts";

/** Wakes those who wait for a channel's next block: once a commit, and nobody looks in between. */
export class CommitBell implements Disposable {
  readonly #waiting = new Map<string, Set<() => void>>();
  readonly #subscription: Disposable;

  constructor(observers: Observers) {
    this.#subscription = observers.add((event) => {
      if (event.kind === "block-committed") for (const wake of this.#waiting.get(event.channel) ?? []) wake();
    });
  }

  /**
   * Resolves when the channel's height has grown, when the time is over, and when the signal is aborted. Who has looked
   * at the height just before, without waiting for anything else, misses no block.
   */
  async wait(channel: string, timeoutMs: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = () => resolve();
    const waiting = this.#waiting.get(channel) ?? new Set();
    this.#waiting.set(channel, waiting.add(wake));
    const timer = setTimeout(wake, timeoutMs);
    signal.addEventListener("abort", wake);
    await promise;
    signal.removeEventListener("abort", wake);
    clearTimeout(timer);
    waiting.delete(wake);
  }

  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]();
  }
}
