import type { Block, BlockHash, BlockNumber } from "./block.ts";

/**
 * Where the blocks of one channel rest, in order and without gaps. A ledger checks that a block is the next and
 * names the tip as its predecessor; whether it is to be believed is decided before (`BlockVerifier`).
 */
export interface Ledger {
  /** The number of blocks that are held durably, which is the number of the next one. */
  readonly height: number;
  /** Hash of the newest durable block; undefined while the ledger is empty. */
  readonly tipHash: BlockHash | undefined;
  /**
   * Resolves once the block would survive a crash. Calls may overlap and are made in the order of the numbers;
   * what waits together is written together.
   *
   * @throws ChainError `OUT_OF_ORDER`, `BROKEN_LINK`, `LEDGER_IO`, `LEDGER_CLOSED`. After `LEDGER_IO` the ledger
   * accepts nothing more.
   */
  append(block: Block): Promise<void>;
  /**
   * The block as it was appended, byte for byte.
   *
   * @throws ChainError `NOT_HELD`; `LEDGER_CORRUPT` where the stored bytes fail their checksum.
   */
  read(number: BlockNumber): Promise<Block>;
  /**
   * Serialized blocks from `first` on, as they were appended, in order: one at least, and no more than fit into
   * `bytesMax`, none from `end` on or above the height. A damaged block ends them.
   *
   * @throws ChainError as `read` does, where that is the matter with the first one.
   */
  readRange(first: BlockNumber, end: number, bytesMax: number): Promise<readonly Uint8Array[]>;
  /**
   * Puts the good bytes of a damaged block back, durably. Its header must be the one that the chain asks for, which the
   * block behind it tells, so the highest of several in a row comes first; metadata may differ from what was there, and
   * the signatures in it are the caller's to verify (`verifyMend`). False: the block is whole, and stays as it is.
   *
   * @throws ChainError `NOT_HELD`; `BROKEN_LINK`, `WRONG_DATA_HASH` where it is not that block; `LEDGER_CORRUPT` where
   * the block behind it is damaged as well; `LEDGER_IO`: it may or may not be mended; `LEDGER_CLOSED`.
   */
  mend(block: Block): Promise<boolean>;
}
