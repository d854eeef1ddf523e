import type { Logger } from "pino";
import { REPEAT_INTERVAL_MS, RepeatFilter } from "../repeat-filter.ts";

/** Failures that are remembered, so that none is told twice a second. */
const FAILURES_MAX = 64;

/** Tells of requests to the API that failed by this peer's own fault. */
export function logFailures(
  logger: Logger,
): (error: { readonly code: string; readonly message: string }) => void {
  const repeats = new RepeatFilter(REPEAT_INTERVAL_MS, FAILURES_MAX);
  return ({ code, message }) => {
    const suppressed = repeats.pass(`${code} ${message}`, performance.now());
    if (suppressed === undefined) return;
    logger.error({ code, ...(suppressed === 0 ? {} : { suppressed }) }, `API: ${message}`);
  };
}
