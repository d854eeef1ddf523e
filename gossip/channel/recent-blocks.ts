import type { Block, BlockHash } from "../../chain/block.ts";

/** How many bytes of blocks are kept for those who ask for them right after they were pushed. */
const RECENT_BYTES_MAX = 32 << 20;

/** How many hashes are kept to tell a known block from a conflicting one without reading the disk. */
const HASHES_MAX = 4_096;

/**
 * The newest blocks, in memory: those that neighbours ask for while a block spreads. It holds at least the newest
 * one whatever its size.
 */
export class RecentBlocks {
  readonly #blocks = new Map<number, Block>();
  readonly #hashes = new Map<number, BlockHash>();
  #bytes = 0;

  add(block: Block): void {
    if (this.#blocks.has(block.number)) return;
    this.#blocks.set(block.number, block);
    this.#hashes.set(block.number, block.hash);
    this.#bytes += block.bytes.length;
    for (const [number, oldest] of this.#blocks) {
      if (this.#bytes <= RECENT_BYTES_MAX || this.#blocks.size === 1) break;
      this.#blocks.delete(number);
      this.#bytes -= oldest.bytes.length;
    }
    for (const number of this.#hashes.keys()) {
      if (this.#hashes.size <= HASHES_MAX) break;
      this.#hashes.delete(number);
    }
  }

  get(number: number): Block | undefined {
    return this.#blocks.get(number);
  }

  /** Kept for longer than the block itself. */
  hashOf(number: number): BlockHash | undefined {
    return this.#hashes.get(number);
  }
}
