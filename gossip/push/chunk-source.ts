import type { Block } from "../../chain/block.ts";
import type { AnswerBudget } from "../catch-up/answer-budget.ts";
import type { PeerView } from "../channel/peer-view.ts";
import { RELAY_BROKEN_MIN } from "../channel/peer-scores.ts";
import type { GossipOptions } from "../options.ts";
import type { ChannelId, Clock, ErasureCode, Keyring, PeerId, Random, Transport } from "../ports.ts";
import { Timers } from "../timers.ts";
import type { CutId, Message } from "../wire/messages.ts";
import { ChunkDealer } from "./chunk-dealer.ts";
import { cutShape, isNear, ownShare, reachEverybody } from "./chunk-plan.ts";
import { CutBlock } from "./cut-block.ts";
import { roundsOf, type Cut } from "./cut.ts";
import { LaneRecord } from "./lane-record.ts";
import { LostRelays } from "./lost-relays.ts";
import { RelayChoice } from "./relay-choice.ts";
import type { SentBlock } from "./sent-block.ts";
import { StandIns } from "./stand-ins.ts";
import { WantAnswers } from "./want-answers.ts";

export interface ChunkSourceParts {
  /** What answers may cost. */
  readonly budget: AnswerBudget;
  readonly channel: ChannelId;
  readonly view: PeerView;
  readonly keyring: Keyring;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly options: GossipOptions;
  readonly code: ErasureCode;
  /** Whether the peer is known to hold the block. */
  readonly holds: (peer: PeerId, cut: Cut) => boolean;
}

/** Fewer peers than this do not relieve the source. */
const RELAYS_MIN = 3;

/** Cuts that wants are answered for. */
const SENT_MAX = 8;

/** Those who lack the same do not ask at the same time: a relay is blamed when this has passed since the first. */
const BLAME_MS = 250;

/** Whoever lacks anything of a block has asked for it by then; and a second after those who hold it say so. */
const KEPT_MS = 5_000;
const SPOKEN_MS = 1_000;

/**
 * The producer's side of the fast path for large blocks: the block is cut, and each chunk given to another random
 * neighbour, who passes it on to the others; so the source sends about one copy of the block in all (two-hop relay,
 * ../docs/PROTOCOL.md). Relays that stay silent are made up for by parity, made when peers say that they lack chunks,
 * and are given nothing the next time.
 */
export class ChunkSource {
  readonly #parts: ChunkSourceParts;
  readonly #relays: RelayChoice;
  readonly #dealer: ChunkDealer;
  readonly #answers: WantAnswers;
  readonly #lost: LostRelays;
  readonly #sent = new Map<CutId, SentBlock>();
  readonly #timers: Timers;

  constructor(parts: ChunkSourceParts) {
    this.#parts = parts;
    this.#relays = new RelayChoice(parts);
    this.#dealer = new ChunkDealer(parts);
    this.#answers = new WantAnswers(parts, this.#relays, this.#dealer);
    this.#lost = new LostRelays(parts, this.#dealer, () => this.#sent.values());
    this.#timers = new Timers(parts.clock);
  }

  /** Whether the block is worth being cut, and there is anybody to relay it. */
  takes(block: Block): boolean {
    const { options, view } = this.#parts;
    return (
      options.chunks && block.bytes.length >= options.chunkBlockBytesMin && view.active().length >= RELAYS_MIN
    );
  }

  /** Cuts the block and gives its chunks to relays. Returns who could not be told of it. */
  send(block: Block): readonly PeerId[] {
    const { channel, keyring, view, budget, clock } = this.#parts;
    budget.passingOn();
    const heads = this.#relays.heads();
    this.#relays.sent();
    const { number, hash, bytes } = block;
    const cutBlock = CutBlock.make(
      bytes,
      { channel, number, hash },
      cutShape(bytes.length, heads, isNear(view)),
      keyring,
    );
    const { cut } = cutBlock;
    const used = heads.slice(0, cut.lanes);
    const untold = this.#dealer.tell(cutBlock, used);
    const peers = heads.map(({ peer }) => peer);
    const own = reachEverybody(used) ? ownShare(used, peers) : [];
    this.#dealer.deal(cutBlock, 0, used, own);
    const record = new LaneRecord(used, roundsOf(cut), own);
    const sent: SentBlock = {
      block: cutBlock,
      sinceMs: clock.now(),
      record,
      standIns: new StandIns(() => this.#relays.heads()),
      wants: new Map(),
      answered: new Map(),
      parityLane: cut.lanes,
      waves: [],
      gathered: 0,
    };
    this.#remember(sent);
    this.#answers.dealt(sent, used);
    this.#timers.after(Math.max(KEPT_MS, this.#spokenMs(cut)), () => {
      record.blame(view.scores, this.#spoken(cut, record));
      record.praise(view.scores);
    });
    return untold;
  }

  /** Whether a block of that number was cut here lately. */
  hasSent(number: number): boolean {
    return [...this.#sent.values()].some(({ block }) => block.cut.number === number);
  }

  /** A peer lacks chunks of a cut. False: it is not one that was made here lately. */
  receiveWant(from: PeerId, want: Message & { kind: "chunk-want" }): boolean {
    const sent = this.#sent.get(want.cut);
    if (sent === undefined) return false;
    if (sent.record.askers === 0) this.#timers.after(BLAME_MS, () => this.#blame(sent));
    this.#answers.receive(sent, from, want);
    return true;
  }

  /** A relay is out of reach. */
  disconnected(relay: PeerId): void {
    this.#lost.lost(relay);
  }

  /** Who is in the channel has changed. */
  membershipChanged(): void {
    this.#lost.membershipChanged();
  }

  /** The peer has sent a chunk that is none. */
  distrust(peer: PeerId): void {
    this.#parts.view.scores.broken(peer, "relay", RELAY_BROKEN_MIN);
  }

  /** Waits for nothing any more. */
  stop(): void {
    this.#timers[Symbol.dispose]();
    this.#answers.stop();
    this.#lost.stop();
  }

  #blame({ record }: SentBlock): void {
    const { view } = this.#parts;
    record.blame(view.scores, view.active().length);
  }

  #spokenMs({ blockBytes }: Cut): number {
    const { advertDelayMs, wantBytesPerSecondMin } = this.#parts.options;
    return SPOKEN_MS + advertDelayMs + (1_000 * blockBytes) / wantBytesPerSecondMin;
  }

  /** How many have told how far they are with the block: that they lack something of it, or that they hold it. */
  #spoken(cut: Cut, record: LaneRecord): number {
    const { view, options, holds } = this.#parts;
    const peers = view.active();
    // In a grid holders tell their neighbours only.
    if (peers.length > options.neighboursMax || options.pushAdverts === 0) return peers.length;
    return peers.filter((peer) => record.hasAsked(peer) || holds(peer, cut)).length;
  }

  #remember(sent: SentBlock): void {
    this.#sent.set(sent.block.cut.id, sent);
    for (const oldest of this.#sent.keys()) {
      if (this.#sent.size <= SENT_MAX) break;
      this.#sent.delete(oldest);
    }
  }
}
