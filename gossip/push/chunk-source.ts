import type { Block } from "../../chain/block.ts";
import { AdvanceParity } from "./advance-parity.ts";
import type { AnswerBudget } from "../catch-up/answer-budget.ts";
import { chunkMessage, missingLanes, sendChunks } from "./chunk-messages.ts";
import { cutShape, isNear, ownShare, type LaneHead } from "./chunk-plan.ts";
import { CutBlock, type CutChunks } from "./cut-block.ts";
import { roundsOf } from "./cut.ts";
import type { CutId, Message } from "../wire/messages.ts";
import type { GossipOptions } from "../options.ts";
import type { PeerView } from "../channel/peer-view.ts";
import type { ChannelId, Clock, ErasureCode, Keyring, PeerId, Random, Transport } from "../ports.ts";
import { LaneRecord } from "./lane-record.ts";
import { shortId } from "./relay-grid.ts";
import { RelayChoice } from "./relay-choice.ts";
import { StandIns } from "./stand-ins.ts";
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
}

/** What a peer lacks of a block. */
interface Want {
  /** Lanes of data, round by round. */
  readonly missing: readonly (readonly number[])[];
  /** So many chunks of each round are enough. */
  readonly needed: number;
}

/** A block that was cut here, while others may still lack some of it. */
interface Sent {
  readonly block: CutBlock;
  readonly sinceMs: number;
  readonly record: LaneRecord;
  readonly standIns: StandIns;
  /** What each peer lacks, since the last wave. */
  readonly wants: Map<PeerId, Want>;
  /** Bytes that each peer was sent because it lacked them. */
  readonly answered: Map<PeerId, number>;
  /** The next lane of parity. */
  parityLane: number;
  /** Lanes of parity that were asked for, and when they were sent. */
  readonly waves: { readonly sentMs: number; readonly lanes: number }[];
}

/** Fewer peers than this do not relieve the source. */
const RELAYS_MIN = 3;

/** Cuts that wants are answered for. */
const SENT_MAX = 8;

/** For how long wants are gathered before they are answered: those who lack something lack the same, at one time. */
const GATHER_MS = 50;

/** Up to so many, or to this share of all peers, are sent what they lack; for more, parity goes by the relays. */
const ANSWERED_ONE_BY_ONE = 2;
const ANSWERED_SHARE = 0.1;

const WAVES_MAX = 3;

/** Parity beyond what three in four of those who ask are helped by: a liar must not make us send to all for nothing. */
const PARITY_MARGIN = 1.05;
const PARITY_QUANTILE = 0.75;

/** Those who lack the same do not ask at the same time: a relay is blamed when this has passed since the first. */
const BLAME_MS = 250;

/** Several are often lost together: another that is lost must not stand in. */
const LOST_GATHER_MS = 10;

/** For so long after it was sent a block may still be on its way to those who have not asked for anything. */
const UNDERWAY_MS = 500;

/** Whoever lacks anything of a block has asked for it by then. */
const KEPT_MS = 5_000;

/**
 * The producer's side of the fast path for large blocks: the block is cut, and each chunk given to another random
 * neighbour, who passes it on to the others; so the source sends about one copy of the block in all (two-hop relay,
 * ../docs/PROTOCOL.md). Relays that stay silent are made up for by parity, made when peers say that they lack chunks,
 * and are given nothing the next time.
 */
export class ChunkSource {
  readonly #parts: ChunkSourceParts;
  readonly #relays: RelayChoice;
  readonly #advance = new AdvanceParity();
  readonly #sent = new Map<CutId, Sent>();
  readonly #timers = new Set<Disposable>();
  readonly #lost = new Set<PeerId>();

