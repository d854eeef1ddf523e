import type { Connection } from "@libp2p/interface";
import { GossipError } from "../../gossip/errors.ts";

/** How many times a peer may send what is not this protocol before its connection is closed. */
const STRIKES_MAX = 3;

/** Whether what came is no message, and is not read on. */
export function isNoMessage(error: unknown): error is GossipError {
  return (
    error instanceof GossipError && (error.code === "MALFORMED_MESSAGE" || error.code === "FRAME_TOO_LARGE")
  );
}

/** Counts what is no fault of the weather, by connection. */
export class Strikes {
  readonly #counts = new WeakMap<Connection, number>();

  /** Closes the connection if the error is the sender's fault and not its first. */
  count(connection: Connection, error: unknown): void {
    if (!isNoMessage(error)) return;
    const count = (this.#counts.get(connection) ?? 0) + 1;
    this.#counts.set(connection, count);
    if (count >= STRIKES_MAX) connection.abort(error);
  }
}
