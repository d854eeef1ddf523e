import { GossipError } from "../errors.ts";
import { ANTI_ENTROPY_MODES, type AntiEntropyMode, type GossipOptions } from "../options.ts";

/** What of anti-entropy can be changed while a peer runs. */
export interface AntiEntropySettings {
  /** Whether anything is asked for here. Who asks is answered all the same. */
  readonly enabled: boolean;
  readonly mode: AntiEntropyMode;
  readonly intervalMs: number;
}

/** Longer pauses are as good as none. */
const INTERVAL_MS_MAX = 24 * 60 * 60 * 1_000;

/** As the options have them, to begin with. */
export function antiEntropySettings(options: GossipOptions): AntiEntropySettings {
  const { antiEntropy, antiEntropyMode, antiEntropyIntervalMs } = options;
  return { enabled: antiEntropy, mode: antiEntropyMode, intervalMs: antiEntropyIntervalMs };
}

/** @throws GossipError `INVALID_OPTION` that names what is wrong and what is allowed. */
export function checkAntiEntropySettings({ mode, intervalMs }: AntiEntropySettings): void {
  if (!ANTI_ENTROPY_MODES.includes(mode)) {
    const allowed = ANTI_ENTROPY_MODES.join(", ");
    throw new GossipError("INVALID_OPTION", `the mode is ${JSON.stringify(mode)}; allowed are ${allowed}`);
  }
  if (Number.isSafeInteger(intervalMs) && intervalMs >= 1 && intervalMs <= INTERVAL_MS_MAX) return;
  throw new GossipError(
    "INVALID_OPTION",
    `the interval is ${intervalMs} ms; allowed is a whole number from 1 to ${INTERVAL_MS_MAX}`,
  );
}
