/** The most that goes along unasked, as a share of the block. */
const SHARE_MAX = 1 / 10;

/** What is left of the share with each block. */
const KEPT_SHARE = 0.9;

/**
 * How much parity goes along with a block before anybody asks, so that it is whole with any of its chunks, as many as it
 * has: none where links lose nothing; where peers have lacked some here and some there, as much as most of those lacked.
 * That is forgotten slowly: who gets parity need not ask any more.
 */
export class AdvanceParity {
  #share = 0;

  /** So many of the lanes of a block have been lacking. */
  lacked(lanes: number, ofLanes: number): void {
    this.#share = Math.max(this.#share, Math.min(SHARE_MAX, lanes / ofLanes));
  }

  /** How many lanes to send for so many to come. */
  withLosses(lanes: number): number {
    return Math.ceil(lanes * (1 + this.#share));
  }

  /** Lanes of parity for the next block of so many lanes. */
  take(lanes: number): number {
    const count = Math.round(this.#share * lanes);
    this.#share *= KEPT_SHARE;
    return count;
  }
}
