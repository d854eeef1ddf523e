import { DecayingSum } from "./decaying-sum.ts";
import type { GossipOptions } from "../options.ts";
import type { Clock, PeerId } from "../ports.ts";

/** How many answers are being made at a time, for all peers. */
const ANSWERS_MAX = 64;

/** What an answer without blocks counts, since a digest has up to 1,024 numbers. */
const ANSWER_BYTES_MIN = 16 << 10;

/** How many answers all peers together get at once after none has asked for a while. */
const BURST_ANSWERS = 1;

/** So long after a part of a new block was passed on, only who asks after a rest is answered. */
const PASSING_MS = 100;

/** Who has had more of late waits until the others have had theirs. */
const MODEST_ANSWERS = 1 / 2;

/** So much one peer may have had of late that does not catch up; in the long run six answers in ten seconds. */
const SINGLE_ANSWERS_MAX = 6;

/** Who has had so many times more than all others that catch up together is catching up alone. */
const ALONE_FACTOR = 4;

/** So many times what the channel makes one of several who ask gets from all peers together, each giving its part. */
const CHANNELS_MAX = 3;

/** Where more than so many of all catch up, as after a partition, most of them flood nobody, and each gets more. */
const CROWD_SHARE = 1 / 4;
const CROWD_CHANNELS_MAX = 8;

/** So many times what the channel makes is the most that one peer gives to all of them. */
const GIVEN_CHANNELS_MAX = 4;

/** The first answers to one that asks alone are paid like others: it may not stay alone. */
const PAID_ANSWERS = 2;

/** While nothing new comes there is nobody whom answers delay; in the slowest rate that blocks are waited for at. */
const IDLE_FACTOR = 8;

/** Who catches up asks all the time: after so long without a question it has ended, and what it had counts no more. */
const BULK_OVER_MS = 1_000;

/** Peers that are remembered; above that those are forgotten that have had least. */
const ASKERS_MAX = 1_024;

/** An answer that may be made. */
export interface AnswerGrant {
  /** It ends before it grows above this, but may have one block at least. */
  readonly bytesMax: number;
  /** What was taken for it from what all askers share. */
  readonly reservedBytes: number;
  /** Whether it is one of many to a peer that catches up. */
  readonly isBulk: boolean;
}

/**
 * How much is sent to peers because they ask, whatever they ask. One that asks alone gets all it wants, by answers that
 * grow as its demand does, so that a newcomer catches up as fast as links allow. As soon as others catch up as well, all of
 * them share what is half of what the channel makes: answers must not hold up new blocks, and a tenth of all peers
 * that ask all others together draw no more than a few times the channel. Who has had little goes first. Who gets no
 * answer asks others.
 */
export class AnswerBudget {
  readonly #clock: Clock;
  readonly #answerBytes: number;
  readonly #bytesPerSecondMin: number;
  readonly #peers: () => number;
  /** Those that have asked of late. */
  readonly #askers = new Map<PeerId, Asker>();
  readonly #made = new DecayingSum();
  #credit: number;
  #creditAtMs: number;
  #answers = 0;
  #passedOnMs = -Infinity;

  /** @param peers how many peers can be asked. */
  constructor(
    clock: Clock,
    options: Pick<GossipOptions, "antiEntropyBytesMax" | "wantBytesPerSecondMin">,
    peers: () => number,
  ) {
    this.#clock = clock;
    this.#peers = peers;
    this.#answerBytes = Math.max(options.antiEntropyBytesMax, ANSWER_BYTES_MIN);
    this.#bytesPerSecondMin = options.wantBytesPerSecondMin;
    this.#credit = BURST_ANSWERS * this.#answerBytes;
    this.#creditAtMs = clock.now();
  }

  /** The channel has grown by a block of so many bytes. */
  grown(bytes: number): void {
    this.#made.add(bytes, this.#clock.now());
  }

  /** A new block is being passed on. */
  passingOn(): void {
    this.#passedOnMs = this.#clock.now();
  }

  /** An answer of so many bytes that had been promised: it is made whatever there is left, and counts like others. */
  charge(peer: PeerId, bytes: number): void {
    this.#answers++;
    this.settle(peer, { bytesMax: bytes, reservedBytes: 1, isBulk: false }, bytes);
  }

