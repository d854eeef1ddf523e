import { Block, blockNumber } from "../chain/block.ts";
import { ChainError } from "../chain/errors.ts";
import type { Ledger } from "../chain/ledger.ts";
import type { ReceivedBlock, VerifiedBlock } from "./block-buffer.ts";
import { BlockFetcher } from "./block-fetcher.ts";
import { BlockIntake, type OfferOutcome } from "./block-intake.ts";
import type { BlockGossipParts } from "./block-gossip-parts.ts";
import { BlockServer } from "./block-server.ts";
import { CatchUpProgress, type CatchUpReport } from "./catch-up-progress.ts";
import { ChunkPush } from "./chunk-push.ts";
import type { Cut } from "./cut.ts";
import { GossipError } from "./errors.ts";
import type { BlockOrigin } from "./events.ts";
import { ForkWatch } from "./fork-watch.ts";
import type { ChunkMessage, CutId, Message, RepairMessage } from "./messages.ts";
import type { PeerView } from "./peer-view.ts";
import type { ChannelId, PeerId } from "./ports.ts";
import { Pull } from "./pull.ts";
import { Push } from "./push.ts";
import { Repair } from "./repair.ts";
import { SPREAD_NONE, type Spread } from "./spread.ts";
import { StateInfoGossip } from "./state-info-gossip.ts";
import { StateTransfer } from "./state-transfer.ts";

/** The messages that belong to a channel. */
export type ChannelMessage =
  | Exclude<Extract<Message, { readonly channel: ChannelId }>, RepairMessage>
  | ChunkMessage;

/**
 * One channel: brings its blocks from the others into the ledger, and from here to the others. It wires the parts;
 * what each does stands with it. Data flows one way: neighbour → `Push`, `Pull` or `StateTransfer` → `BlockIntake` →
 * ledger, and from the intake back to `Push` for the other neighbours.
 */
export class BlockGossip {
  /** Rings of repair. */
  readonly repair: Repair;
  readonly #parts: BlockGossipParts;
  readonly #intake: BlockIntake;
  readonly #server: BlockServer;
  readonly #push: Push;
  readonly #chunks: ChunkPush;
  readonly #pull: Pull;
  readonly #fetcher: BlockFetcher;
  readonly #stateTransfer: StateTransfer;
  readonly #progress: CatchUpProgress;
  readonly #stateInfo: StateInfoGossip;
  readonly #forks: ForkWatch;
  readonly #failed = Promise.withResolvers<never>();
  readonly #stopped = Promise.withResolvers<void>();
  #hasPeers = false;

