import { GossipError } from "./errors.ts";
import type { Clock, Random } from "./ports.ts";

/**
 * Runs the task again and again until disposed of. The pause before each run is drawn from ±10 % of the interval,
 * so that peers started together do not stay in step; the interval is asked for anew each time.
 */
export function every(clock: Clock, random: Random, intervalMs: () => number, task: () => void): Disposable {
  let stopped = false;
  let timer: Disposable | undefined;
  const arm = () => {
    timer = clock.schedule(intervalMs() * (0.9 + 0.2 * random()), () => {
      task();
      if (!stopped) arm();
    });
  };
  arm();
  return {
    [Symbol.dispose]() {
      stopped = true;
      timer?.[Symbol.dispose]();
    },
  };
}

/**
 * Runs a task that must end within the time; its signal is aborted when the time is over.
 *
 * @throws GossipError `TIMED_OUT`, whether or not the task heeds the signal.
 */
export async function within<T>(
  clock: Clock,
  timeoutMs: number,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let timer: Disposable | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = clock.schedule(timeoutMs, () => {
      const error = new GossipError("TIMED_OUT", `no answer within ${timeoutMs} ms`);
      controller.abort(error);
      reject(error);
    });
  });
  try {
    return await Promise.race([task(controller.signal), timeout]);
  } finally {
    timer?.[Symbol.dispose]();
  }
}
