import { blockNumber, Block, type BlockHash } from "../../chain/block.ts";
import { ChainError } from "../../chain/errors.ts";
import type { Ledger } from "../../chain/ledger.ts";

/** Blocks that are read in one go. */
const STEP_BLOCKS = 256;
const STEP_BYTES_MAX = 4 << 20;

/**
 * Finds blocks of a ledger by their hash. The ledger is read from its end down as far as the first look-up of a block
 * needs it; four bytes a block are remembered, so that the next ones need not read it again.
 */
export class BlockHashes {
  readonly #ledger: Ledger;
  /** The first 32 bits of the hash of each block from `#low` to below `#high`, by number. */
  #prefixes = new Uint32Array(0);
  #low: number;
  #high: number;
  /** Settles when the look-ups so far have ended: one reads at a time. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
    this.#low = ledger.height;
    this.#high = ledger.height;
  }

  /** The block of that hash; undefined where the ledger holds none that can be read. */
  async find(hash: BlockHash, signal: AbortSignal): Promise<Block | undefined> {
    const found = this.#last.then(() => this.#find(hash, signal));
    this.#last = found.catch(() => undefined);
    return await found;
  }

  async #find(hash: BlockHash, signal: AbortSignal): Promise<Block | undefined> {
    const { height } = this.#ledger;
    this.#makeRoom(height);
    const above = await this.#scan(this.#high, height, hash);
    this.#high = height;
    const known = above ?? (await this.#known(hash));
    if (known !== undefined) return known;
    while (this.#low > 0) {
      signal.throwIfAborted();
      const first = Math.max(this.#low - STEP_BLOCKS, 0);
      const found = await this.#scan(first, this.#low, hash);
      this.#low = first;
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Remembers the blocks from `first` to below `end`; the one of that hash if it is there. A damaged one is passed over. */
  async #scan(first: number, end: number, hash: BlockHash): Promise<Block | undefined> {
    let found: Block | undefined;
    for (let number = first; number < end;) {
      const range = await this.#ledger
        .readRange(blockNumber(number), end, STEP_BYTES_MAX)
        .catch(noneWhereDamaged);
      for (const block of range.map((bytes) => Block.parse(bytes))) {
        this.#prefixes[block.number] = prefixOf(block.hash);
        if (block.hash === hash) found = block;
      }
      number += Math.max(range.length, 1);
    }
    return found;
  }

  async #known(hash: BlockHash): Promise<Block | undefined> {
    const prefix = prefixOf(hash);
    for (
      let at = this.#prefixes.indexOf(prefix, this.#low);
      at !== -1 && at < this.#high;
      at = this.#prefixes.indexOf(prefix, at + 1)
    ) {
      const [bytes] = await this.#ledger.readRange(blockNumber(at), at + 1, 0).catch(noneWhereDamaged);
      const block = bytes === undefined ? undefined : Block.parse(bytes);
      if (block?.hash === hash) return block;
    }
    return undefined;
  }

  #makeRoom(height: number): void {
    if (height <= this.#prefixes.length) return;
    const larger = new Uint32Array(2 * height);
    larger.set(this.#prefixes);
    this.#prefixes = larger;
  }
}

function noneWhereDamaged(error: unknown): readonly Uint8Array[] {
  if (error instanceof ChainError && error.code === "LEDGER_CORRUPT") return [];
  throw error;
}

function prefixOf(hash: BlockHash): number {
  return Number.parseInt(hash.slice(0, 8), 16);
}
