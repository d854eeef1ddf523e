import type { BlockHash } from "../chain/block.ts";
import type { GossipOptions } from "./options.ts";
import type { Clock, PeerId } from "./ports.ts";

/** What a neighbour says it holds, or is sending. */
export interface BlockOffer {
  readonly peer: PeerId;
  readonly number: number;
  readonly hash: BlockHash;
  readonly blockBytes: number;
  /** It is on its way already. */
  readonly sending: boolean;
}

interface Want {
  /** The offer that is waited for now. */
  readonly current: BlockOffer;
  readonly timer: Disposable;
  /** Offers to turn to when the time for the current one is over, oldest first. */
  readonly others: BlockOffer[];
}

/** How many blocks may be on their way at once, and how many offers are kept for each. */
const WANTS_MAX = 512;
const OFFERS_MAX = 16;

/**
 * Blocks that were announced and are not here yet: each is asked of one neighbour at a time, and of the next one
 * when the first lets its time pass. That keeps a block from being sent to a peer twice.
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
      if (this.#wants.size < WANTS_MAX) this.#turnTo(offer, []);
    } else if (want.others.length < OFFERS_MAX && want.current.peer !== offer.peer) {
      want.others.push(offer);
    }
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

  #turnTo(offer: BlockOffer, others: BlockOffer[]): void {
    const timer = this.#clock.schedule(this.#patienceMs(offer), () => this.#giveUp(offer.number));
    this.#wants.set(offer.number, { current: offer, timer, others });
    if (!offer.sending) this.#ask(offer);
  }

  #giveUp(number: number): void {
    const want = this.#wants.get(number);
    this.settle(number);
    const next = want?.others.shift();
    // Whatever it said then, by now the block would be here if it had really been sent.
    if (want !== undefined && next !== undefined) this.#turnTo({ ...next, sending: false }, want.others);
  }

  #patienceMs(offer: BlockOffer): number {
    const bytes = Math.min(offer.blockBytes, this.#options.blockBytesMax);
    return this.#options.wantTimeoutMs + (1_000 * bytes) / this.#options.wantBytesPerSecondMin;
  }
}
