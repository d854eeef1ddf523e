/**
 * What can be wrong with a block, a configuration or a ledger.
 *
 * - Blocks: `MALFORMED_BLOCK` (not a `common.Block`), `BLOCK_TOO_LARGE`, `WRONG_NUMBER` (not the number it was
 *   handed in as), `WRONG_CHANNEL`, `MALFORMED_TRANSACTION` (CVE-2023-46132), `WRONG_DATA_HASH`, `BROKEN_LINK`
 *   (names another predecessor), `MISSING_METADATA`, `UNSATISFIED_POLICY` (the signatures do not satisfy
 *   BlockValidation), `SUPERSEDED_CONFIG` (they satisfy that of a configuration that was replaced, and no longer count:
 *   whoever has not heard of the change passes such a block on in good faith).
 * - Configuration: `MALFORMED_CONFIG` (a config block whose configuration cannot be used), `INVALID_IDENTITY` (a
 *   certificate that is none of the organisation's), `REVOKED_IDENTITY` (one that was, and that its CA has revoked),
 *   `INVALID_UPDATE` (a change that does not fit the configuration, or changes nothing).
 * - Ledgers: `OUT_OF_ORDER` (append of a block that is not the next), `NOT_HELD` (a height that is not there),
 *   `LEDGER_CORRUPT` (stored bytes fail their checksum), `LEDGER_LOCKED` (another process has it open),
 *   `LEDGER_FORMAT` (written by a newer version), `LEDGER_CLOSED`, `LEDGER_MISMATCH` (another chain's ledger),
 *   `LEDGER_IO` (the file system refused).
 */
export type ChainErrorCode =
  | "MALFORMED_BLOCK"
  | "BLOCK_TOO_LARGE"
  | "WRONG_NUMBER"
  | "WRONG_CHANNEL"
  | "MALFORMED_TRANSACTION"
  | "WRONG_DATA_HASH"
  | "BROKEN_LINK"
  | "MISSING_METADATA"
  | "UNSATISFIED_POLICY"
  | "SUPERSEDED_CONFIG"
  | "MALFORMED_CONFIG"
  | "INVALID_IDENTITY"
  | "REVOKED_IDENTITY"
  | "INVALID_UPDATE"
  | "OUT_OF_ORDER"
  | "NOT_HELD"
  | "LEDGER_CORRUPT"
  | "LEDGER_LOCKED"
  | "LEDGER_FORMAT"
  | "LEDGER_CLOSED"
  | "LEDGER_MISMATCH"
  | "LEDGER_IO";

/** Every error that `chain/` throws; callers switch on `code`. */
export class ChainError extends Error {
  override readonly name = "ChainError";
  readonly code: ChainErrorCode;

  constructor(code: ChainErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
