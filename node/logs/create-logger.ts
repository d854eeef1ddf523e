import { destination, pino, stdTimeFunctions, type Logger } from "pino";
import { LogSpec } from "./log-spec.ts";

const STDERR = 2;

/**
 * A log of one JSON record a line on standard error; standard output is for what the user asked for. It has the level
 * that a specification has for all loggers that it does not name.
 */
export function createLogger(spec: string): Logger {
  // Written at once: what was logged last before a crash is what matters most.
  const stderr = destination({ fd: STDERR, sync: true });
  const { defaultLevel: level } = LogSpec.parse(spec);
  return pino({ level, base: null, timestamp: stdTimeFunctions.isoTime }, stderr);
}
