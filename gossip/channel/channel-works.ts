import { type Block, blockNumber } from "../../chain/block.ts";
import { ChainError } from "../../chain/errors.ts";
import { AnswerBudget } from "../catch-up/answer-budget.ts";
import { AntiEntropy } from "../catch-up/anti-entropy.ts";
import type { ReceivedBlock } from "./block-buffer.ts";
import { BlockFetcher } from "../catch-up/block-fetcher.ts";
import type { BlockGossipParts } from "./block-gossip-parts.ts";
import { BlockIntake, type OfferOutcome } from "./block-intake.ts";
import { BlockServer } from "./block-server.ts";
import { CatchUpProgress } from "../catch-up/catch-up-progress.ts";
import { catchUpReactions, chunkReactions, intakeReactions } from "./channel-reactions.ts";
import { ChunkPush } from "../push/chunk-push.ts";
import { DirectMail } from "../push/direct-mail.ts";
import { EntropyIntake } from "../catch-up/entropy-intake.ts";
import { GossipError } from "../errors.ts";
import type { GossipEvent } from "../events.ts";
import { ForkWatch } from "./fork-watch.ts";
import { Journeys } from "../journeys/journeys.ts";
import { ChannelLeadership } from "../leaders/leadership.ts";
import type { PeerId } from "../ports.ts";
import { MailReceipts } from "../push/mail-receipts.ts";
import { Push } from "../push/push.ts";
import { Repair } from "../repair/repair.ts";
import { SourceFollower } from "../leaders/source-follower.ts";
import { SPREAD_NONE } from "../push/spread.ts";
import { StateInfoGossip } from "./state-info-gossip.ts";
import { StateTransfer } from "../catch-up/state-transfer.ts";
import { UntoldChunks } from "../push/untold-chunks.ts";

/**
 * The parts of one channel, wired: each is told here what it needs of the others, and what becomes of its news stands
 * in `channel-reactions.ts`. Data flows one way: neighbour → `Push`, `AntiEntropy` or `StateTransfer` → `offer` →
 * `BlockIntake` → ledger, and from the intake back to `Push` for the other neighbours.
 *
 * A part that brings blocks adds itself to `isComing`, so that no other asks for them as well.
 */
export class ChannelWorks {
  readonly parts: BlockGossipParts;
  readonly intake: BlockIntake;
  readonly server: BlockServer;
  readonly budget: AnswerBudget;
  readonly fetcher: BlockFetcher;
  readonly push: Push;
  readonly chunks: ChunkPush;
  readonly untold: UntoldChunks;
  readonly mail: DirectMail;
  readonly receipts: MailReceipts;
  readonly antiEntropy: AntiEntropy;
  readonly stateTransfer: StateTransfer;
  readonly progress: CatchUpProgress;
  readonly stateInfo: StateInfoGossip;
  readonly follower: SourceFollower;
  readonly leadership: ChannelLeadership;
  readonly forks: ForkWatch;
  readonly repair: Repair;
  readonly journeys: Journeys;
  readonly #failure = Promise.withResolvers<never>();

