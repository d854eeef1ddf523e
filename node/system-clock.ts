import type { Clock } from "../gossip/ports.ts";
import { TimerQueue } from "./timer-queue.ts";

/** What `setTimeout` can count to: 24 days. */
const DELAY_MS_MAX = 2 ** 31 - 1;

/** The machine's own time: set by the wall clock once, when the process starts, and steady from then on. */
export class SystemClock implements Clock {
  readonly #tasks = new TimerQueue({
    now: () => this.now(),
    arm: (delayMs, call) => {
      const timer = setTimeout(call, Math.min(Math.ceil(delayMs), DELAY_MS_MAX));
      return { [Symbol.dispose]: () => clearTimeout(timer) };
    },
  });

  now(): number {
    return performance.timeOrigin + performance.now();
  }

  /** A task that is waiting keeps the process alive. All that wait share one of Node's timers. */
  schedule(delayMs: number, task: () => void): Disposable {
    return this.#tasks.schedule(delayMs, task);
  }
}
