import { ChainError, type ChainErrorCode } from "../../chain/errors.ts";
import { GossipError, isAdmissionCode, type GossipErrorCode } from "../../gossip/errors.ts";
import type { ApiProblem } from "./api-types.ts";
import { NodeError, type NodeErrorCode } from "../errors.ts";

/** The media type of problem details (RFC 9457). */
export const PROBLEM_TYPE = "application/problem+json";

/** What is told of anything that was thrown; what is not known is a 500 that tells no more than its message. */
export function problemOf(error: unknown): ApiProblem {
  if (error instanceof ChainError || error instanceof GossipError || error instanceof NodeError)
    return problem(statusOf(error.code), error.code, error.message);
  const status = error instanceof Error && "statusCode" in error ? Number(error.statusCode) : 500;
  const message = error instanceof Error ? error.message : String(error);
  return problem(status, status < 500 ? "BAD_REQUEST" : "INTERNAL", validationDetail(message));
}

/** The framework's message for a query that is not as its schema says, in the words of who has asked. */
function validationDetail(message: string): string {
  return message.replace(/^querystring\/(\S*) /, (_, name: string) => `the query${name && `'s ${name}`}: `);
}

function problem(status: number, code: string, detail: string): ApiProblem {
  const hint = HINT_BY_CODE[code as ErrorCode];
  return {
    type: `urn:blockgossip:problem:${code}`,
    title: titleOf(code),
    status,
    detail,
    code,
    ...(hint === undefined ? {} : { hint }),
  };
}

/** `BLOCK_TOO_LARGE` as "Block too large". */
function titleOf(code: string): string {
  return code.slice(0, 1) + code.slice(1).toLowerCase().replaceAll("_", " ");
}

type ErrorCode = ChainErrorCode | GossipErrorCode | NodeErrorCode;

function statusOf(code: ErrorCode): number {
  // Another peer that is not let in is no fault of the caller, nor of this peer.
  return STATUS_BY_CODE[code] ?? (isAdmissionCode(code) ? 502 : 500);
}

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

/** The next step, where there is one that the message does not name. */
const HINT_BY_CODE: Readonly<Partial<Record<ErrorCode, string>>> = {
  BAD_REQUEST: "GET /openapi.json has what each request takes",
  UNAUTHENTICATED:
    "send a token as Authorization: Bearer TOKEN (blockgossip token create makes one), or show a client certificate",
  RIGHT_MISSING: "use a token of that right: blockgossip token create --right …",
  FORBIDDEN: "use one of the API's own names; the settings apiHosts and apiOrigins allow further ones",
  NOT_HELD: "GET /v1/channels/NAME has the height; blocks have the numbers below it",
  OUT_OF_ORDER: "hand in the blocks before it first",
  CONFLICT:
    "the channel's orderers have signed two blocks of that number; GET /v1/channels/NAME has both hashes",
  BLOCK_TOO_LARGE: "the setting blockBytesMax allows larger ones",
  UNSATISFIED_POLICY: "the block must be signed by the channel's orderers: blockgossip channel show",
  RATE_LIMITED: "wait a second and try again",
  UNREACHABLE: "see that a peer listens there: blockgossip doctor",
  LEDGER_CORRUPT: "blockgossip repair mends it from the other peers",
  STOPPED: "see the peer's log and its disk, then start it again",
  LEDGER_CLOSED: "see the peer's log and its disk, then start it again",
  BUSY: "try again later or at another peer; the setting followersMax allows more",
  TOO_SLOW: "follow again from the last one that was seen",
};
