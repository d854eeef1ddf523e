import type { Block, BlockHash } from "../../chain/block.ts";
import { verifyLink } from "../../chain/block-verification.ts";
import type { BlockVerifier } from "../../chain/block-verifier.ts";
import { ChainError } from "../../chain/errors.ts";
import type { Ledger } from "../../chain/ledger.ts";
import { BlockBuffer, type ReceivedBlock, type VerifiedBlock } from "./block-buffer.ts";
import { GossipError } from "../errors.ts";
import type { GossipOptions } from "../options.ts";
import { RecentBlocks } from "./recent-blocks.ts";

export interface BlockIntakeParts {
  readonly ledger: Ledger;
  readonly verifier: BlockVerifier;
  readonly options: GossipOptions;
  /** A block is good and new here; it may be passed on. Called before it is durable. */
  readonly onVerified: (entry: VerifiedBlock) => void;
  /** A block is durable here. Called once for each block, in order of the numbers. */
  readonly onCommitted: (entry: VerifiedBlock) => void;
  /** A config block is in force now. */
  readonly onReconfigured: () => void;
  /** A second valid block of a height that has one already. Called once for each such block. */
  readonly onConflict: (second: Block) => void;
  /** A block that was kept turned out bad; nobody is to blame, and it may be fetched again. */
  readonly onDropped: (entry: ReceivedBlock, error: ChainError) => void;
  /** The ledger cannot append; nothing more is taken in. Called once. */
  readonly onFailure: (error: Error) => void;
}

/**
 * What became of a block. known: it is here already. accepted: it is good, and goes into the ledger when its
 * predecessors have. held: it may depend on a config block that is not here yet, and is tried again. beyond: it is
 * too far ahead to be kept. conflict: it is valid, but another block of that height came first and stays.
 */
export type OfferOutcome = "known" | "accepted" | "held" | "beyond" | "conflict";

/**
 * The way of a block into the ledger: verified, kept within a bounded window until its predecessors are there,
 * appended strictly in order, and handed on once.
 *
 * `next` is the number that the ledger is given next; the ledger's own height, the durable one, follows behind it.
 * Invariant: ledger.height <= next <= ledger.height + windowBlocks.
 */
export class BlockIntake {
  readonly #parts: BlockIntakeParts;
  readonly #buffer = new BlockBuffer();
  readonly #recent = new RecentBlocks();
  readonly #conflicts = new Set<BlockHash>();
  readonly #waiting = new Map<number, PromiseWithResolvers<void>>();
  #next: number;
  #tip: { readonly number: number; readonly hash: BlockHash };
  #failure: Error | undefined;

  /** @throws RangeError where the ledger does not even hold the genesis block. */
  constructor(parts: BlockIntakeParts) {
    const { height, tipHash } = parts.ledger;
    if (tipHash === undefined)
      throw new RangeError("the ledger is empty: its genesis block must be appended first");
    this.#parts = parts;
    this.#next = height;
    this.#tip = { number: height - 1, hash: tipHash };
  }

  get next(): number {
    return this.#next;
  }

  /** The number behind the last one that is kept at present. */
  get windowEnd(): number {
    return this.#parts.ledger.height + this.#parts.options.windowBlocks;
  }

  /** Bytes of the blocks that wait for their predecessors, for their config block or for the disk. */
  get bufferedBytes(): number {
    return this.#buffer.bytes;
  }

  /** How many blocks wait so. */
  get bufferedBlocks(): number {
    return this.#buffer.heights;
  }

  /** Whether there is no use in asking anybody for this block now. */
  isHere(number: number): boolean {
    return number < this.#next || this.#buffer.verified(number) !== undefined || this.#buffer.hasHeld(number);
  }

