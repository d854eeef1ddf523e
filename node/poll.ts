import { setTimeout as pause } from "node:timers/promises";

/** How often, and for how long, {@link poll} asks. */
export interface PollOptions {
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

/**
 * Asks again and again until there is an answer; undefined when the time is over. Rejects when the question does, and
 * when the signal is aborted.
 */
export async function poll<T>(
  ask: () => Promise<T | undefined>,
  { intervalMs, timeoutMs }: PollOptions,
  signal?: AbortSignal,
): Promise<T | undefined> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() >= deadlineMs) return undefined;
    await pause(intervalMs, undefined, signal === undefined ? {} : { signal });
  }
}
