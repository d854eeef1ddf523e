import { Block, blockNumber, type BlockHash } from "../../chain/block.ts";
import type { BlockVerifier } from "../../chain/block-verifier.ts";
import { verifyFork } from "../../chain/fork-evidence.ts";
import type { ForkProof, ForkStore } from "../../chain/fork-proofs.ts";
import type { Ledger } from "../../chain/ledger.ts";
import { ForkRumours, type ForkRumoursParts } from "./fork-rumours.ts";
import type { ForkProofMessage } from "../wire/messages.ts";
import type { PeerId } from "../ports.ts";

export interface ForkWatchParts extends ForkRumoursParts {
  readonly ledger: Ledger;
  readonly store: ForkStore;
  /** A block that is verified and in memory, if it is. */
  readonly inMemory: (number: number) => Block | undefined;
  /** Fetches one block from a peer. */
  readonly fetchOne: (peer: PeerId, number: number) => Promise<boolean>;
  readonly onFork: (proof: ForkProof) => void;
  readonly verifier: BlockVerifier;
  /** A peer has sent what is no proof. */
  readonly onBad: (peer: PeerId, error: unknown) => void;
  /** A proof cannot be written. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Notices that the orderers have signed two chains. The first block of a height stays; the pair is the proof, and it
 * is written down. A peer that merely names another hash is asked for its block, once at a time: without the block
 * and its signatures nothing is proven.
 */
export class ForkWatch {
  readonly #parts: ForkWatchParts;
  readonly #asked = new Set<string>();
  /** How often in a row peers have not answered; as bounded as the questions. */
  readonly #unanswered = new Map<PeerId, number>();
  readonly #rumours: ForkRumours;
  /** Second blocks of which all is known. */
  readonly #known = new Set<BlockHash>();
  #isAsking = false;

  constructor(parts: ForkWatchParts) {
    this.#parts = parts;
    this.#rumours = new ForkRumours(parts);
  }

  /** Whether two chains have been signed. */
  get proofs(): readonly ForkProof[] {
    return this.#parts.store.list();
  }

  /** A second valid block of a height. Rejects where the proof cannot be written. */
  async record(second: Block): Promise<void> {
    const first = await this.#held(second.number);
    if (first.hash !== second.hash) await this.#record(first, second);
  }

  /**
   * A peer knows of a fork. It is believed where it is proven with the block that is held here, and where that is still
   * to come, the peer will say it again.
   *
   * @throws ChainError `MALFORMED_BLOCK`.
   */
  receive(from: PeerId, { blocks }: ForkProofMessage): void {
    const { ledger, onFailure } = this.#parts;
    const pair = blocks.map((bytes) => Block.parse(bytes));
    const isNews = pair.every(({ number, hash }) => number < ledger.height && !this.#known.has(hash));
    if (isNews) void this.#prove(from, pair).catch(onFailure);
  }

  /** Tells nobody anything more. */
  stop(): void {
    this.#rumours.stop();
  }

  async #prove(from: PeerId, pair: readonly Block[]): Promise<void> {
    const { verifier, onBad } = this.#parts;
    const [first, second] = pair;
    if (first === undefined || second === undefined) return;
    const held = await this.#held(first.number);
    const other = first.hash === held.hash ? second : first;
    try {
      verifyFork(held, other, verifier);
    } catch (error) {
      return onBad(from, error);
    }
    await this.#record(held, other);
  }

  async #held(number: number): Promise<Block> {
    return this.#parts.inMemory(number) ?? (await this.#parts.ledger.read(blockNumber(number)));
  }

  async #record(first: Block, second: Block): Promise<void> {
    const { store, onFork } = this.#parts;
    if (this.#known.has(second.hash) || this.#known.size >= KNOWN_MAX) return;
    this.#known.add(second.hash);
    this.#rumours.tell(first, second);
    onFork({ number: second.number, first: first.hash, second: second.hash });
    await store.record(first, second);
  }

  /** The peer seems to hold another block of that height than ours. Does not reject. */
  async suspect(peer: PeerId, number: number): Promise<void> {
    const question = `${peer} ${number}`;
    const unanswered = this.#unanswered.get(peer) ?? 0;
    if (
      unanswered >= UNANSWERED_MAX ||
      this.#isAsking ||
      number < 1 ||
      this.#asked.has(question) ||
      this.#asked.size >= QUESTIONS_MAX
    )
      return;
    this.#asked.add(question);
    this.#isAsking = true;
    try {
      const isAnswered = await this.#parts.fetchOne(peer, number);
      this.#unanswered.set(peer, isAnswered ? 0 : unanswered + 1);
    } finally {
      this.#isAsking = false;
    }
  }
}

/** Who names other hashes and does not answer for them so often is not believed any more. */
const UNANSWERED_MAX = 2;

/** More second blocks are not looked at: one is enough. */
const KNOWN_MAX = 1_024;

/** After this many questions no more are asked: a liar must not keep us busy for ever. */
const QUESTIONS_MAX = 1_024;
