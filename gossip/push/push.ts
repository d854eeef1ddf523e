import type { Block, BlockHash } from "../../chain/block.ts";
import type { AnswerBudget } from "../catch-up/answer-budget.ts";
import { AdvertBatch } from "./advert-batch.ts";
import type { VerifiedBlock } from "../channel/block-buffer.ts";
import type { BlockIntake } from "../channel/block-intake.ts";
import type { BlockOrigin } from "../events.ts";
import { rateLimited } from "../errors.ts";
import { Holders } from "./holders.ts";
import type { HeldBlock, Message } from "../wire/messages.ts";
import type { GossipOptions } from "../options.ts";
import type { PeerView } from "../channel/peer-view.ts";
import type { ChannelId, Clock, PeerId, Random, Transport } from "../ports.ts";
import { pushPlan } from "./push-plan.ts";
import { RecentHashes } from "../channel/recent-hashes.ts";
import { relayedSpread } from "./relay-lines.ts";
import type { RelayMessage } from "./relay-messages.ts";
import { RelayWatch } from "./relay-watch.ts";
import { SPREAD_NONE, spreadTargets, type SpreadTargets } from "./spread.ts";
import { Wants } from "./wants.ts";

export interface PushParts {
  readonly self: PeerId;
  readonly channel: ChannelId;
  readonly view: PeerView;
  readonly intake: BlockIntake;
  /** What answers may cost that nobody was promised. */
  readonly budget: AnswerBudget;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly options: GossipOptions;
  /** The height of our own ledger. */
  readonly height: () => number;
  /** Reads a block that is not in memory any more. */
  readonly read: (number: number) => Promise<Block>;
  /** Whether the block is being fetched by other means. */
  readonly isFetching: (number: number) => boolean;
  /** A block is asked of a neighbour that has announced it. */
  readonly onWanted: (from: PeerId, number: number) => void;
  /** A neighbour names another hash than that of the block that is here. */
  readonly onOtherHash: (peer: PeerId, number: number) => void;
}

/**
 * Sends a new block on, once, and whole: along the way that its first peer has planned, so that each peer gets one
 * copy. A moment later each tells some random neighbours what it holds, and who lacks it asks for it: that is what
 * makes up for relays that fail and for views that differ (full copies first and digests after, Berendea et al. 2020;
 * rumour mongering with "removed" peers, Demers 1987).
 */
export class Push {
  readonly #parts: PushParts;
  readonly #holders = new Holders();
  readonly #wants: Wants;
  readonly #adverts: AdvertBatch;
  readonly #relays: RelayWatch;
  /** Blocks that came unasked. */
  readonly #came = new RecentHashes();

