import { Block } from "../../chain/block.ts";
import type { Ledger } from "../../chain/ledger.ts";
import type { AntiEntropySettings } from "../catch-up/anti-entropy-settings.ts";
import type { BlockGossipParts } from "./block-gossip-parts.ts";
import type { CatchUpReport } from "../catch-up/catch-up-progress.ts";
import { ChannelWorks } from "./channel-works.ts";
import type { MailCounts } from "../push/direct-mail.ts";
import { GossipError, rateLimited } from "../errors.ts";
import type { ForkWatch } from "./fork-watch.ts";
import type { Journeys } from "../journeys/journeys.ts";
import type { Leadership } from "../leaders/leader-election.ts";
import type { BlockRange, ChunkMessage, CutId, Message, RepairMessage } from "../wire/messages.ts";
import type { PeerView } from "./peer-view.ts";
import type { ChannelId, PeerId } from "../ports.ts";
import type { Repair } from "../repair/repair.ts";
import type { SourceReport } from "../leaders/source-follower.ts";
import { SPREAD_NONE, type Spread } from "../push/spread.ts";

/** The messages that belong to a channel. */
export type ChannelMessage =
  | Exclude<Extract<Message, { readonly channel: ChannelId }>, RepairMessage>
  | ChunkMessage;

/**
 * One channel: brings its blocks from the others into the ledger, and from here to the others. What it is made of, and
 * what each part tells the others, stands in {@link ChannelWorks}.
 */
export class BlockGossip {
  readonly #parts: BlockGossipParts;
  readonly #works: ChannelWorks;
  readonly #stopped = Promise.withResolvers<void>();
  #hasPeers = false;

  constructor(parts: BlockGossipParts) {
    this.#parts = parts;
    this.#works = new ChannelWorks(parts);
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
    return this.#works.forks;
  }

  /** Rings of repair. */
  get repair(): Repair {
    return this.#works.repair;
  }

  /** How blocks came here, and to others. */
  get journeys(): Journeys {
    return this.#works.journeys;
  }

  /** How what is held is compared with others; what is set holds from now on. @throws GossipError `INVALID_OPTION`. */
  get antiEntropy(): AntiEntropySettings {
    return this.#works.antiEntropy.settings;
  }

  set antiEntropy(settings: AntiEntropySettings) {
    this.#works.antiEntropy.settings = settings;
  }

  /** Which peer of our organisation brings blocks in, as seen from here. */
  get leadership(): Leadership {
    return this.#works.leadership.standing;
  }

  /** What is seen of the block sources; undefined where there are none. */
  get source(): SourceReport | undefined {
    return this.#works.follower.report;
  }

  /** Whether ranges are being fetched to close a gap. */
  get isCatchingUp(): boolean {
    return this.#works.stateTransfer.isCatchingUp;
  }

  /** How the catch-up gets on; undefined while there is none. */
  get catchUp(): CatchUpReport | undefined {
    return this.#works.progress.report();
  }

  /** What has become of blocks that entered here and could not be sent to a peer at once. */
  get mail(): MailCounts {
    return this.#works.mail.counts;
  }

  /** Whether the block is here, verified, durable or not. */
  holds(number: number): boolean {
    return this.#works.intake.inMemory(number) !== undefined || number < this.#parts.ledger.height;
  }

  /** How many verified blocks wait to be appended, or for their config block. */
  get bufferedBlocks(): number {
    return this.#works.intake.bufferedBlocks;
  }

  /** Bytes of the blocks that wait to be appended, and of the chunks of blocks that are not whole. */
  get bufferedBytes(): number {
    return this.#works.intake.bufferedBytes + this.#works.chunks.bytes;
  }

