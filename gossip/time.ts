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
 * Runs a task that must end within the time, which begins anew each time it calls `heard`; its signal is aborted when
 * the time is over.
 *
 * @throws GossipError `TIMED_OUT`, whether or not the task heeds the signal.
 */
export async function within<T>(
  clock: Clock,
  timeoutMs: number,
  task: (signal: AbortSignal, heard: () => void) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let timer: Disposable | undefined;
  let heardMs = clock.now();
  const timeout = Promise.withResolvers<never>();
  const look = () => {
    const leftMs = heardMs + timeoutMs - clock.now();
    if (leftMs > 0) {
      timer = clock.schedule(leftMs, look);
      return;
    }
    const error = new GossipError("TIMED_OUT", `no answer within ${timeoutMs} ms`);
    controller.abort(error);
    timeout.reject(error);
  };
  look();
  const heard = () => {
    heardMs = clock.now();
  };
  try {
    return await Promise.race([task(controller.signal, heard), timeout.promise]);
  } finally {
    timer?.[Symbol.dispose]();
  }
}

/** Resolves after the time. */
export function pause(clock: Clock, durationMs: number): Promise<void> {
  return new Promise((resolve) => void clock.schedule(durationMs, resolve));
}