  constructor(parts: PushParts) {
    this.#parts = parts;
    const { channel, transport, clock, options, onWanted } = parts;
    this.#wants = new Wants(clock, options, ({ peer, number, hash }) => {
      onWanted(peer, number);
      transport.send(peer, { kind: "want", channel, number, hash });
    });
    this.#adverts = new AdvertBatch({ ...parts, holders: this.#holders });
    this.#relays = new RelayWatch(parts);
  }

  /** Which neighbours are known to hold which blocks. */
  get holders(): Holders {
    return this.#holders;
  }

  /** Whether a block has been asked for after an advert. */
  isComing(number: number): boolean {
    return this.#wants.has(number);
  }

  /** To be called with each good block that a neighbour sends, new here or not. */
  received(from: PeerId, block: Block, origin: BlockOrigin): void {
    if (origin === "push") this.#came.add(block.hash);
    this.#holders.add(block.hash, from);
    this.#wants.settle(block.number);
  }

  /** The neighbour has sent a bad block; whoever else offered one of that number is asked next. */
  receivedBad(from: PeerId, number: number): void {
    this.#wants.fail(from, number);
  }

  /** Sends a block that was handed in here. Returns to whom it could not be sent. */
  first(block: Block): readonly PeerId[] {
    const { self, view, options } = this.#parts;
    if (options.pushFanout !== "auto") return this.#send(block, this.#sampled(block));
    const { pushDirectBytesMax: directBytesMax, neighboursMax } = options;
    const blockBytes = block.bytes.length;
    const trusted = new Set(view.scores.trusted(view.active(), "relay"));
    const isTrusted = (peer: PeerId) => trusted.has(peer);
    const plan = { self, view, number: block.number, blockBytes, directBytesMax, neighboursMax, isTrusted };
    const { targets, lines } = relayedSpread(self, view, pushPlan(plan), isTrusted);
    const copies = targets.reduce((sum, { peers }) => sum + peers.length, 0);
    this.#relays.gave(block, lines, copies);
    return this.#send(block, targets);
  }

  /** Sends on a block that a neighbour pushed. */
  onwards({ block, spread }: VerifiedBlock): void {
    const { self, view, options } = this.#parts;
    if (options.pushFanout !== "auto") this.#send(block, this.#sampled(block));
    // One block must not make more than its share: only its first peer sends it to all.
    else if (spread.step === "row" || spread.step === "column")
      this.#send(block, spreadTargets(self, view, spread));
  }

  /** Passes a block on to those whom its sender cannot see, and who would have to wait for adverts. */
  bridge(block: Block, from: PeerId): void {
    const { channel, view, transport } = this.#parts;
    const message: Message = { kind: "block", channel, spread: SPREAD_NONE, block: block.bytes };
    for (const peer of view.unseenBy(from)) {
      if (!this.#holders.has(block.hash, peer) && transport.send(peer, message))
        this.#holders.add(block.hash, peer);
    }
  }

  /**
   * The block is here; to be called once for each. Those who may lack it are told later. What was fetched because it
   * was missed is not told: the others have it.
   */
  held({ block, from, origin }: VerifiedBlock): void {
    this.#wants.settle(block.number);
    if (from !== undefined) this.#holders.add(block.hash, from);
    if (origin !== "pull" && origin !== "state-transfer" && origin !== "repair")
      this.#adverts.add(block, from);
  }

  /** A neighbour sends what is here already: it is told so, once. */
  tellHeld(peer: PeerId, block: HeldBlock): void {
    if (this.#holders.has(block.hash, peer)) return;
    this.#holders.add(block.hash, peer);
    this.#adverts.tell(peer, [block]);
  }

  /** A neighbour holds blocks. Those that are on their way in chunks are not asked for. */
  receiveAdvert(
    from: PeerId,
    { height, blocks }: Message & { kind: "advert" },
    isInChunks: (number: number) => boolean,
  ): void {
    this.#parts.view.noteHeight(from, height);
    for (const block of blocks) this.#receiveHeld(from, block, isInChunks);
  }

  /**
   * A neighbour asks for a block. One that it was told of is sent, once; another, if there is something left for it.
   * Resolves when it is sent, or when it is not there and is not.
   *
   * @throws GossipError `RATE_LIMITED`.
   */
  receiveWant(from: PeerId, number: number, hash: BlockHash): Promise<void> {
    const { budget } = this.#parts;
    if (this.#adverts.takeTold(hash, from))
      return this.#sendWanted(from, number, hash).then((bytes) => budget.charge(from, bytes));
    const grant = budget.grant(from);
    if (grant === undefined) throw rateLimited(from);
    return this.#sendWanted(from, number, hash).then((bytes) => budget.settle(from, grant, bytes));
  }

  /** A peer asks whether a block was passed on to us, or says whether it was passed on to it. */
  receiveRelayWord(from: PeerId, message: RelayMessage): void {
    if (message.kind === "relay-answer") return this.#relays.answered(from, message);
    const { channel, number, hash } = message;
    const came = this.#came.has(hash);
    this.#parts.transport.send(from, { kind: "relay-answer", channel, number, hash, came });
  }

  /** Stops waiting for anything. */
  stop(): void {
    this.#relays.stop();
    this.#wants.clear();
    this.#adverts.stop();
  }

  /** The bytes that were sent. Does not reject. */
  async #sendWanted(to: PeerId, number: number, hash: BlockHash): Promise<number> {
    const { channel, intake, transport, read } = this.#parts;
    const block = intake.inMemory(number) ?? (await read(number).catch(() => undefined));
    if (block?.hash !== hash) return 0;
    this.#holders.add(hash, to);
    transport.send(to, { kind: "block", channel, spread: SPREAD_NONE, block: block.bytes });
    return block.bytes.length;
  }

  #receiveHeld(from: PeerId, held: HeldBlock, isInChunks: (number: number) => boolean): void {
    const { number, hash } = held;
    const { intake, isFetching, onOtherHash } = this.#parts;
    this.#holders.add(hash, from);
    if (intake.isHere(number)) {
      const present = intake.hashOf(number);
      if (present !== undefined && present !== hash) onOtherHash(from, number);
      return;
    }
    if (number < intake.windowEnd && !isFetching(number) && !isInChunks(number))
      this.#wants.offer({ ...held, peer: from });
  }

  #sampled({ hash }: Block): readonly SpreadTargets[] {
    const { view, options } = this.#parts;
    if (options.pushFanout === "auto") return [];
    const peers = view.sample(options.pushFanout, (peer) => this.#holders.has(hash, peer));
    return [{ peers, spread: SPREAD_NONE }];
  }

  /** Returns to whom it could not be sent. */
  #send(block: Block, targets: readonly SpreadTargets[]): readonly PeerId[] {
    const { channel, transport, budget } = this.#parts;
    budget.passingOn();
    const unsent: PeerId[] = [];
    for (const { peers, spread } of targets) {
      const message: Message = { kind: "block", channel, spread, block: block.bytes };
      for (const peer of peers) {
        if (this.#holders.has(block.hash, peer)) continue;
        if (transport.send(peer, message)) this.#holders.add(block.hash, peer);
        else unsent.push(peer);
      }
    }
    return unsent;
  }
}
