import type { BlockHash } from "../../chain/block.ts";

/** The hashes of the newest blocks of a kind; a bounded number of them. */
export class RecentHashes {
  readonly #hashes = new Set<BlockHash>();

  add(hash: BlockHash): void {
    this.#hashes.add(hash);
    for (const oldest of this.#hashes) {
      if (this.#hashes.size <= HASHES_MAX) break;
      this.#hashes.delete(oldest);
    }
  }

  has(hash: BlockHash): boolean {
    return this.#hashes.has(hash);
  }
}

const HASHES_MAX = 1_024;
