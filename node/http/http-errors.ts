import { ChainError, type ChainErrorCode } from "../../chain/errors.ts";
import { GossipError, isAdmissionCode, type GossipErrorCode } from "../../gossip/errors.ts";
import { NodeError, type NodeErrorCode } from "../errors.ts";

/** What went wrong, as the HTTP API tells it. */
export interface HttpError {
  readonly status: number;
  readonly body: { readonly error: { readonly code: string; readonly message: string } };
}

/** The HTTP error for anything that was thrown; what is not known is a 500 that tells no more than its message. */
export function httpError(error: unknown): HttpError {
  if (error instanceof ChainError || error instanceof GossipError || error instanceof NodeError) {
    return httpErrorOf(error.code, error.message);
  }
  const status = error instanceof Error && "statusCode" in error ? Number(error.statusCode) : 500;
  const code = status < 500 ? "BAD_REQUEST" : "INTERNAL";
  const message = error instanceof Error ? error.message : String(error);
  return { status, body: { error: { code, message } } };
}

function httpErrorOf(code: ErrorCode, message: string): HttpError {
  // Another peer that is not let in is no fault of the caller, nor of this peer.
  return {
    status: STATUS_BY_CODE[code] ?? (isAdmissionCode(code) ? 502 : 500),
    body: { error: { code, message } },
  };
}

type ErrorCode = ChainErrorCode | GossipErrorCode | NodeErrorCode;

/** A code that is not here is our own fault, so 500. */
const STATUS_BY_CODE: Readonly<Partial<Record<ErrorCode, number>>> = {
  BAD_REQUEST: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  RIGHT_MISSING: 403,
  NOT_FOUND: 404,
  NOT_HELD: 404,
  CONFLICT: 409,
  OUT_OF_ORDER: 409,
  BLOCK_TOO_LARGE: 413,
  MALFORMED_BLOCK: 422,
  WRONG_NUMBER: 422,
  WRONG_CHANNEL: 422,
  MALFORMED_TRANSACTION: 422,
  WRONG_DATA_HASH: 422,
  BROKEN_LINK: 422,
  MISSING_METADATA: 422,
  UNSATISFIED_POLICY: 422,
  SUPERSEDED_CONFIG: 422,
  MALFORMED_CONFIG: 422,
  INVALID_EVENT: 422,
  RATE_LIMITED: 429,
  UNREACHABLE: 502,
  TURNED_AWAY: 502,
  LEDGER_CLOSED: 503,
  STOPPED: 503,
  BUSY: 503,
};