  constructor(parts: ChunkSourceParts) {
    this.#parts = parts;
    this.#relays = new RelayChoice(parts);
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
    const isForAll = used[0]?.spread.step === "everybody";
    const untold = this.#tell(cutBlock, isForAll ? view.active() : used.map(({ peer }) => peer));
    this.#deal(cutBlock, 0, used, isForAll ? ownShare(used, view.active()) : []);
    const sent: Sent = {
      block: cutBlock,
      sinceMs: clock.now(),
      record: new LaneRecord(used, roundsOf(cut)),
      standIns: new StandIns(() => this.#relays.heads()),
      wants: new Map(),
      answered: new Map(),
      parityLane: cut.lanes,
      waves: [],
    };
    this.#remember(sent);
    // The first to begin are the first to end.
    this.#sendParity(sent, this.#advance.take(cut.lanes), used);
    this.#after(KEPT_MS, () => {
      this.#blame(sent);
      sent.record.praise(view.scores);
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
    if (sent.wants.size === 0) this.#parts.clock.schedule(GATHER_MS, () => this.#answer(sent));
    if (sent.wants.size + sent.record.askers === 0) this.#after(BLAME_MS, () => this.#blame(sent));
    const missing = missingLanes(sent.block, want.present);
    const lacked = Math.max(...missing.map((lanes) => lanes.length));
    sent.record.lacks(from, missing);
    sent.wants.set(from, { missing, needed: want.needed === 0 ? lacked : Math.min(want.needed, lacked) });
    return true;
  }

  /**
   * A relay is out of reach: others pass on what it was given of blocks that are on their way, before anybody has to ask.
   * Each time that costs a lane at most, which a relay that stays silent costs as well.
   */
  replace(relay: PeerId): void {
    this.#lost.add(relay);
    if (this.#lost.size === 1) this.#after(LOST_GATHER_MS, () => this.#replaceLost());
  }

  /** Who is in the channel has changed: nobody takes anything from relays that have left it. */
  membershipChanged(): void {
    const { view } = this.#parts;
    for (const { record } of this.#underway())
      for (const relay of record.relays()) if (!view.isMember(relay)) this.replace(relay);
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

  #replaceLost(): void {
    const lost = [...this.#lost];
    this.#lost.clear();
    for (const sent of this.#underway()) this.#replace(sent, lost);
  }

  #underway(): readonly Sent[] {
    const sinceMs = this.#parts.clock.now() - UNDERWAY_MS;
    return [...this.#sent.values()].filter((sent) => sent.sinceMs > sinceMs);
  }

  #replace({ block, record, standIns }: Sent, lost: readonly PeerId[]): void {
    const { view, transport } = this.#parts;
    const lanes = new Set(lost.flatMap((peer) => [...record.lanesOf(peer), ...standIns.lanesOf(peer)]));
    standIns.lost(lost);
    for (const lane of lanes) {
      const relays = standIns.take(lane, view.active(), lanes.size);
      const [first] = relays;
      if (first === undefined) return;
      record.give(lane, first.head.peer);
      if (first.head.spread.step !== "everybody") this.#tell(block, [first.head.peer]);
      for (let round = 0; round < roundsOf(block.cut); round++) {
        const message = chunkMessage(block, lane, round, round === 0);
        for (const { head, served } of relays)
          transport.send(head.peer, { ...message, spread: head.spread, served });
      }
    }
  }

  #answer(sent: Sent): void {
    const { view, clock, options } = this.#parts;
    const peerCount = view.active().length;
    const few = Math.max(ANSWERED_ONE_BY_ONE, ANSWERED_SHARE * peerCount);
    if (sent.record.askers > few)
      this.#advance.lacked(enoughFor(sent.record.scattered(peerCount)), sent.block.cut.lanes);
    // Those who ask now have not heard of the parity that others had made. Half of its relays may fail as well.
    const sinceMs = clock.now() - options.wantTimeoutMs / 2;
    const onTheWay = sent.waves.reduce(
      (sum, { sentMs, lanes }) => sum + (sentMs > sinceMs ? lanes / 2 : 0),
      0,
    );
    const wants = [...sent.wants].filter(([, { needed }]) => needed > onTheWay);
    sent.wants.clear();
    if (wants.length > few && sent.waves.length < WAVES_MAX) {
      const needed = wants.map(([, want]) => want.needed).sort((a, b) => a - b);
      const lanes = this.#advance.withLosses((enoughFor(needed) - onTheWay) * PARITY_MARGIN);
      if (this.#sendParity(sent, lanes, this.#loudHeads(sent))) {
        sent.waves.push({ sentMs: clock.now(), lanes });
        return;
      }
    }
    for (const [peer, { missing, needed }] of wants)
      this.#answerOne(
        sent,
        peer,
        missing.map((lanes) => lanes.slice(0, this.#advance.withLosses(needed))),
      );
  }

  /** Who has been sent as much as the block already is sent nothing more. */
  #answerOne({ block, answered }: Sent, peer: PeerId, missing: readonly (readonly number[])[]): void {
    const before = answered.get(peer) ?? 0;
    if (before >= block.cut.blockBytes) return;
    answered.set(peer, before + sendChunks(block, peer, missing, this.#parts.transport));
  }

  /** Those that have not been silent. */
  #loudHeads({ record }: Sent): readonly LaneHead[] {
    const silent = record.seemsSilent(this.#parts.view.active().length);
    return this.#relays.heads().filter(({ peer }) => !silent.has(peer));
  }

  /** False where none can be made, or nobody is there to relay it. */
  #sendParity(sent: Sent, laneCount: number, heads: readonly LaneHead[]): boolean {
    const { code, keyring, view } = this.#parts;
    if (heads.length === 0) return false;
    const firstLane = sent.parityLane;
    const parity = sent.block.parity(firstLane, laneCount, code, keyring);
    if (parity === undefined) return false;
    sent.parityLane += parity.cut.laneCount;
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

/** Of these numbers, least first, the one that three in four are below. */
function enoughFor(counts: readonly number[]): number {
  return counts[Math.floor(PARITY_QUANTILE * (counts.length - 1))] ?? 0;
}
