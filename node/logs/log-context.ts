import type { PeerId } from "../../gossip/ports.ts";

/** What records are made with. */
export interface LogContext {
  /** Milliseconds, for no more than how long ago something was. */
  readonly now: () => number;
  /** What people call a peer: the name that it gives itself, else the end of its id. */
  readonly nameOf: (peer: PeerId) => string;
}

/** Kinds of records that are remembered, so that none comes twice a second. */
export const KINDS_MAX = 1_024;

/** Who knocks in vain knocks again and again, and it is known by then. */
export const DOOR_REPEAT_INTERVAL_MS = 10 * 60_000;
