import type { Observers } from "../peer/observers.ts";

/** Wakes those who wait for a channel's next block: once a commit or the channel's end, and nobody looks in between. */
export class CommitBell implements Disposable {
  readonly #waiting = new Map<string, Set<PromiseWithResolvers<void>>>();
  readonly #subscription: Disposable;

  constructor(observers: Observers) {
    this.#subscription = observers.add((event) => {
      if (event.kind === "block-committed") for (const { resolve } of this.#at(event.channel)) resolve();
      if (event.kind === "failed") for (const { reject } of this.#at(event.channel)) reject(event.error);
    });
  }

  /**
   * Resolves when the channel's height has grown, when the time is over, and when the signal is aborted; rejects with
   * what has stopped the channel. Who has looked at both just before, without waiting for anything else, misses nothing.
   */
  async wait(channel: string, signal: AbortSignal, timeoutMs?: number): Promise<void> {
    if (signal.aborted) return;
    const wait = Promise.withResolvers<void>();
    const wake = () => wait.resolve();
    const waiting = this.#at(channel);
    waiting.add(wait);
    const timer = timeoutMs === undefined ? undefined : setTimeout(wake, timeoutMs);
    signal.addEventListener("abort", wake);
    try {
      await wait.promise;
    } finally {
      signal.removeEventListener("abort", wake);
      clearTimeout(timer);
      waiting.delete(wait);
    }
  }

  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]();
  }

  #at(channel: string): Set<PromiseWithResolvers<void>> {
    const waiting = this.#waiting.get(channel) ?? new Set();
    this.#waiting.set(channel, waiting);
    return waiting;
  }
}
