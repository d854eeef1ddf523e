import type { Block } from "../../chain/block.ts";
import type { AnswerBudget } from "../catch-up/answer-budget.ts";
import { chunkMessage, missingLanes, sendChunks } from "./chunk-messages.ts";
import { cutShape, isNear, laneHeads, ownShare, type LaneHead } from "./chunk-plan.ts";
import { CutBlock, type CutChunks } from "./cut-block.ts";
import { roundsOf, type Cut } from "./cut.ts";
import type { CutId, Message } from "../wire/messages.ts";
import type { GossipOptions } from "../options.ts";
import type { PeerView } from "../channel/peer-view.ts";
import type { ChannelId, Clock, ErasureCode, Keyring, PeerId, Random, Transport } from "../ports.ts";
import { sample } from "../random.ts";
import { chunksLacked, lanesLacked, type Lack } from "./lack.ts";
import { LaneRecord } from "./lane-record.ts";
import { shortId } from "./relay-grid.ts";
import { RELAY_BROKEN_MIN } from "../channel/peer-scores.ts";

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

/** A block that was cut here, while others may still lack some of it. */
interface Sent {
  readonly block: CutBlock;
  readonly record: LaneRecord;
  /** What each peer lacks, since the last wave. */
  readonly wants: Map<PeerId, Uint8Array>;
  /** Bytes that each peer was sent because it lacked them. */
  readonly answered: Map<PeerId, number>;
  /** The next lane of parity. */
  parityLane: number;
  waves: number;
  /** The last wave: how many lanes, and when. */
  wave: { readonly lanes: number; readonly atMs: number };
  /** How often a few who lack much were not answered at once. */
  gathered: number;
}

/** Fewer peers than this do not relieve the source. */
const RELAYS_MIN = 3;

/** Cuts that wants are answered for. */
const SENT_MAX = 8;

/** For how long wants are gathered before they are answered: those who lack something lack the same, at one time. */
const GATHER_MS = 50;

/** So many times more, where those who have asked lack more than a block together. */
const GATHERED_MAX = 2;

/** Up to so many, or to this share of all peers, are sent what they lack; for more, parity goes by the relays. */
const ANSWERED_ONE_BY_ONE = 2;
const ANSWERED_SHARE = 0.1;

const WAVES_MAX = 3;

