import { type Block, blockNumber } from "../chain/block.ts";
import type { ForkProof, ForkStore } from "../chain/fork-proofs.ts";
import type { Ledger } from "../chain/ledger.ts";
import type { PeerId } from "./ports.ts";

export interface ForkWatchParts {
  readonly ledger: Ledger;
  readonly store: ForkStore;
  /** A block that is verified and in memory, if it is. */
  readonly inMemory: (number: number) => Block | undefined;
  /** Fetches one block from a peer. */
  readonly fetchOne: (peer: PeerId, number: number) => Promise<unknown>;
  readonly onFork: (proof: ForkProof) => void;
}

/**
 * Notices that the orderers have signed two chains. The first block of a height stays; the pair is the proof, and it
 * is written down. A peer that merely names another hash is asked for its block, once at a time: without the block
 * and its signatures nothing is proven.
 */
export class ForkWatch {
  readonly #parts: ForkWatchParts;
  readonly #asked = new Set<string>();
  #isAsking = false;

  constructor(parts: ForkWatchParts) {
    this.#parts = parts;
  }

  /** Whether two chains have been signed. */
  get proofs(): readonly ForkProof[] {
    return this.#parts.store.list();
  }

  /** A second valid block of a height. Rejects where the proof cannot be written. */
  async record(second: Block): Promise<void> {
    const { ledger, store, inMemory, onFork } = this.#parts;
    const first = inMemory(second.number) ?? (await ledger.read(blockNumber(second.number)));
    if (first.hash === second.hash) return;
    onFork({ number: second.number, first: first.hash, second: second.hash });
    await store.record(first, second);
  }

  /** The peer seems to hold another block of that height than ours. Does not reject. */
  async suspect(peer: PeerId, number: number): Promise<void> {
    const question = `${peer} ${number}`;
    if (this.#isAsking || number < 1 || this.#asked.has(question) || this.#asked.size >= QUESTIONS_MAX)
      return;
    this.#asked.add(question);
    this.#isAsking = true;
    try {
      await this.#parts.fetchOne(peer, number);
    } finally {
      this.#isAsking = false;
    }
  }
}

/** After this many questions no more are asked: a liar must not keep us busy for ever. */
const QUESTIONS_MAX = 1_024;