  /**
   * Works until the signal, then resolves. Rejects when the ledger can append no more: the channel has stopped, and
   * only a restart, on a mended disk, goes on.
   */
  async run(signal: AbortSignal): Promise<void> {
    using timers = new DisposableStack();
    const { options } = this.#parts;
    timers.use(this.#works.antiEntropy.start());
    if (options.stateTransfer) timers.use(this.#works.stateTransfer.start());
    timers.use(this.#works.stateInfo.start());
    timers.use(this.#works.leadership.start());
    timers.defer(() => this.#works.push.stop());
    timers.defer(() => this.#works.chunks.stop());
    timers.defer(() => this.#works.untold.stop());
    timers.defer(() => this.#works.mail.stop());
    timers.defer(() => this.#works.receipts.stop());
    timers.defer(() => this.#works.forks.stop());
    timers.defer(() => this.repair.stop());
    timers.defer(() => this.journeys.stop());
    const aborted = Promise.withResolvers<void>();
    signal.addEventListener("abort", () => aborted.resolve(), { once: true });
    if (signal.aborted) return;
    await Promise.race([aborted.promise, this.#stopped.promise, this.#works.failed]);
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
    if (block.number > this.#works.intake.next) {
      throw new GossipError(
        "OUT_OF_ORDER",
        `block ${block.number} does not follow: the next is ${this.#works.intake.next}`,
      );
    }
    const outcome = this.#works.offer({ block, from: undefined, origin: "publish", spread: SPREAD_NONE });
    if (outcome === "held" || outcome === "beyond") {
      throw new GossipError("OUT_OF_ORDER", `block ${block.number} cannot be taken in yet`);
    }
    await this.#works.intake.durable(block.number);
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
        return this.#works.chunks.receive(from, message);
      case "advert":
        return this.#receiveAdvert(from, message);
      case "want":
        // What is not there, or cannot be read, is not sent; the asker turns to another.
        void this.#works.push.receiveWant(from, message.number, message.hash);
        return;
      case "relay-question":
      case "relay-answer":
        return this.#works.push.receiveRelayWord(from, message);
      case "state-info":
        return this.#works.stateInfo.receive(message.statements);
      case "syn":
      case "ack":
      case "ack2":
        return this.#works.antiEntropy.receive(from, message);
      case "fork-proof":
        return this.#works.forks.receive(from, message);
      case "journey-question":
      case "journey-answer":
        return this.journeys.receive(from, message);
      default:
        return message satisfies never;
    }
  }

  /** Whether a cut of this channel's has that id. */
  knowsCut(cut: CutId): boolean {
    return this.#works.chunks.knows(cut);
  }

  /** A chunk has come of a cut that no channel knows: it may be one of this channel's. */
  receiveUntold(from: PeerId, cut: CutId): void {
    const { next } = this.#works.intake;
    this.#works.untold.received(from, () => this.knowsCut(cut) || this.#works.intake.next > next);
  }

  /** What is held of a range that a peer asks for. @throws GossipError `RATE_LIMITED`; as `BlockServer.blocks`. */
  async serve(from: PeerId, range: BlockRange): Promise<readonly Uint8Array[]> {
    const { budget, server } = this.#works;
    const grant = budget.grant(from, true);
    if (grant === undefined) throw rateLimited(from);
    let bytes = 0;
    try {
      const blocks = await server.blocks(range, grant.bytesMax);
      bytes = blocks.reduce((sum, block) => sum + block.length, 0);
      return blocks;
    } finally {
      budget.settle(from, grant, bytes);
    }
  }

  /** To be called when the membership has changed: the first peers that are met are asked at once. */
  membershipChanged(): void {
    const hasPeers = this.#parts.view.active().length > 0;
    if (hasPeers && !this.#hasPeers) this.#works.antiEntropy.round();
    this.#hasPeers = hasPeers;
    this.#works.stateInfo.membershipChanged();
    this.#works.leadership.changed();
    this.#works.mail.membershipChanged();
    this.#works.chunks.membershipChanged();
  }

  /** The link to a peer is gone: what it was to pass on of new blocks, others are given. */
  disconnected(peer: PeerId): void {
    this.#works.chunks.disconnected(peer);
  }

  #receiveBlock(from: PeerId, bytes: Uint8Array, spread: Spread): void {
    const block = Block.parse(bytes);
    const origin = this.#works.push.isComing(block.number) ? "want" : "push";
    const received = { block, from, origin, spread } as const;
    this.#works.received(received);
    try {
      const outcome = this.#works.offer(received);
      this.#works.push.received(from, block, origin);
      if (origin === "push" && spread.step === "none")
        this.#works.receipts.received(from, outcome === "accepted");
    } catch (error) {
      this.#works.push.receivedBad(from, block.number);
      throw error;
    }
  }

  #receiveAdvert(from: PeerId, message: Message & { kind: "advert" }): void {
    this.#works.chunks.noteHolder(from, message.blocks);
    this.#works.push.receiveAdvert(from, message, (number) => this.#works.chunks.isComing(number));
    this.#works.heightsTold();
  }
}
