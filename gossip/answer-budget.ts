import { DecayingSum } from "./decaying-sum.ts";
import type { GossipOptions } from "./options.ts";
import type { Clock, PeerId } from "./ports.ts";

/** How many answers are being made at a time, for all peers. */
const ANSWERS_MAX = 64;

/** What an answer without blocks counts, since a digest has up to 1,024 numbers. */
const ANSWER_BYTES_MIN = 16 << 10;

/** How many answers all peers together get at once after none has asked for a while. */
const BURST_ANSWERS = 2;

/** Who has had more of late waits until the others have had theirs. */
const MODEST_ANSWERS = 2;

/** So much one peer may have had of late that does not catch up; in the long run six answers in ten seconds. */
const SINGLE_ANSWERS_MAX = 6;

/** Who has had so many times more than all others together is asking alone. */
const ALONE_FACTOR = 4;

/** What is sent to several who ask, as a share of what the channel makes. */
const BUSY_SHARE = 1 / 2;

/** While nothing new comes there is nobody whom answers delay; in the slowest rate that blocks are waited for at. */
const IDLE_FACTOR = 8;

/** Peers that are remembered; above that those are forgotten that have had least. */
const ASKERS_MAX = 1_024;

/** An answer that may be made. */
export interface AnswerGrant {
  /** It ends before it grows above this, but may have one block at least. */
  readonly bytesMax: number;
  /** What was taken for it from what all askers share. */
  readonly reservedBytes: number;
}

/**
 * How much is sent to peers because they ask, whatever they ask. One that asks alone gets all it wants, by answers that
 * grow as its demand does, so that a newcomer catches up as fast as links allow. As soon as others ask as well, all of
 * them share what is half of what the channel makes: answers must not hold up new blocks, and a tenth of all peers
 * that ask all others together draw no more than a few times the channel. Who has had little goes first. Who gets no
 * answer asks others.
 */
export class AnswerBudget {
  readonly #clock: Clock;
  readonly #answerBytes: number;
  readonly #bytesPerSecondMin: number;
  /** What each asker has had of late. */
  readonly #had = new Map<PeerId, DecayingSum>();
  readonly #made = new DecayingSum();
  #credit: number;
  #creditAtMs: number;
  #answers = 0;

  constructor(clock: Clock, options: Pick<GossipOptions, "antiEntropyBytesMax" | "wantBytesPerSecondMin">) {
    this.#clock = clock;
    this.#answerBytes = Math.max(options.antiEntropyBytesMax, ANSWER_BYTES_MIN);
    this.#bytesPerSecondMin = options.wantBytesPerSecondMin;
    this.#credit = BURST_ANSWERS * this.#answerBytes;
    this.#creditAtMs = clock.now();
  }

  /** The channel has grown by a block of so many bytes. */
  grown(bytes: number): void {
    this.#made.add(bytes, this.#clock.now());
  }

  /**
   * Lets an answer be made, after which `settle` must follow; undefined: there is to be none.
   *
   * @param isBulk whether it is one of many to a peer that catches up.
   */
  grant(peer: PeerId, isBulk = false): AnswerGrant | undefined {
    if (this.#answers >= ANSWERS_MAX) return undefined;
    const nowMs = this.#clock.now();
    const had = this.#had.get(peer)?.at(nowMs) ?? 0;
    const others = this.#others(peer, nowMs);
    const isAlone = isBulk && had >= this.#answerBytes && had >= ALONE_FACTOR * others.bytes;
    if (isAlone) {
      this.#answers++;
      return { bytesMax: had, reservedBytes: 0 };
    }
    if (!isBulk && had >= SINGLE_ANSWERS_MAX * this.#answerBytes) return undefined;
    if (!this.#mayShare(had, others, nowMs)) return undefined;
    this.#answers++;
    this.#credit -= this.#answerBytes;
    return { bytesMax: this.#answerBytes, reservedBytes: this.#answerBytes };
  }

  /** The answer has had so many bytes of blocks. */
  settle(peer: PeerId, { reservedBytes }: AnswerGrant, bytes: number): void {
    const nowMs = this.#clock.now();
    const cost = Math.max(bytes, ANSWER_BYTES_MIN);
    this.#answers--;
    if (reservedBytes > 0) this.#credit += reservedBytes - cost;
    const had = this.#had.get(peer) ?? new DecayingSum();
    had.add(cost, nowMs);
    this.#had.set(peer, had);
    if (this.#had.size > ASKERS_MAX) this.#forgetLeast(nowMs);
  }

  /** Whether there is something left of what all share, for one that has had so much. */
  #mayShare(had: number, others: Others, nowMs: number): boolean {
    const isModest = had < MODEST_ANSWERS * this.#answerBytes;
    const credit = this.#creditAt(nowMs);
    if (isModest) return credit > 0;
    return credit >= this.#answerBytes && had * others.count <= others.bytes;
  }

  #creditAt(nowMs: number): number {
    const made = this.#made.perSecondAt(nowMs);
    const isIdle = made < ANSWER_BYTES_MIN / 1_000;
    const perSecond = isIdle
      ? IDLE_FACTOR * this.#bytesPerSecondMin
      : BUSY_SHARE * Math.max(made, this.#bytesPerSecondMin);
    const earned = (perSecond * (nowMs - this.#creditAtMs)) / 1_000;
    this.#creditAtMs = nowMs;
    this.#credit = Math.min(this.#credit + earned, BURST_ANSWERS * this.#answerBytes);
    return this.#credit;
  }

  /** The others that have had anything worth counting. */
  #others(peer: PeerId, nowMs: number): Others {
    let bytes = 0;
    let count = 0;
    for (const [other, sum] of this.#had) {
      const had = sum.at(nowMs);
      if (had < ANSWER_BYTES_MIN / 2) this.#had.delete(other);
      else if (other !== peer) {
        bytes += had;
        count++;
      }
    }
    return { bytes, count };
  }

  #forgetLeast(nowMs: number): void {
    const byBytes = [...this.#had].sort(([, a], [, b]) => a.at(nowMs) - b.at(nowMs));
    for (const [peer] of byBytes.slice(0, ASKERS_MAX / 2)) this.#had.delete(peer);
  }
}

interface Others {
  readonly bytes: number;
  readonly count: number;
}
