/**
 * How far one event may put the clock forward. A liar would need 2^33 events to use it up, centuries at the rate that
 * others take; and an honest network has sent a million events before a newcomer has to step twice.
 */
export const CLOCK_STEP_MAX = 2 ** 20;

/** A logical clock (Lamport 1978), as Serf's: what is sent is later than all that was seen before. */
export class LamportClock {
  #time = 0;

  /** The latest time that was seen or given out; 0: none. */
  get time(): number {
    return this.#time;
  }

  /** The time of an event that happens now. */
  next(): number {
    return ++this.#time;
  }

  /**
   * An event of this time was seen. False: it is further ahead than one step; the clock has made that step, and the
   * event may be believed when it comes again.
   */
  witness(time: number): boolean {
    const latest = this.#time + CLOCK_STEP_MAX;
    this.#time = Math.max(this.#time, Math.min(time, latest));
    return time <= latest;
  }
}
