import type { PeerView } from "../channel/peer-view.ts";
import type { GossipOptions } from "../options.ts";
import type { Clock, ErasureCode, Keyring, PeerId, Transport } from "../ports.ts";
import { Timers } from "../timers.ts";
import type { Message } from "../wire/messages.ts";
import { AdvanceParity } from "./advance-parity.ts";
import type { ChunkDealer } from "./chunk-dealer.ts";
import { missingLanes, sendChunks } from "./chunk-messages.ts";
import type { LaneHead } from "./chunk-plan.ts";
import { roundsOf } from "./cut.ts";
import { chunksLacked, lanesLacked, type Lack } from "./lack.ts";
import type { RelayChoice } from "./relay-choice.ts";
import type { SentBlock, Want } from "./sent-block.ts";

export interface WantAnswersParts {
  readonly view: Pick<PeerView, "active">;
  readonly keyring: Keyring;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly options: GossipOptions;
  readonly code: ErasureCode;
}

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

/**
 * What a source sends of a block that some lack: to a few what they ask for, to many parity by the relays that have come
 * through to them; and where links have lost something of late, parity before anybody asks.
 */
export class WantAnswers {
  readonly #parts: WantAnswersParts;
  readonly #relays: RelayChoice;
  readonly #dealer: ChunkDealer;
  readonly #advance = new AdvanceParity();
  readonly #timers: Timers;

  constructor(parts: WantAnswersParts, relays: RelayChoice, dealer: ChunkDealer) {
    this.#parts = parts;
    this.#relays = relays;
    this.#dealer = dealer;
    this.#timers = new Timers(parts.clock);
  }

  /** A block has been dealt to these: as much parity as is likely to be lacking goes along. */
  dealt(sent: SentBlock, heads: readonly LaneHead[]): void {
    // The first to begin are the first to end.
    this.#sendParity(sent, this.#advance.take(sent.block.cut.lanes), heads);
  }

  /** A peer lacks chunks; it is answered in a moment, with all who ask until then. */
  receive(sent: SentBlock, from: PeerId, want: Message & { readonly kind: "chunk-want" }): void {
    if (sent.wants.size === 0) this.#gather(sent);
    const lack: Lack = { peer: from, missing: missingLanes(sent.block, want.present) };
    const lacked = lanesLacked(lack);
    sent.record.lacks(from, lack.missing);
    sent.wants.set(from, { ...lack, needed: want.needed === 0 ? lacked : Math.min(want.needed, lacked) });
  }

  /** Answers nobody any more. */
  stop(): void {
    this.#timers[Symbol.dispose]();
  }

  #gather(sent: SentBlock): void {
    this.#timers.after(GATHER_MS, () => this.#answer(sent));
  }

  #answer(sent: SentBlock): void {
    const { cut } = sent.block;
    const few = Math.max(ANSWERED_ONE_BY_ONE, ANSWERED_SHARE * this.#parts.view.active().length);
    if (sent.record.askers > few) this.#advance.lacked(enoughFor(sent.record.scattered()), cut.lanes);
    const onTheWay = this.#onTheWay(sent);
    const wants = [...sent.wants.values()].filter(({ needed }) => needed > onTheWay);
    const isFew = wants.length <= few;
    // One by one that would take longer than parity for all, and those who lack so much are seldom alone.
    const isDear = wants.length > 1 && chunksLacked(wants) > cut.lanes * roundsOf(cut);
    if (isFew && isDear && sent.gathered++ < GATHERED_MAX) return this.#gather(sent);
    sent.gathered = 0;
    sent.wants.clear();
    if (!isFew && this.#sendWave(sent, wants, onTheWay)) return;
    for (const want of wants) this.#answerOne(sent, want);
  }

  /** Lanes of parity that those who ask have not heard of yet. Only half of them is counted on: its relays may fail as well. */
  #onTheWay({ waves }: SentBlock): number {
    const { clock, options } = this.#parts;
    const sinceMs = clock.now() - options.wantTimeoutMs / 2;
    return waves.reduce((sum, { sentMs, lanes }) => sum + (sentMs > sinceMs ? lanes / 2 : 0), 0);
  }

  #sendWave(sent: SentBlock, wants: readonly Want[], onTheWay: number): boolean {
    if (sent.waves.length >= WAVES_MAX) return false;
    const needed = wants.map((want) => want.needed).sort((a, b) => a - b);
    const lanes = this.#advance.withLosses((enoughFor(needed) - onTheWay) * PARITY_MARGIN);
    if (!this.#sendParity(sent, lanes, this.#sureHeads(sent))) return false;
    sent.waves.push({ sentMs: this.#parts.clock.now(), lanes });
    return true;
  }

  /** Who has been sent as much as the block already is sent nothing more. */
  #answerOne({ block, answered }: SentBlock, { peer, missing, needed }: Want): void {
    const before = answered.get(peer) ?? 0;
    if (before >= block.cut.blockBytes) return;
    const count = this.#advance.withLosses(needed);
    const enough = missing.map((lanes) => lanes.slice(0, count));
    answered.set(peer, before + sendChunks(block, peer, enough, this.#parts.transport));
  }

  /** Those whose lanes have come through to those who ask; all where none have. */
  #sureHeads({ record }: SentBlock): readonly LaneHead[] {
    const all = this.#relays.heads();
    const doubtful = record.doubtful();
    const sure = all.filter(({ peer }) => !doubtful.has(peer));
    return sure.length === 0 ? all : sure;
  }

  /** False where none can be made, or nobody is there to relay it. */
  #sendParity(sent: SentBlock, laneCount: number, heads: readonly LaneHead[]): boolean {
    const { code, keyring } = this.#parts;
    if (heads.length === 0) return false;
    const firstLane = sent.parityLane;
    const parity = sent.block.parity(firstLane, laneCount, code, keyring);
    if (parity === undefined) return false;
    sent.parityLane += parity.cut.laneCount;
    const used = Array.from(
      { length: parity.cut.laneCount },
      (_, index) => heads[index % heads.length],
    ).filter((head) => head !== undefined);
    this.#dealer.tell(parity, used);
    this.#dealer.deal(parity, firstLane, used);
    return true;
  }
}

/** Of these numbers, least first, the one that three in four are below. */
function enoughFor(counts: readonly number[]): number {
  return counts[Math.floor(PARITY_QUANTILE * (counts.length - 1))] ?? 0;
}