  /** Verified blocks above the ones that the ledger has been given, lowest first. */
  early(): number[] {
    return this.#buffer
      .verifiedNumbers()
      .filter((number) => number >= this.#next)
      .sort((a, b) => a - b);
  }

  /** A verified block that is in memory. */
  inMemory(number: number): Block | undefined {
    return this.#buffer.verified(number)?.block ?? this.#recent.get(number);
  }

  /** The hash of the block that is here for this number, where it is known without reading the disk. */
  hashOf(number: number): BlockHash | undefined {
    return this.#buffer.verified(number)?.block.hash ?? this.#recent.hashOf(number);
  }

  /**
   * Takes a block in, from whomever it comes.
   *
   * @throws ChainError where it is certainly bad. `BROKEN_LINK` is no fault of the sender: the block is signed by
   * the orderers, but continues another chain than ours.
   * @throws GossipError `STOPPED` after the ledger has failed.
   */
  offer(received: ReceivedBlock): OfferOutcome {
    const { block } = received;
    const { options, verifier } = this.#parts;
    if (this.#failure !== undefined)
      throw new GossipError("STOPPED", "the channel has stopped", { cause: this.#failure });
    if (block.bytes.length > options.blockBytesMax) {
      throw new ChainError(
        "BLOCK_TOO_LARGE",
        `block ${block.number} has ${block.bytes.length} bytes; allowed are ${options.blockBytesMax}`,
      );
    }
    const present = this.hashOf(block.number);
    if (present === block.hash || this.#conflicts.has(block.hash))
      return present === block.hash ? "known" : "conflict";
    if (present !== undefined) return this.#conflicting(block);
    if (block.number < this.#next) return "known";
    if (!this.#hasRoomFor(received)) return "beyond";
    if (verifier.verify(block, this.#next) === "later")
      return this.#buffer.hold(received) ? "held" : "beyond";
    if (block.number === this.#next) verifyLink(this.#tip, block);
    this.#keep(received);
    this.#drain();
    return "accepted";
  }

  /**
   * A block below the height can be read again. Where it is a config block and the one in force is older, since it could
   * not be read at the start, it is in force now.
   */
  mended(block: Block): void {
    const { verifier, onReconfigured } = this.#parts;
    const before = verifier.config.blockNumber;
    if (block.number > before) verifier.advance(block);
    if (verifier.config.blockNumber === before) return;
    this.#retryHeld(() => true);
    this.#drain();
    onReconfigured();
  }

  /** Resolves once the block of that number is durable; rejects when the ledger has failed. */
  async durable(number: number): Promise<void> {
    if (number < this.#parts.ledger.height) return;
    if (this.#failure !== undefined) throw this.#failure;
    let waiting = this.#waiting.get(number);
    if (waiting === undefined) {
      waiting = Promise.withResolvers<void>();
      this.#waiting.set(number, waiting);
    }
    await waiting.promise;
  }

  #hasRoomFor({ block, origin }: ReceivedBlock): boolean {
    // What the disk waits for is always taken, or a block above the limit could never come in.
    if (block.number === this.#next && (origin === "publish" || this.#next === this.#parts.ledger.height))
      return true;
    if (block.number >= this.windowEnd) return false;
    return this.#buffer.bytes + block.bytes.length <= this.#parts.options.windowBytesMax;
  }

  #conflicting(block: Block): OfferOutcome {
    // An invalid one throws: only two valid blocks prove anything about the orderers.
    if (this.#parts.verifier.verify(block, this.#next) === "later") return "known";
    if (this.#conflicts.size < CONFLICTS_MAX) this.#conflicts.add(block.hash);
    this.#parts.onConflict(block);
    return "conflict";
  }

  #keep(received: ReceivedBlock): void {
    const entry = { ...received, configNumber: this.#parts.verifier.config.blockNumber };
    this.#buffer.putVerified(entry);
    this.#parts.onVerified(entry);
  }

  /** Gives the ledger all that has its predecessors; what the disk has not confirmed stays in the buffer. */
  #drain(): void {
    for (;;) {
      const entry = this.#buffer.verified(this.#next);
      if (entry === undefined || this.#next >= this.windowEnd || this.#failure !== undefined) return;
      if (!this.#isStillGood(entry)) return;
      const configNumber = this.#parts.verifier.config.blockNumber;
      this.#next++;
      this.#tip = entry.block;
      this.#parts.verifier.advance(entry.block);
      this.#recent.add(entry.block);
      this.#append(entry);
      const isReconfigured = this.#parts.verifier.config.blockNumber !== configNumber;
      this.#retryHeld((number) => isReconfigured || number <= this.#next);
      if (isReconfigured) this.#parts.onReconfigured();
    }
  }

  /** A block that came early is judged again once its predecessor and its configuration are certain. */
  #isStillGood(entry: VerifiedBlock): boolean {
    const { block, configNumber } = entry;
    try {
      if (configNumber !== this.#parts.verifier.config.blockNumber)
        this.#parts.verifier.verify(block, this.#next);
      verifyLink(this.#tip, block);
      return true;
    } catch (error) {
      if (!(error instanceof ChainError)) throw error;
      this.#buffer.removeVerified(block.number);
      this.#parts.onDropped(entry, error);
      return false;
    }
  }

  #append(entry: VerifiedBlock): void {
    const { number } = entry.block;
    this.#parts.ledger.append(entry.block).then(
      () => {
        this.#buffer.removeVerified(number);
        this.#parts.onCommitted(entry);
        this.#waiting.get(number)?.resolve();
        this.#waiting.delete(number);
        this.#drain();
      },
      (error: unknown) => this.#fail(error instanceof Error ? error : new Error(String(error))),
    );
  }

  #retryHeld(matches: (number: number) => boolean): void {
    for (const received of this.#buffer.takeHeld(matches)) {
      if (received.block.number < this.#next) continue;
      try {
        const verdict = this.#parts.verifier.verify(received.block, this.#next);
        if (verdict === "later") this.#buffer.hold(received);
        else if (this.#buffer.verified(received.block.number) === undefined) this.#keep(received);
      } catch (error) {
        if (!(error instanceof ChainError)) throw error;
        this.#parts.onDropped(received, error);
      }
    }
  }

  #fail(error: Error): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
    this.#parts.onFailure(error);
  }
}

/** How many conflicting blocks are remembered, so that each is verified and reported once. */
const CONFLICTS_MAX = 1_024;
