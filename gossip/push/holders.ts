import type { PeerId } from "../ports.ts";

/** How many blocks back it is remembered who holds them. */
const BLOCKS_MAX = 128;

/** Which neighbours are known to hold, or to be receiving, the newest blocks: they need not be told of them. */
export class Holders {
  readonly #holders = new Map<string, Set<PeerId>>();

  add(blockHash: string, peer: PeerId): void {
    const holders = this.#holders.get(blockHash);
    if (holders !== undefined) {
      holders.add(peer);
      return;
    }
    this.#holders.set(blockHash, new Set([peer]));
    for (const oldest of this.#holders.keys()) {
      if (this.#holders.size <= BLOCKS_MAX) break;
      this.#holders.delete(oldest);
    }
  }

  /** True if the peer was among them; it is not any more. */
  take(blockHash: string, peer: PeerId): boolean {
    return this.#holders.get(blockHash)?.delete(peer) ?? false;
  }

  has(blockHash: string, peer: PeerId): boolean {
    return this.#holders.get(blockHash)?.has(peer) ?? false;
  }
}
