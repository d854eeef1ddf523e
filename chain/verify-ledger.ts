import { Block, blockNumber } from "./block.ts";
import { ChainCheck } from "./chain-check.ts";
import { ChainError, type ChainErrorCode } from "./errors.ts";
import type { Ledger } from "./ledger.ts";

/** What part of a ledger is looked at, and who is told. */
export interface VerifyOptions {
  /** The first block; those before it are believed. */
  readonly first: number;
  /** The block behind the last one, at most the height. */
  readonly end: number;
  /** So many blocks have been found good. */
  readonly onProgress?: (blocks: number) => void;
}

/** What {@link verifyLedger} found: all good, or the first block that is not. */
export type LedgerVerdict =
  | { readonly kind: "good"; readonly blocks: number; readonly transactions: number; readonly bytes: number }
  | { readonly kind: "bad"; readonly number: number; readonly error: ChainError };

/** Read in one go, beside one block that is larger. */
const READ_BYTES_MAX = 4 * 2 ** 20;

/** Not about a block. */
const OUR_OWN: ReadonlySet<ChainErrorCode> = new Set(["LEDGER_IO", "LEDGER_CLOSED"] as const);

/**
 * Reads the blocks of a ledger from `first` on and judges each as if it had just come: checksum, hash chain, data hash,
 * signatures by the configuration as it evolves.
 *
 * @throws ChainError `NOT_HELD` unless `first` < `end` <= height; `LEDGER_IO`, `LEDGER_CLOSED`.
 */
export async function verifyLedger(
  ledger: Ledger,
  { first, end, onProgress }: VerifyOptions,
): Promise<LedgerVerdict> {
  requireHeld(ledger, first, end);
  let number = first;
  let transactions = 0;
  let bytes = 0;
  try {
    const check = await ChainCheck.before(ledger, first);
    while (number < end) {
      for (const stored of await ledger.readRange(blockNumber(number), end, READ_BYTES_MAX)) {
        const block = Block.parse(stored);
        check.accept(block);
        number++;
        transactions += block.transactions.length;
        bytes += stored.length;
      }
      onProgress?.(number - first);
    }
  } catch (error) {
    if (!(error instanceof ChainError) || OUR_OWN.has(error.code)) throw error;
    return { kind: "bad", number, error };
  }
  return { kind: "good", blocks: end - first, transactions, bytes };
}

function requireHeld({ height }: Ledger, first: number, end: number): void {
  if (first < end && end <= height) return;
  throw new ChainError(
    "NOT_HELD",
    `blocks ${first} to ${end - 1} are asked for, and the ledger holds ${height === 0 ? "none" : `0 to ${height - 1}`}`,
  );
}
