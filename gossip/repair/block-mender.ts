import { Block, blockNumber } from "../../chain/block.ts";
import { ChainError } from "../../chain/errors.ts";
import type { Ledger } from "../../chain/ledger.ts";
import type { BlockVerifier } from "../../chain/block-verifier.ts";
import { verifyMend } from "../../chain/mend-check.ts";
import { scrubLedger } from "../../chain/scrub-ledger.ts";
import { GossipError } from "../errors.ts";
import type { Observer } from "../events.ts";
import type { BlockIntake } from "../channel/block-intake.ts";
import type { GossipOptions } from "../options.ts";
import type { ChannelId, Clock, PeerId, Transport } from "../ports.ts";
import { REPAIR_NUMBERS_MAX } from "./repair-codec.ts";
import { within } from "../time.ts";

export interface BlockMenderParts {
  readonly name: string;
  readonly channel: ChannelId;
  readonly ledger: Ledger;
  readonly verifier: BlockVerifier;
  readonly intake: BlockIntake;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly options: GossipOptions;
  readonly observe: Observer;
  readonly onLie: (peer: PeerId, error: Error) => void;
}

/** What {@link BlockMender.mendFrom} has done. */
export interface Mending {
  readonly mended: readonly number[];
  /** The code of what went wrong last; undefined: nothing did, but that the peer does not have a block whole. */
  readonly failure: string | undefined;
}

/** The ledger rests for this long at least after it was read through, and for so many times as long as that took. */
const REST_MS = 10_000;
const REST_RATIO = 4;

/** Finds the blocks of a ledger that have rotted on the disk, and mends them from other peers. */
export class BlockMender {
  readonly #parts: BlockMenderParts;
  readonly #damaged = new Set<number>();
  #hasMore = false;
  #restUntilMs = 0;

  constructor(parts: BlockMenderParts) {
    this.#parts = parts;
  }

  /** The blocks that are known to be damaged, the highest first. */
  get damaged(): number[] {
    return [...this.#damaged].sort((a, b) => b - a);
  }

  /** Whether there were more damaged blocks than are remembered. */
  get hasMore(): boolean {
    return this.#hasMore;
  }

  /**
   * Reads all that is stored. False: it was read not long ago, and is not read again, so that nobody can make a peer
   * read its disk all the time.
   *
   * @throws what the signal is aborted with; ChainError `LEDGER_IO`, `LEDGER_CLOSED`.
   */
  async verify(onRead: (count: number) => void, signal: AbortSignal): Promise<boolean> {
    const { ledger, clock, name, observe } = this.#parts;
    const startMs = clock.now();
    if (startMs < this.#restUntilMs) return false;
    this.#restUntilMs = Infinity;
    try {
      this.#damaged.clear();
      this.#hasMore = false;
      const onDamaged = (number: number) => {
        if (this.#note(number)) observe({ kind: "block-damaged", channel: name, number });
      };
      await scrubLedger(ledger, { onDamaged, onRead, signal });
      return true;
    } finally {
      const endMs = clock.now();
      this.#restUntilMs = endMs + Math.max(REST_MS, REST_RATIO * (endMs - startMs));
    }
  }

  /** Mends what the peer has whole, the highest first. Rejects only where our own disk does, or the signal is aborted. */
  async mendFrom(peer: PeerId, onMended: () => void, signal: AbortSignal): Promise<Mending> {
    const mended: number[] = [];
    const failure = await this.#mendAll(peer, mended, onMended, signal);
    // Genesis comes last, and what was signed under it may have waited for it.
    const isOver = failure !== "LEDGER_CORRUPT" || !mended.includes(0);
    return { mended, failure: isOver ? failure : await this.#mendAll(peer, mended, onMended, signal) };
  }

  /** Returns the code of what went wrong last. */
  async #mendAll(
    peer: PeerId,
    mended: number[],
    onMended: () => void,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    let failure: string | undefined;
    for (let next = this.#below(Infinity); next !== undefined; next = this.#below(next)) {
      signal.throwIfAborted();
      // Only the block behind it tells which one it must be.
      if (this.#damaged.has(next + 1)) continue;
      failure = (await this.#mendOne(peer, next, signal)) ?? failure;
      if (failure === "TIMED_OUT") break;
      if (this.#damaged.has(next)) continue;
      mended.push(next);
      onMended();
    }
    return failure;
  }

  /** The highest damaged block below this number. */
  #below(number: number): number | undefined {
    return this.damaged.find((damaged) => damaged < number);
  }

  /** Returns the code of what went wrong. */
  async #mendOne(peer: PeerId, number: number, signal: AbortSignal): Promise<string | undefined> {
    const { ledger, verifier, intake, name, observe } = this.#parts;
    try {
      const block = await this.#fetch(peer, number, signal);
      await verifyMend(ledger, block, verifier.config);
      await ledger.mend(block);
      this.#damaged.delete(number);
      intake.mended(block);
      observe({ kind: "block-mended", channel: name, number });
      await this.#lookBefore(block);
      return undefined;
    } catch (error) {
      signal.throwIfAborted();
      return this.#failed(peer, error);
    }
  }

  /** Now it can be told whether the block before is the right one. */
  async #lookBefore({ number, previousHash }: Block): Promise<void> {
    if (number === 0 || this.#damaged.has(number - 1)) return;
    const before = await this.#parts.ledger.read(blockNumber(number - 1)).catch(() => undefined);
    if (before?.hash !== previousHash) this.#note(number - 1);
  }

  /** False: it is not remembered. */
  #note(number: number): boolean {
    if (this.#damaged.size >= REPAIR_NUMBERS_MAX) {
      this.#hasMore = true;
      return false;
    }
    this.#damaged.add(number);
    return true;
  }

  #failed(peer: PeerId, error: unknown): string | undefined {
    if (!(error instanceof GossipError || error instanceof ChainError)) throw error;
    const { code } = error;
    if (code === "LEDGER_IO" || code === "LEDGER_CLOSED") throw error;
    // Signatures are judged by the newest config block that can be read, which need not be the right one.
    const isProof =
      code === "BROKEN_PROMISE" || (error instanceof ChainError && code !== "UNSATISFIED_POLICY");
    if (isProof) this.#parts.onLie(peer, error);
    // What another peer's ledger refuses comes as if that peer could not be reached.
    return code === "UNREACHABLE" || code === "NOT_HELD" ? undefined : code;
  }

  /** @throws GossipError or ChainError: weather, or what the peer has to answer for. */
  async #fetch(peer: PeerId, number: number, signal: AbortSignal): Promise<Block> {
    const { channel, transport, clock, options } = this.#parts;
    const range = { first: number, end: number + 1 };
    let fetched: Block | undefined;
    const onBlock = (bytes: Uint8Array) => {
      if (fetched !== undefined)
        throw new GossipError("BROKEN_PROMISE", "a second block where one was asked for");
      const block = Block.parse(bytes);
      if (block.number !== number)
        throw new ChainError("WRONG_NUMBER", `block ${block.number} where ${number} was asked for`);
      fetched = block;
    };
    await within(clock, options.fetchTimeoutMs, (timeout) =>
      transport.fetchBlocks(peer, { channel, range }, onBlock, AbortSignal.any([timeout, signal])),
    );
    if (fetched === undefined) throw new GossipError("NOT_HELD", `nothing of block ${number}`);
    return fetched;
  }
}
