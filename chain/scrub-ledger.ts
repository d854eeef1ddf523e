import { Block, blockNumber, type BlockHash, type BlockNumber } from "./block.ts";
import { verifyDataHash } from "./block-verification.ts";
import { ChainError } from "./errors.ts";
import type { Ledger } from "./ledger.ts";
import { DAMAGE } from "./mend-check.ts";

/** What {@link scrubLedger} tells, and when it ends early. */
export interface ScrubOptions {
  /** A stored block is not what was appended. Called once for each, the highest first. */
  readonly onDamaged: (number: BlockNumber) => void;
  /** So many blocks more have been read. */
  readonly onRead?: (count: number) => void;
  readonly signal: AbortSignal;
}

/** Read in one go, beside one block that is larger. */
const READ_BYTES_MAX = 4 * 2 ** 20;
const BATCH_BLOCKS = 256;

/** What is kept of a block until the one before it has been looked at. */
interface Link {
  readonly hash: BlockHash;
  readonly previousHash: BlockHash;
}

/**
 * Reads every block that the ledger holds when it begins, from the newest down, in bounded memory: its checksum, its
 * data hash, and whether it is the one that the block behind it names. Behind a damaged block that last is not known,
 * and is for whoever mends it to look at.
 *
 * @throws what the signal is aborted with; ChainError `LEDGER_IO`, `LEDGER_CLOSED`.
 */
export async function scrubLedger(ledger: Ledger, options: ScrubOptions): Promise<void> {
  const { onDamaged, onRead, signal } = options;
  let expected = ledger.tipHash;
  for (let end = ledger.height; end > 0; end -= BATCH_BLOCKS) {
    const first = Math.max(0, end - BATCH_BLOCKS);
    const links = await readLinks(ledger, first, Math.min(end, ledger.height), signal);
    for (const [index, link] of [...links.entries()].reverse()) {
      const isGood = link !== undefined && (expected === undefined || link.hash === expected);
      if (!isGood) onDamaged(blockNumber(first + index));
      expected = isGood ? link.previousHash : undefined;
      signal.throwIfAborted();
    }
    onRead?.(links.length);
  }
}

/** Of the blocks from `first` to `end`; undefined for one that is damaged. */
async function readLinks(
  ledger: Ledger,
  first: number,
  end: number,
  signal: AbortSignal,
): Promise<(Link | undefined)[]> {
  const links: (Link | undefined)[] = [];
  while (first + links.length < end) {
    signal.throwIfAborted();
    const number = first + links.length;
    const blocks = await whole(() => ledger.readRange(blockNumber(number), end, READ_BYTES_MAX));
    if (blocks === undefined) links.push(undefined);
    for (const [index, bytes] of (blocks ?? []).entries()) links.push(linkOf(bytes, number + index));
  }
  return links;
}

function linkOf(bytes: Uint8Array, number: number): Link | undefined {
  try {
    const block = Block.parse(bytes);
    verifyDataHash(block);
    return block.number === number ? { hash: block.hash, previousHash: block.previousHash } : undefined;
  } catch (error) {
    return undefinedIfDamaged(error);
  }
}

async function whole<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    return undefinedIfDamaged(error);
  }
}

function undefinedIfDamaged(error: unknown): undefined {
  if (error instanceof ChainError && DAMAGE.has(error.code)) return undefined;
  throw error;
}
