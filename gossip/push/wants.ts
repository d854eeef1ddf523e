import type { BlockHash } from "../../chain/block.ts";
import type { GossipOptions } from "../options.ts";
import type { Clock, PeerId } from "../ports.ts";

/** What a neighbour says it holds. */
export interface BlockOffer {
  readonly peer: PeerId;
  readonly number: number;
  readonly hash: BlockHash;
  readonly blockBytes: number;
}

interface Want {
  /** The offer that is waited for now. */
  readonly current: BlockOffer;
  /** Since when. */
  readonly sinceMs: number;
  /** The smallest size that anybody has named. */
  readonly blockBytes: number;
  readonly timer: Disposable;
  /** Offers to turn to when the time for the current one is over, oldest first. */
  readonly others: readonly BlockOffer[];
}

/** How many blocks may be on their way at once, and how many offers are kept for each. */
const WANTS_MAX = 512;
const OFFERS_MAX = 16;

/**
 * Blocks that were announced and are not here yet: each is asked of one neighbour at a time, and of the next one
 * when the first lets its time pass. That keeps a block from being sent to a peer twice. Large blocks get more time;
 * the smallest size named counts, so that nobody is waited for longer by naming a large one.
 */
export class Wants {
  readonly #clock: Clock;
  readonly #options: GossipOptions;
  readonly #ask: (offer: BlockOffer) => void;
  readonly #wants = new Map<number, Want>();

  constructor(clock: Clock, options: GossipOptions, ask: (offer: BlockOffer) => void) {
    this.#clock = clock;
    this.#options = options;
    this.#ask = ask;
  }

  /** A block that is not here is offered: it is asked for, or the offer is kept for later. */
  offer(offer: BlockOffer): void {
    const want = this.#wants.get(offer.number);
    if (want === undefined) {
      if (this.#wants.size < WANTS_MAX) this.#turnTo(offer, [], offer.blockBytes);
      return;
    }
    const isRepeated = [want.current, ...want.others].some((other) => other.peer === offer.peer);
    if (isRepeated || want.others.length >= OFFERS_MAX) return;
    const kept = { ...want, others: [...want.others, offer] };
    if (offer.blockBytes < want.blockBytes) this.#waitFor({ ...kept, blockBytes: offer.blockBytes });
    else this.#wants.set(offer.number, kept);
  }

  /** Whether the block is on its way. */
  has(number: number): boolean {
    return this.#wants.has(number);
  }

  /** The block is here, or will come by another way. */
  settle(number: number): void {
    this.#wants.get(number)?.timer[Symbol.dispose]();
    this.#wants.delete(number);
  }

  /** The peer has failed to send the block: the next one is asked. */
  fail(peer: PeerId, number: number): void {
    if (this.#wants.get(number)?.current.peer === peer) this.#giveUp(number);
  }

  /** Gives up everything. */
  clear(): void {
    for (const number of this.#wants.keys()) this.settle(number);
  }

  #turnTo(offer: BlockOffer, others: readonly BlockOffer[], blockBytes: number): void {
    this.#waitFor({ current: offer, sinceMs: this.#clock.now(), blockBytes, others });
    this.#ask(offer);
  }

  #waitFor(want: Omit<Want, "timer">): void {
    const { number } = want.current;
    this.#wants.get(number)?.timer[Symbol.dispose]();
    const bytes = Math.min(want.blockBytes, this.#options.blockBytesMax);
    const patienceMs = this.#options.wantTimeoutMs + (1_000 * bytes) / this.#options.wantBytesPerSecondMin;
    const delayMs = want.sinceMs + patienceMs - this.#clock.now();
    this.#wants.set(number, { ...want, timer: this.#clock.schedule(delayMs, () => this.#giveUp(number)) });
  }

  #giveUp(number: number): void {
    const want = this.#wants.get(number);
    this.settle(number);
    const [next, ...others] = want?.others ?? [];
    if (want !== undefined && next !== undefined) this.#turnTo(next, others, want.blockBytes);
  }
}