/** Parity beyond what three in four of those who ask are helped by: a liar must not make us send to all for nothing. */
const PARITY_MARGIN = 1.05;
const PARITY_QUANTILE = 0.75;

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
  readonly #sent = new Map<CutId, Sent>();
  readonly #timers = new Set<Disposable>();

  constructor(parts: ChunkSourceParts) {
    this.#parts = parts;
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
    const { channel, keyring, view, budget } = this.#parts;
    budget.passingOn();
    const heads = this.#heads();
    const { number, hash, bytes } = block;
    const cutBlock = CutBlock.make(
      bytes,
      { channel, number, hash },
      cutShape(bytes.length, heads, isNear(view)),
      keyring,
    );
    const { cut } = cutBlock;
    const used = heads.slice(0, cut.lanes);
    const isForAll = used[0]?.spread.step === "everybody";
    const untold = this.#tell(cutBlock, isForAll ? view.active() : used.map(({ peer }) => peer));
    const peers = heads.map(({ peer }) => peer);
    const own = isForAll ? ownShare(used, peers) : [];
    this.#deal(cutBlock, 0, used, own);
    const record = new LaneRecord(used, roundsOf(cut), own);
    const sent: Sent = {
      block: cutBlock,
      record,
      wants: new Map(),
      answered: new Map(),
      parityLane: cut.lanes,
      waves: 0,
      wave: { lanes: 0, atMs: -Infinity },
      gathered: 0,
    };
    this.#remember(sent);
    this.#after(Math.max(KEPT_MS, this.#spokenMs(cut)), () => {
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
    if (sent.wants.size === 0) this.#gather(sent);
    if (sent.wants.size + sent.record.askers === 0) this.#after(BLAME_MS, () => this.#blame(sent));
    sent.wants.set(from, want.present);
    return true;
  }

  /** The peer has sent a chunk that is none. */
  distrust(peer: PeerId): void {
    this.#parts.view.scores.broken(peer, "relay", RELAY_BROKEN_MIN);
  }

  /** Waits for nothing any more. */
  stop(): void {
    for (const timer of this.#timers) timer[Symbol.dispose]();
    this.#timers.clear();
  }

  #heads(): readonly LaneHead[] {
    const { keyring, view, options, random } = this.#parts;
    const heads = laneHeads(keyring.self, view, options.neighboursMax);
    const trusted = new Set(
      view.scores.trusted(
        heads.map(({ peer }) => peer),
        "relay",
      ),
    );
    const good = heads.filter(({ peer }) => trusted.has(peer));
    return sample(good, good.length, random);
  }

  /** Returns to whom it could not be sent. */
  #tell({ cut }: CutChunks, peers: readonly PeerId[]): readonly PeerId[] {
    const notice: Message = {
      kind: "cut",
      channel: this.#parts.channel,
      cutter: undefined,
      statement: cut.signed,
    };
    return peers.filter((peer) => !this.#parts.transport.send(peer, notice));
  }

  /**
   * Lane after lane in each round, so that every relay has something to do as soon as can be. The last relays to begin
   * would be the last to end: in the last round we serve some peers in their place.
   */
  #deal(
    chunks: CutChunks,
    firstLane: number,
    heads: readonly LaneHead[],
    own: readonly (readonly PeerId[])[] = [],
  ): void {
    const { transport } = this.#parts;
    const lastRound = roundsOf(chunks.cut) - 1;
    for (let round = 0; round <= lastRound; round++) {
      for (const [index, { peer, spread }] of heads.entries()) {
        const message = chunkMessage(chunks, firstLane + index, round, round === 0);
        const served = round === lastRound ? (own[index] ?? []) : [];
        transport.send(peer, { ...message, spread, served: served.map(shortId) });
      }
    }
    for (const [index, peers] of own.entries()) {
      const message = chunkMessage(chunks, firstLane + index, lastRound, true);
      for (const peer of peers) transport.send(peer, message);
    }
  }

  #answer(sent: Sent): void {
    const { wants, record, block } = sent;
    const all = [...wants].map(([peer, present]) => ({ peer, missing: missingLanes(block, present) }));
    for (const { peer, missing } of all) record.lacks(peer, missing);
    const lacks = all.filter((lack) => !this.#isOnItsWay(sent, lack));
    const isFew =
      lacks.length <= Math.max(ANSWERED_ONE_BY_ONE, ANSWERED_SHARE * this.#parts.view.active().length);
    // One by one that would take longer than parity for all, and those who lack so much are seldom alone.
    const isDear = lacks.length > 1 && chunksLacked(lacks) > block.cut.lanes * roundsOf(block.cut);
    if (isFew && isDear && sent.gathered++ < GATHERED_MAX) return this.#gather(sent);
    sent.gathered = 0;
    wants.clear();
    if (isFew || !this.#sendWave(sent, lacks.map(lanesLacked)))
      for (const { peer, missing } of lacks) this.#answerOne(sent, peer, missing);
  }

  #gather(sent: Sent): void {
    this.#parts.clock.schedule(GATHER_MS, () => this.#answer(sent));
  }

  /** Whether the peer has asked before the last wave can have come to it, which brings as much as it lacks. */
  #isOnItsWay({ wave }: Sent, lack: Lack): boolean {
    return this.#parts.clock.now() - wave.atMs < BLAME_MS && lanesLacked(lack) <= wave.lanes;
  }

  /** @param lacked how many lanes each of those lacks who have asked. */
  #sendWave(sent: Sent, lacked: readonly number[]): boolean {
    if (sent.waves++ >= WAVES_MAX) return false;
    const ordered = [...lacked].sort((a, b) => a - b);
    const enough = ordered[Math.floor(PARITY_QUANTILE * (ordered.length - 1))] ?? 0;
    const lanes = Math.ceil(enough * PARITY_MARGIN);
    if (!this.#sendParity(sent, lanes)) return false;
    sent.wave = { lanes, atMs: this.#parts.clock.now() };
    return true;
  }

  /** Who has been sent as much as the block already is sent nothing more. */
  #answerOne({ block, answered }: Sent, peer: PeerId, missing: readonly (readonly number[])[]): void {
    const before = answered.get(peer) ?? 0;
    if (before >= block.cut.blockBytes) return;
    answered.set(peer, before + sendChunks(block, peer, missing, this.#parts.transport));
  }

  #sendParity(sent: Sent, laneCount: number): boolean {
    const { code, keyring, view } = this.#parts;
    const firstLane = sent.parityLane;
    const parity = sent.block.parity(firstLane, laneCount, code, keyring);
    if (parity === undefined) return false;
    sent.parityLane += parity.cut.laneCount;
    const all = this.#heads();
    const doubtful = sent.record.doubtful();
    const sure = all.filter(({ peer }) => !doubtful.has(peer));
    const heads = sure.length === 0 ? all : sure;
    if (heads.length === 0) return false;
    const used = Array.from(
      { length: parity.cut.laneCount },
      (_, index) => heads[index % heads.length],
    ).filter((head) => head !== undefined);
    const isForAll = used[0]?.spread.step === "everybody";
    this.#tell(parity, isForAll ? view.active() : [...new Set(used.map(({ peer }) => peer))]);
    this.#deal(parity, firstLane, used);
    return true;
  }

  #blame({ record }: Sent): void {
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

  #after(delayMs: number, task: () => void): void {
    const timer = this.#parts.clock.schedule(delayMs, () => {
      this.#timers.delete(timer);
      task();
    });
    this.#timers.add(timer);
  }

  #remember(sent: Sent): void {
    this.#sent.set(sent.block.cut.id, sent);
    for (const oldest of this.#sent.keys()) {
      if (this.#sent.size <= SENT_MAX) break;
      this.#sent.delete(oldest);
    }
  }
}
