import type { ApiProblem } from "./http/api-types.ts";

/**
 * What can go wrong in the process around the protocol.
 *
 * - Before the start: `CONFIG_INVALID` (a setting that is not allowed), `FILE_UNREADABLE` (a file or folder that is
 *   missing, unreadable or not what it should be), `FILE_UNWRITABLE`, `MSP_INVALID` (a folder that is no usable MSP
 *   folder), `ORDERER_INVALID` (an orderer's folder that cannot sign, or not what it is asked to), `NETWORK_EXISTS`
 *   (a folder that is not empty), `PORT_TAKEN` (the address is in use), `DATA_FORMAT` (a data folder that a newer
 *   version of the program wrote, or whose format is damaged).
 * - With certificates: `AUTHORITY_INVALID` (a folder that is no usable certificate authority), `CERTIFICATE_INVALID`
 *   (a certificate or a request that is not what it should be, or not the authority's).
 * - Towards the HTTP API: `API_UNREACHABLE`, `REJECTED` (it said no), `TIMED_OUT`.
 * - In the HTTP API: `BAD_REQUEST` (a request that means nothing), `FORBIDDEN` (it comes from a web page),
 *   `UNAUTHENTICATED` (no credentials, or none that are known), `RIGHT_MISSING` (they do not allow it), `NOT_FOUND`,
 *   `BUSY` (as many follow the blocks or events as may; or others sign with the same orderers), `TOO_SLOW` (who
 *   follows them does not keep up).
 * - In the library: `CHECKPOINT_INVALID` (a consumer's name, file or block that can be no checkpoint).
 * - In a network on this machine: `PEER_DIED` (a peer's process ended by itself).
 */
export type NodeErrorCode =
  | "CONFIG_INVALID"
  | "FILE_UNREADABLE"
  | "FILE_UNWRITABLE"
  | "MSP_INVALID"
  | "ORDERER_INVALID"
  | "AUTHORITY_INVALID"
  | "CERTIFICATE_INVALID"
  | "NETWORK_EXISTS"
  | "PORT_TAKEN"
  | "DATA_FORMAT"
  | "API_UNREACHABLE"
  | "REJECTED"
  | "TIMED_OUT"
  | "BAD_REQUEST"
  | "FORBIDDEN"
  | "UNAUTHENTICATED"
  | "RIGHT_MISSING"
  | "NOT_FOUND"
  | "BUSY"
  | "TOO_SLOW"
  | "CHECKPOINT_INVALID"
  | "PEER_DIED";

/** Every error that `node/` throws; callers switch on `code`. */
export class NodeError extends Error {
  override readonly name = "NodeError";
  readonly code: NodeErrorCode;

  constructor(code: NodeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What an API said, that refused something: `NOT_FOUND` where that is not there, else `REJECTED`. */
export class RejectedError extends NodeError {
  readonly problem: ApiProblem;

  constructor(url: string, problem: ApiProblem) {
    super(
      problem.status === 404 ? "NOT_FOUND" : "REJECTED",
      `${url} refused: ${problem.detail} (${problem.code})`,
    );
    this.problem = problem;
  }
}
