import type { Clock, PeerId } from "../ports.ts";
import { pause } from "../time.ts";

/** A cut that a relay was faster than comes a moment later. */
const PATIENCE_MS = 400;

/** How often a peer is asked, where it may not hold the block yet. */
const TIMES_MAX = 3;

/** Peers whose chunks are looked after at a time. */
const SENDERS_MAX = 64;

/**
 * Chunks of a cut that nobody has told of. Whoever cut the block cannot reach us, or does not want to; who passes its
 * chunks on will hold it soon, and is asked for what is lacking here. One question at a time for each such peer.
 */
export class UntoldChunks {
  readonly #clock: Clock;
  readonly #ask: (peer: PeerId) => Promise<void>;
  /** Whether the latest chunk of each is settled. */
  readonly #senders = new Map<PeerId, () => boolean>();
  #isStopped = false;

  /** @param ask asks a peer for what follows our ledger. Does not reject. */
  constructor(clock: Clock, ask: (peer: PeerId) => Promise<void>) {
    this.#clock = clock;
    this.#ask = ask;
  }

  /**
   * A chunk has come. Resolves when its sender is not asked any more.
   *
   * @param isSettled whether its cut has been told of, or a block has come, in the meantime.
   */
  async received(from: PeerId, isSettled: () => boolean): Promise<void> {
    const isWatched = this.#senders.has(from);
    if (!isWatched && this.#senders.size >= SENDERS_MAX) return;
    this.#senders.set(from, isSettled);
    if (isWatched) return;
    for (let times = 0; times < TIMES_MAX && this.#senders.get(from)?.() === false; times++) {
      await pause(this.#clock, PATIENCE_MS);
      if (this.#isStopped) return;
      if (this.#senders.get(from)?.() === false) await this.#ask(from);
    }
    this.#senders.delete(from);
  }

  /** Asks nobody any more. */
  stop(): void {
    this.#isStopped = true;
  }
}