  /**
   * Lets an answer be made, after which `settle` must follow; undefined: there is to be none.
   *
   * @param isBulk whether it is one of many to a peer that catches up.
   */
  grant(peer: PeerId, isBulk = false): AnswerGrant | undefined {
    if (this.#answers >= ANSWERS_MAX) return undefined;
    const nowMs = this.#clock.now();
    const asker = this.#asker(peer);
    if (isBulk) asker.bulkAskedMs = nowMs;
    const had = hadOf(asker, nowMs);
    const others = this.#others(peer, nowMs);
    this.#earn(others, nowMs);
    const isAlone = isBulk && had >= ALONE_FACTOR * others.bulkBytes;
    const isTooMuch = !isBulk && had >= SINGLE_ANSWERS_MAX * this.#answerBytes;
    if (!isAlone && (isTooMuch || !this.#mayShare(had, others, nowMs))) {
      if (isBulk) asker.refused.add(this.#answerBytes, nowMs);
      return undefined;
    }
    this.#answers++;
    const reservedBytes = isAlone && had >= PAID_ANSWERS * this.#answerBytes ? 0 : this.#answerBytes;
    this.#credit -= reservedBytes;
    const bytesMax = isAlone ? Math.max(had, this.#answerBytes) : this.#answerBytes;
    return { bytesMax, reservedBytes, isBulk };
  }

  /** The answer has had so many bytes of blocks. */
  settle(peer: PeerId, { reservedBytes, isBulk }: AnswerGrant, bytes: number): void {
    const nowMs = this.#clock.now();
    const cost = Math.max(bytes, ANSWER_BYTES_MIN);
    this.#answers--;
    if (reservedBytes > 0) this.#credit += reservedBytes - cost;
    const asker = this.#asker(peer);
    (isBulk ? asker.bulk : asker.had).add(cost, nowMs);
    if (this.#askers.size > ASKERS_MAX) this.#forgetLeast(nowMs);
  }

  #asker(peer: PeerId): Asker {
    const known = this.#askers.get(peer) ?? newAsker();
    this.#askers.set(peer, known);
    return known;
  }

  /** Whether there is something left of what all share, for one that has had so much. */
  #mayShare(had: number, others: Others, nowMs: number): boolean {
    const isModest = had < MODEST_ANSWERS * this.#answerBytes || had * others.count <= others.hadBytes;
    const credit = this.#credit;
    if (nowMs - this.#passedOnMs < PASSING_MS) return credit >= BURST_ANSWERS * this.#answerBytes;
    if (isModest) return credit >= this.#answerBytes / 2;
    return credit >= BURST_ANSWERS * this.#answerBytes;
  }

  #earn(others: Others, nowMs: number): void {
    const made = this.#made.perSecondAt(nowMs);
    const isIdle = made < ANSWER_BYTES_MIN / 1_000;
    const perSecond = isIdle
      ? IDLE_FACTOR * this.#bytesPerSecondMin
      : Math.max(made, this.#bytesPerSecondMin) * this.#channelsFor(others);
    const earned = (perSecond * (nowMs - this.#creditAtMs)) / 1_000;
    this.#creditAtMs = nowMs;
    this.#credit = Math.min(this.#credit + earned, BURST_ANSWERS * this.#answerBytes);
  }

  /** Our part of what these and one more get from all, in times of what the channel makes. */
  #channelsFor({ count, bulkCount }: Others): number {
    const peers = Math.max(1, this.#peers());
    const each = bulkCount / peers > CROWD_SHARE ? CROWD_CHANNELS_MAX : CHANNELS_MAX;
    return Math.min((each * (count + 1)) / peers, GIVEN_CHANNELS_MAX);
  }

  /** The others that have had anything worth counting. */
  #others(peer: PeerId, nowMs: number): Others {
    let [hadBytes, bulkBytes, count, bulkCount] = [0, 0, 0, 0];
    for (const [other, asker] of this.#askers) {
      if (other === peer) continue;
      const [had, refused] = [hadOf(asker, nowMs), asker.refused.at(nowMs)];
      if (had + refused < ANSWER_BYTES_MIN / 2) this.#askers.delete(other);
      else {
        hadBytes += had;
        const bulk = bulkOf(asker, nowMs) + refused;
        bulkBytes += bulk;
        count++;
        if (bulk > 0) bulkCount++;
      }
    }
    return { hadBytes, bulkBytes, count, bulkCount };
  }

  #forgetLeast(nowMs: number): void {
    const byBytes = [...this.#askers].sort(([, a], [, b]) => hadOf(a, nowMs) - hadOf(b, nowMs));
    for (const [peer] of byBytes.slice(0, ASKERS_MAX / 2)) this.#askers.delete(peer);
  }
}

/** What one peer has had of late. */
interface Asker {
  readonly had: DecayingSum;
  /** To catch up; and what it was refused. */
  readonly bulk: DecayingSum;
  readonly refused: DecayingSum;
  bulkAskedMs: number;
}

function newAsker(): Asker {
  return {
    had: new DecayingSum(),
    bulk: new DecayingSum(),
    refused: new DecayingSum(),
    bulkAskedMs: -Infinity,
  };
}

function hadOf(asker: Asker, nowMs: number): number {
  return asker.had.at(nowMs) + bulkOf(asker, nowMs);
}

function bulkOf({ bulk, bulkAskedMs }: Asker, nowMs: number): number {
  return nowMs - bulkAskedMs < BULK_OVER_MS ? bulk.at(nowMs) : 0;
}

interface Others {
  readonly hadBytes: number;
  /** What those have had that catch up, and what they were refused. */
  readonly bulkBytes: number;
  readonly count: number;
  /** How many of them catch up. */
  readonly bulkCount: number;
}
