import type { Clock, PeerId } from "../ports.ts";
import { pause } from "../time.ts";

/** A cut that a relay was faster than comes a moment later; and so long after one peer was asked, the next is. */
const PATIENCE_MS = 400;

/** How often a peer is asked for one chunk, where it may not hold the block yet. */
const TIMES_MAX = 3;

/** Peers whose chunks are looked after at a time. */
const SENDERS_MAX = 64;

interface Sender {
  readonly isSettled: () => boolean;
  readonly times: number;
}

/**
 * Chunks of a cut that nobody has told of. Whoever cut the block cannot reach us, or does not want to; who passes its
 * chunks on will hold it soon, and is asked for what is lacking here. One peer at a time, since many may pass on the same.
 */
export class UntoldChunks {
  readonly #clock: Clock;
  readonly #ask: (peer: PeerId) => Promise<void>;
  /** Those that wait to be asked, in turn. */
  readonly #senders = new Map<PeerId, Sender>();
  #isLooking = false;

  /** @param ask asks a peer for what follows our ledger. Does not reject. */
  constructor(clock: Clock, ask: (peer: PeerId) => Promise<void>) {
    this.#clock = clock;
    this.#ask = ask;
  }

  /**
   * A chunk has come.
   *
   * @param isSettled whether its cut has been told of, or a block has come, in the meantime.
   */
  received(from: PeerId, isSettled: () => boolean): void {
    if (!this.#senders.has(from) && this.#senders.size >= SENDERS_MAX) return;
    this.#senders.set(from, { isSettled, times: 0 });
    if (!this.#isLooking) void this.#look();
  }

  /** Asks nobody any more. */
  stop(): void {
    this.#senders.clear();
  }

  async #look(): Promise<void> {
    this.#isLooking = true;
    while (this.#senders.size > 0) {
      await pause(this.#clock, PATIENCE_MS);
      const next = this.#next();
      if (next !== undefined) await this.#ask(next);
    }
    this.#isLooking = false;
  }

  /** The next one whose chunk is not settled; it waits for its turn again. */
  #next(): PeerId | undefined {
    for (const [peer, sender] of this.#senders) {
      this.#senders.delete(peer);
      if (sender.isSettled()) continue;
      if (sender.times + 1 < TIMES_MAX) this.#senders.set(peer, { ...sender, times: sender.times + 1 });
      return peer;
    }
    return undefined;
  }
}
