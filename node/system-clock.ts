import type { Clock } from "../gossip/ports.ts";

/** What `setTimeout` can count to: 24 days. */
const DELAY_MS_MAX = 2 ** 31 - 1;

/** The machine's own time: set by the wall clock once, when the process starts, and steady from then on. */
export class SystemClock implements Clock {
  now(): number {
    return performance.timeOrigin + performance.now();
  }

  /** A delay of more than 24 days counts as 24 days. A task that is waiting keeps the process alive. */
  schedule(delayMs: number, task: () => void): Disposable {
    const timer = setTimeout(task, Math.min(Math.ceil(delayMs), DELAY_MS_MAX));
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  }
}