  constructor(parts: BlockGossipParts) {
    this.#parts = parts;
    const isComing = (number: number) => this.#push.isComing(number) || this.#chunks.isComing(number);
    const onFailed = (peer: PeerId, error: Error) => this.#fetchFailed(peer, error);
    const onHeight = () => this.#stateTransfer.check();
    this.#intake = new BlockIntake({ ...parts, ...this.#intakeCallbacks() });
    this.#server = new BlockServer(parts.ledger, this.#intake, parts.options.replyBytesMax);
    this.#fetcher = new BlockFetcher({ ...parts, onFailed, offer: (received) => void this.#offer(received) });
    this.#push = new Push({
      ...parts,
      self: parts.keyring.self,
      intake: this.#intake,
      height: () => parts.ledger.height,
      read: this.#read,
      isFetching: (number) => this.#fetcher.isFetching(number),
      onOtherHash: (peer, number) => void this.#forks.suspect(peer, number),
    });
    this.#chunks = new ChunkPush({
      ...parts,
      intake: this.#intake,
      read: this.#read,
      ...this.#chunkCallbacks(),
    });
    const catchUp = { ...parts, intake: this.#intake, fetcher: this.#fetcher, isComing };
    this.#pull = new Pull({ ...catchUp, onHeight, onFailed });
    this.#stateTransfer = new StateTransfer({ ...catchUp, ...this.#catchUpCallbacks() });
    this.#progress = new CatchUpProgress({
      clock: parts.clock,
      height: () => parts.ledger.height,
      target: () => parts.view.highest(),
      sources: () => this.#stateTransfer.sources(),
    });
    this.#stateInfo = new StateInfoGossip({ ...parts, height: () => parts.ledger.height, onHeight });
    this.#forks = new ForkWatch({
      ledger: parts.ledger,
      store: parts.forks,
      inMemory: (number) => this.#intake.inMemory(number),
      fetchOne: (peer, number) =>
        this.#fetcher.fetch({ peer, range: { first: number, end: number + 1 }, origin: "pull" }),
      onFork: (proof) => parts.observe({ kind: "fork", channel: parts.name, ...proof }),
    });
    this.repair = new Repair({ ...parts, intake: this.#intake, fetcher: this.#fetcher });
    // Nobody may be waiting for it when it happens.
    this.#failed.promise.catch(() => undefined);
  }

  get id(): ChannelId {
    return this.#parts.channel;
  }

  /** The channel's name. */
  get name(): string {
    return this.#parts.name;
  }

  /** The channel's other peers as seen from here. */
  get view(): PeerView {
    return this.#parts.view;
  }

  get ledger(): Ledger {
    return this.#parts.ledger;
  }

  get forks(): ForkWatch {
    return this.#forks;
  }

  /** Whether ranges are being fetched to close a gap. */
  get isCatchingUp(): boolean {
    return this.#stateTransfer.isCatchingUp;
  }

  /** How the catch-up gets on; undefined while there is none. */
  get catchUp(): CatchUpReport | undefined {
    return this.#progress.report();
  }

  /** Whether the block is here, verified, durable or not. */
  holds(number: number): boolean {
    return this.#intake.inMemory(number) !== undefined || number < this.#parts.ledger.height;
  }

  /** Bytes of the blocks that wait to be appended, and of the chunks of blocks that are not whole. */
  get bufferedBytes(): number {
    return this.#intake.bufferedBytes + this.#chunks.bytes;
  }

  /**
   * Works until the signal, then resolves. Rejects when the ledger can append no more: the channel has stopped, and
   * only a restart, on a mended disk, goes on.
   */
  async run(signal: AbortSignal): Promise<void> {
    using timers = new DisposableStack();
    const { options } = this.#parts;
    if (options.pull) timers.use(this.#pull.start());
    if (options.stateTransfer) timers.use(this.#stateTransfer.start());
    timers.use(this.#stateInfo.start());
    timers.defer(() => this.#push.stop());
    timers.defer(() => this.#chunks.stop());
    timers.defer(() => this.repair.stop());
    const aborted = Promise.withResolvers<void>();
    signal.addEventListener("abort", () => aborted.resolve(), { once: true });
    if (signal.aborted) return;
    await Promise.race([aborted.promise, this.#stopped.promise, this.#failed.promise]);
  }

  /** Ends `run`: the channel has been left. */
  stop(): void {
    this.#stopped.resolve();
  }

  /**
   * Hands in the next block. Resolves once it is durable here; it is pushed only then, so that the first peer that
   * holds a block never loses it. False: it was here already.
   *
   * @throws ChainError where the block is bad; GossipError `OUT_OF_ORDER` where it is not the next, `CONFLICT` where
   * the ledger holds another block of that number, `STOPPED`.
   */
  async publish(block: Block): Promise<boolean> {
    if (block.number > this.#intake.next) {
      throw new GossipError(
        "OUT_OF_ORDER",
        `block ${block.number} does not follow: the next is ${this.#intake.next}`,
      );
    }
    const outcome = this.#offer({ block, from: undefined, origin: "publish", spread: SPREAD_NONE });
    if (outcome === "held" || outcome === "beyond") {
      throw new GossipError("OUT_OF_ORDER", `block ${block.number} cannot be taken in yet`);
    }
    await this.#intake.durable(block.number);
    if (outcome === "accepted") return true;
    const present = await this.#parts.ledger.read(block.number);
    if (present.hash === block.hash) return false;
    throw new GossipError("CONFLICT", `the ledger holds another block ${block.number}: ${present.hash}`);
  }

  /** What a peer of the channel sends. @throws GossipError or ChainError where it is not to be believed. */
  receive(from: PeerId, message: ChannelMessage): void {
    switch (message.kind) {
      case "block":
        return this.#receiveBlock(from, message.block, message.spread);
      case "cut":
      case "chunk":
      case "chunk-want":
        return this.#chunks.receive(from, message);
      case "advert":
        return this.#receiveAdvert(from, message);
      case "want":
        // What is not there, or cannot be read, is not sent; the asker turns to another.
        this.#push.receiveWant(from, message.number, message.hash).catch(() => undefined);
        return;
      case "state-info":
        return this.#stateInfo.receive(message.statements);
      default:
        return message satisfies never;
    }
  }

  /** Whether a cut of this channel's has that id. */
  knowsCut(cut: CutId): boolean {
    return this.#chunks.knows(cut);
  }

  /** Answers what others ask of this channel. */
  get server(): BlockServer {
    return this.#server;
  }

  /** To be called when the membership has changed: the first peers that are met are asked at once. */
  membershipChanged(): void {
    const hasPeers = this.#parts.view.active().length > 0;
    if (hasPeers && !this.#hasPeers && this.#parts.options.pull) this.#pull.round();
    this.#hasPeers = hasPeers;
  }

  readonly #read = (number: number): Promise<Block> => this.#parts.ledger.read(blockNumber(number));

  #receiveBlock(from: PeerId, bytes: Uint8Array, spread: Spread): void {
    const block = Block.parse(bytes);
    const origin = this.#push.isComing(block.number) ? "want" : "push";
    this.#received(block.number, from, origin);
    try {
      this.#offer({ block, from, origin, spread });
      this.#push.received(from, block);
    } catch (error) {
      this.#push.receivedBad(from, block.number);
      throw error;
    }
  }

  #received(number: number, from: PeerId | undefined, origin: BlockOrigin): void {
    const duplicate = this.#intake.isHere(number);
    this.#parts.observe({ kind: "block-received", channel: this.name, number, from, origin, duplicate });
  }

  #receiveAdvert(from: PeerId, message: Message & { kind: "advert" }): void {
    this.#chunks.noteHolder(from, message.blocks);
    this.#push.receiveAdvert(from, message, (number) => this.#chunks.isComing(number));
    this.#stateTransfer.check();
  }

  #offer(received: ReceivedBlock): OfferOutcome {
    try {
      return this.#intake.offer(received);
    } catch (error) {
      this.#rejected(received, error);
      throw error;
    }
  }

  #rejected(received: ReceivedBlock, error: unknown): void {
    if (!(error instanceof ChainError)) return;
    const { code, message } = error;
    this.#parts.observe({ kind: "rejected", channel: this.name, peer: received.from, code, message });
    // Signed, but it continues another chain: what stands before it there is the proof.
    if (code === "BROKEN_LINK" && received.from !== undefined) {
      void this.#forks.suspect(received.from, received.block.number - 1);
    }
  }

  #intakeCallbacks() {
    const { name, observe } = this.#parts;
    return {
      onVerified: (entry: VerifiedBlock) => {
        const { block, from, origin } = entry;
        const { number, hash } = block;
        observe({ kind: "block-verified", channel: name, number, hash, from, origin });
        this.#chunks.settle(block.number);
        if (origin === "publish") return;
        if (this.#parts.options.push) this.#passOn(entry);
        this.#push.held(entry);
      },
      onCommitted: (entry: VerifiedBlock) => {
        const { block, origin } = entry;
        observe({ kind: "block-committed", channel: name, number: block.number, hash: block.hash, origin });
        if (origin === "publish") this.#spread(entry);
        this.#progress.committed(block.bytes.length);
        this.#stateTransfer.check();
      },
      onReconfigured: () => this.#parts.onReconfigured(),
      onConflict: (second: Block) => {
        this.#forks.record(second).catch((error: unknown) => this.#fail(error));
      },
      onDropped: (entry: ReceivedBlock, error: ChainError) => this.#rejected(entry, error),
      onFailure: (error: Error) => this.#fail(error),
    };
  }

  #chunkCallbacks() {
    const { name, observe } = this.#parts;
    return {
      offer: (received: ReceivedBlock) => {
        this.#received(received.block.number, received.from, received.origin);
        this.#offer(received);
      },
      holds: (peer: PeerId, cut: Cut) => this.#push.holders.has(cut.hash, peer),
      onNotNeeded: (peer: PeerId, { number, hash, blockBytes }: Cut) =>
        this.#push.tellHeld(peer, { number, hash, blockBytes }),
      onLie: (peer: PeerId, error: GossipError) => {
        const { code, message } = error;
        observe({ kind: "rejected", channel: name, peer, code, message });
        this.#parts.onLie(peer, error);
      },
      onGivenUp: () => this.#pull.round(),
    };
  }

  #passOn(entry: VerifiedBlock): void {
    const { block, from, origin } = entry;
    if (origin === "push") this.#push.onwards(entry);
    if (from !== undefined && (origin === "push" || origin === "chunks")) this.#push.bridge(block, from);
  }

  /** The first peer's work, once the block is durable here. */
  #spread(entry: VerifiedBlock): void {
    if (!this.#parts.options.push) return;
    if (this.#chunks.takes(entry.block)) this.#chunks.first(entry.block);
    else this.#push.first(entry.block);
    this.#push.held(entry);
  }

  #catchUpCallbacks() {
    const { name, observe, ledger } = this.#parts;
    return {
      onStart: (target: number) => {
        this.#progress.begin();
        observe({ kind: "catching-up", channel: name, height: ledger.height, target });
      },
      onProgress: () => {
        const report = this.#progress.dueReport();
        if (report !== undefined) observe({ kind: "catch-up-progress", channel: name, ...report });
      },
      onEnd: () =>
        observe({ kind: "caught-up", channel: name, height: ledger.height, ...this.#progress.end() }),
    };
  }

  #fetchFailed(peer: PeerId, error: Error): void {
    const code = error instanceof GossipError || error instanceof ChainError ? error.code : "UNREACHABLE";
    this.#parts.observe({ kind: "fetch-failed", channel: this.name, peer, code, message: error.message });
    if (code === "NOT_A_MEMBER") this.#parts.introduce(peer);
    // Other codes of ours may be what the peer has refused us with.
    if (code === "BROKEN_PROMISE" || error instanceof ChainError) this.#parts.onLie(peer, error);
  }

  #fail(error: unknown): void {
    const failure = error instanceof Error ? error : new Error(String(error));
    this.#parts.observe({ kind: "failed", channel: this.name, error: failure });
    this.#failed.reject(failure);
  }
}
