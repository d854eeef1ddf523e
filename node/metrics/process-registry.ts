import { collectDefaultMetrics, Registry } from "prom-client";

let shared: Registry | undefined;

/** Metrics of the process: memory, time, event loop, garbage collection. Measured from the first call on, once. */
export function processRegistry(): Registry {
  if (shared === undefined) {
    shared = new Registry();
    collectDefaultMetrics({ register: shared });
  }
  return shared;
}
