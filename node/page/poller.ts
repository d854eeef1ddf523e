/** How soon after an answer the next is asked for. */
const INTERVAL_MS = 1_000;
/** Twice as long after each failure, up to this. */
const FAILURE_MS_MAX = 15_000;
/** While nobody sees the page. */
const HIDDEN_INTERVAL_MS = 15_000;

/**
 * Runs the task again and again, one at a time, until disposed of: about once a second, less often while it fails or
 * while the page is hidden. What it rejects with goes to `onFailure`.
 */
export function poll(
  task: (signal: AbortSignal) => Promise<void>,
  onFailure: (error: unknown) => void,
): Disposable {
  const controller = new AbortController();
  const { signal } = controller;
  void run(task, onFailure, signal);
  return { [Symbol.dispose]: () => controller.abort() };
}

async function run(
  task: (signal: AbortSignal) => Promise<void>,
  onFailure: (error: unknown) => void,
  signal: AbortSignal,
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      await task(signal);
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      failures++;
      onFailure(error);
    }
    const delayMs = Math.min(INTERVAL_MS * 2 ** failures, FAILURE_MS_MAX);
    await pause(document.hidden ? HIDDEN_INTERVAL_MS : delayMs, signal);
  }
}

/** Ends early when the page is shown again, or the signal is aborted. */
function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, delayMs);
  signal.addEventListener("abort", () => resolve(), { signal: over.signal });
  document.addEventListener("visibilitychange", () => !document.hidden && resolve(), { signal: over.signal });
  return promise.finally(() => {
    clearTimeout(timer);
    over.abort();
  });
}
