import type { Clock, PeerId } from "./ports.ts";

/** How many answers are being made at a time, for all peers. */
const ANSWERS_MAX = 16;

/** What an answer without blocks counts, since a digest has up to 1,024 numbers. */
const ANSWER_BYTES_MIN = 16 << 10;

/** How many full answers a peer gets at once after it has asked for none for a while. */
const BURST_ANSWERS = 4;

interface Account {
  readonly bytes: number;
  readonly atMs: number;
}

/**
 * What is sent to a peer because it asks, whatever it asks: one full answer a second in the long run. A block that is
 * larger than an answer is paid off before there is another. Who has spent too much gets no answer, and asks others.
 */
export class AnswerBudget {
  readonly #clock: Clock;
  readonly #answerBytesMax: number;
  /** Of peers that have not all of their credit. */
  readonly #accounts = new Map<PeerId, Account>();
  #answers = 0;

  constructor(clock: Clock, answerBytesMax: number) {
    this.#clock = clock;
    this.#answerBytesMax = Math.max(answerBytesMax, ANSWER_BYTES_MIN);
  }

  /** Reserves a full answer; `settle` must follow. False: there is to be none. */
  reserve(peer: PeerId): boolean {
    const credit = this.#credit(peer);
    if (this.#answers >= ANSWERS_MAX || credit < this.#answerBytesMax) return false;
    this.#answers++;
    this.#set(peer, credit - this.#answerBytesMax);
    return true;
  }

  /** The answer has had so many bytes of blocks. */
  settle(peer: PeerId, bytes: number): void {
    this.#answers--;
    this.#set(peer, this.#credit(peer) + this.#answerBytesMax - Math.max(bytes, ANSWER_BYTES_MIN));
  }

  get #creditMax(): number {
    return BURST_ANSWERS * this.#answerBytesMax;
  }

  #credit(peer: PeerId): number {
    const account = this.#accounts.get(peer);
    if (account === undefined) return this.#creditMax;
    const earned = (this.#answerBytesMax * (this.#clock.now() - account.atMs)) / 1_000;
    return Math.min(this.#creditMax, account.bytes + earned);
  }

  #set(peer: PeerId, bytes: number): void {
    this.#accounts.set(peer, { bytes, atMs: this.#clock.now() });
    if (this.#accounts.size <= ACCOUNTS_MAX) return;
    for (const each of this.#accounts.keys())
      if (this.#credit(each) >= this.#creditMax) this.#accounts.delete(each);
  }
}

/** Above so many, those that are even are forgotten. */
const ACCOUNTS_MAX = 1_024;
