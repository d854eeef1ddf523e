/**
 * Why a message, a request or a hand-in is refused.
 *
 * - The sender is at fault: `MALFORMED_MESSAGE` (not a message of this protocol), `FRAME_TOO_LARGE` (more than is read
 *   here; others may allow larger blocks), `BAD_SIGNATURE` (a statement not
 *   signed by its author), `IMPERSONATION` (it speaks for another where only its own word counts), `NOT_A_MEMBER` (a
 *   channel message from a peer that is not known to be in that channel), `UNKNOWN_CHANNEL`, `BROKEN_PROMISE` (an
 *   answer that is not what was asked for), `BAD_CHUNK` (a chunk that its cut does not prove), `BAD_CUT` (a cut whose
 *   chunks are not the block that it names), `CLOCK_AHEAD` (a statement of a time that is far from having come),
 *   `UNSOLICITED` (an answer that nobody, or nobody any more, waits for), `EXCESSIVE_SPREAD` (a chunk to be passed on to
 *   more peers than its sender may ask, as the network is seen from here).
 * - It is not let in: the {@link AdmissionCode}s.
 * - Weather: `UNREACHABLE`, `TIMED_OUT`, `TURNED_AWAY` (the other side does not let us in), `NOT_HELD` (a peer does not
 *   hold what it once said that it does).
 * - Too much at once: `RATE_LIMITED` (the sender asks for more than it is given, or the caller of the API sends more
 *   user events than others would take).
 * - The caller of the API: `OUT_OF_ORDER` (a block ahead of the ledger), `CONFLICT` (another block is held at that
 *   height), `STOPPED` (the channel has stopped), `INVALID_EVENT` (a user event that no peer would take).
 * - Ourselves: `INVALID_OPTION`.
 */
export type GossipErrorCode =
  | "MALFORMED_MESSAGE"
  | "FRAME_TOO_LARGE"
  | "BAD_SIGNATURE"
  | "IMPERSONATION"
  | "CLOCK_AHEAD"
  | "UNSOLICITED"
  | "EXCESSIVE_SPREAD"
  | AdmissionCode
  | "NOT_A_MEMBER"
  | "UNKNOWN_CHANNEL"
  | "BROKEN_PROMISE"
  | "BAD_CHUNK"
  | "BAD_CUT"
  | "UNREACHABLE"
  | "TIMED_OUT"
  | "TURNED_AWAY"
  | "NOT_HELD"
  | "OUT_OF_ORDER"
  | "CONFLICT"
  | "STOPPED"
  | "INVALID_EVENT"
  | "RATE_LIMITED"
  | "INVALID_OPTION";

/**
 * Why a peer is not let in: `NO_IDENTITY` (it shows none), `MALFORMED_IDENTITY`, `UNKNOWN_ORGANISATION` (it names one
 * of no joined channel), `INVALID_CERTIFICATE` (the organisation's CAs did not issue it, or not for this),
 * `EXPIRED_CERTIFICATE`, `REVOKED_CERTIFICATE`, `WRONG_PEER` (it was made for another peer id), `BAD_PROOF` (it does
 * not hold the certificate's key), `NO_HANDSHAKE` (it does not prove itself in time), `HIDDEN` (we are not to be seen outside our organisation), `CUT_OFF` (it has lied
 * too often), `NOT_ADMITTED` (there is no room).
 */
export type AdmissionCode = (typeof ADMISSION_CODES)[number];

const ADMISSION_CODES = [
  "NO_IDENTITY",
  "MALFORMED_IDENTITY",
  "UNKNOWN_ORGANISATION",
  "INVALID_CERTIFICATE",
  "EXPIRED_CERTIFICATE",
  "REVOKED_CERTIFICATE",
  "WRONG_PEER",
  "BAD_PROOF",
  "NO_HANDSHAKE",
  "HIDDEN",
  "CUT_OFF",
  "NOT_ADMITTED",
] as const;

/** Whether the code says why a peer is not let in. */
export function isAdmissionCode(code: string): code is AdmissionCode {
  return ADMISSION_CODES.some((known) => known === code);
}

/** Every error that `gossip/` throws itself; callers switch on `code`. */
export class GossipError extends Error {
  override readonly name = "GossipError";
  readonly code: GossipErrorCode;

  constructor(code: GossipErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The error for a peer that asks for more than it is given now. */
export function rateLimited(peer: string): GossipError {
  return new GossipError("RATE_LIMITED", `${peer} asks for more than it is given now`);
}
