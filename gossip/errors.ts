/**
 * Why a message, a request or a hand-in is refused.
 *
 * - The sender is at fault: `MALFORMED_MESSAGE` (not a message of this protocol), `BAD_SIGNATURE` (a statement not
 *   signed by its author), `NOT_ADMITTED` (its identity belongs to no admitted organisation), `NOT_A_MEMBER` (a
 *   channel message from a peer that is not known to be in that channel), `UNKNOWN_CHANNEL`, `BROKEN_PROMISE` (an
 *   answer that is not what was asked for), `BAD_CHUNK` (a chunk that its cut does not prove), `BAD_CUT` (a cut whose
 *   chunks are not the block that it names).
 * - Weather: `UNREACHABLE`, `TIMED_OUT`.
 * - The caller of the API: `OUT_OF_ORDER` (a block ahead of the ledger), `CONFLICT` (another block is held at that
 *   height), `STOPPED` (the channel has stopped).
 * - Ourselves: `INVALID_OPTION`.
 */
export type GossipErrorCode =
  | "MALFORMED_MESSAGE"
  | "BAD_SIGNATURE"
  | "NOT_ADMITTED"
  | "NOT_A_MEMBER"
  | "UNKNOWN_CHANNEL"
  | "BROKEN_PROMISE"
  | "BAD_CHUNK"
  | "BAD_CUT"
  | "UNREACHABLE"
  | "TIMED_OUT"
  | "OUT_OF_ORDER"
  | "CONFLICT"
  | "STOPPED"
  | "INVALID_OPTION";

/** Every error that `gossip/` throws itself; callers switch on `code`. */
export class GossipError extends Error {
  override readonly name = "GossipError";
  readonly code: GossipErrorCode;

  constructor(code: GossipErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