  constructor(given: BlockGossipParts) {
    this.journeys = new Journeys({ ...given, height: () => given.ledger.height });
    const parts = { ...given, observe: (event: GossipEvent) => this.#observe(given, event) };
    this.parts = parts;
    this.intake = new BlockIntake({ ...parts, ...intakeReactions(this) });
    this.server = new BlockServer(parts.ledger, this.intake, parts.options.replyBytesMax);
    this.budget = new AnswerBudget(parts.clock, parts.options, () => parts.view.active().length);
    this.fetcher = new BlockFetcher({
      ...parts,
      onFailed: (peer, error) => this.fetchFailed(peer, error),
      offer: (received) => void this.offer(received),
    });
    this.push = this.#makePush();
    this.chunks = new ChunkPush({
      ...parts,
      intake: this.intake,
      budget: this.budget,
      read: (number) => this.#read(number),
      ...chunkReactions(this),
    });
    this.untold = new UntoldChunks(parts.clock, (peer) => this.#fetchNext(peer));
    this.mail = new DirectMail({ ...parts, server: this.server });
    this.receipts = new MailReceipts({ ...parts, height: () => parts.ledger.height });
    this.antiEntropy = this.#makeAntiEntropy();
    this.stateTransfer = this.#makeStateTransfer();
    this.progress = new CatchUpProgress({
      clock: parts.clock,
      height: () => parts.ledger.height,
      target: () => parts.view.highest(),
      sources: () => this.stateTransfer.sources(),
    });
    this.stateInfo = this.#makeStateInfo();
    this.follower = this.#makeFollower();
    this.leadership = new ChannelLeadership({
      ...parts,
      intake: this.intake,
      follower: this.follower,
      stateInfo: this.stateInfo,
      isComing: (number) => this.fetcher.isFetching(number) || this.isComing(number),
    });
    this.forks = this.#makeForkWatch();
    this.repair = new Repair({ ...parts, intake: this.intake, fetcher: this.fetcher });
    // Nobody may be waiting for it when it happens.
    this.failed.catch(() => undefined);
  }

  /** Rejects when the channel can go on no more. */
  get failed(): Promise<never> {
    return this.#failure.promise;
  }

  /** Whether a block is on its way without being fetched. */
  isComing(number: number): boolean {
    return this.push.isComing(number) || this.chunks.isComing(number) || this.antiEntropy.isComing(number);
  }

  /** Takes a block in, from whomever it comes. @throws as `BlockIntake.offer` does. */
  offer(received: ReceivedBlock): OfferOutcome {
    try {
      return this.intake.offer(received);
    } catch (error) {
      this.rejected(received, error);
      throw error;
    }
  }

  /** A neighbour tells of a block that is to come. */
  announced(from: PeerId, number: number): void {
    const { name, observe } = this.parts;
    observe({ kind: "block-announced", channel: name, number, from });
  }

  /** A block has come from a neighbour that was not asked for a range. To be called before it is offered. */
  received({ block: { number }, from, origin }: Pick<ReceivedBlock, "block" | "from" | "origin">): void {
    const { name, observe } = this.parts;
    const duplicate = this.intake.isHere(number);
    observe({ kind: "block-received", channel: name, number, from, origin, duplicate });
  }

  /** A peer may have told a greater height. */
  heightsTold(): void {
    this.mail.heightsTold();
    this.stateTransfer.check();
  }

  /** A block has turned out bad. */
  rejected(received: ReceivedBlock, error: unknown): void {
    if (!(error instanceof ChainError)) return;
    const { code, message } = error;
    const { name, observe } = this.parts;
    const { number } = received.block;
    observe({ kind: "rejected", channel: name, number, peer: received.from, code, message });
    // Signed, but it continues another chain: what stands before it there is the proof.
    if (code === "BROKEN_LINK" && received.from !== undefined) {
      void this.forks.suspect(received.from, number - 1);
    }
  }

  /** A peer has not answered as it should have. */
  fetchFailed(peer: PeerId, error: Error): void {
    const { name, observe, introduce, onLie } = this.parts;
    const code = error instanceof GossipError || error instanceof ChainError ? error.code : "UNREACHABLE";
    observe({ kind: "fetch-failed", channel: name, peer, code, message: error.message });
    if (code === "NOT_A_MEMBER") introduce(peer);
    // Other codes of ours may be what the peer has refused us with.
    if (code === "BROKEN_PROMISE" || error instanceof ChainError) onLie(peer, error);
  }

  /** The channel can go on no more. */
  fail(error: unknown): void {
    const failure = error instanceof Error ? error : new Error(String(error));
    this.parts.observe({ kind: "failed", channel: this.parts.name, error: failure });
    this.#failure.reject(failure);
  }

  #observe({ observe }: BlockGossipParts, event: GossipEvent): void {
    this.journeys.note(event);
    observe(event);
  }

  /** Asks a peer for the blocks that follow here, without knowing whether it holds them. */
  async #fetchNext(peer: PeerId): Promise<void> {
    const { view, options } = this.parts;
    const { next } = this.intake;
    if (this.stateTransfer.isCatchingUp || !view.scores.isTrusted(peer, "source")) return;
    const range = { first: next, end: next + options.stateTransferBatchBlocks };
    await this.fetcher.fetch({ peer, range, origin: "pull", isQuestion: true, isBeside: true });
  }

  #read(number: number): Promise<Block> {
    return this.parts.ledger.read(blockNumber(number));
  }

  #makePush(): Push {
    const { parts } = this;
    return new Push({
      ...parts,
      self: parts.keyring.self,
      intake: this.intake,
      budget: this.budget,
      height: () => parts.ledger.height,
      read: (number) => this.#read(number),
      isFetching: (number) => this.fetcher.isFetching(number),
      onWanted: (from, number) => this.announced(from, number),
      onOtherHash: (peer, number) => void this.forks.suspect(peer, number),
    });
  }

  #makeAntiEntropy(): AntiEntropy {
    const { parts } = this;
    const intake = new EntropyIntake({
      ...parts,
      intake: this.intake,
      isComing: (number) => this.fetcher.isFetching(number) || this.isComing(number),
      isCatchingUp: () => this.stateTransfer.isCatchingUp,
      offer: (received) => {
        this.received(received);
        this.offer(received);
      },
      onHeight: () => this.heightsTold(),
      onOtherHash: (peer, number) => void this.forks.suspect(peer, number),
    });
    return new AntiEntropy({
      ...parts,
      server: this.server,
      budget: this.budget,
      intake,
      height: () => parts.ledger.height,
      onFailed: (peer, error) => this.fetchFailed(peer, error),
    });
  }

  #makeStateTransfer(): StateTransfer {
    return new StateTransfer({
      ...this.parts,
      intake: this.intake,
      fetcher: this.fetcher,
      isComing: (number) => this.isComing(number),
      ...catchUpReactions(this),
    });
  }

  #makeStateInfo(): StateInfoGossip {
    return new StateInfoGossip({
      ...this.parts,
      height: () => this.parts.ledger.height,
      role: () => this.leadership.role,
      onHeight: () => this.heightsTold(),
      onRole: () => this.leadership.changed(),
    });
  }

  #makeFollower(): SourceFollower {
    return new SourceFollower({
      ...this.parts,
      intake: this.intake,
      isComing: (number) => this.isComing(number),
      offer: (block) => {
        const received = { block, from: undefined, origin: "source", spread: SPREAD_NONE } as const;
        this.received(received);
        return this.offer(received);
      },
      rank: () => this.leadership.rank,
      onLooked: () => this.leadership.looked(),
    });
  }

  #makeForkWatch(): ForkWatch {
    const { forks, name, observe, onLie } = this.parts;
    return new ForkWatch({
      ...this.parts,
      store: forks,
      inMemory: (number) => this.intake.inMemory(number),
      fetchOne: (peer, number) =>
        this.fetcher.fetch({ peer, range: { first: number, end: number + 1 }, origin: "pull" }),
      onBad: (peer, error) => error instanceof ChainError && onLie(peer, error),
      onFailure: (error) => this.fail(error),
      onFork: (proof) => observe({ kind: "fork", channel: name, ...proof }),
    });
  }
}
