/** A peer in the worst health waits so many times as long as a healthy one before it takes another for silent. */
const SCORE_MAX = 7;

/**
 * Whether we may trust our own view of others: a peer that is slow itself finds all others slow (Lifeguard, Dadgar et
 * al. 2017, "local health multiplier"; Cassandra's pause guard). All methods are synchronous; times are the caller's
 * clock.
 */
export class LocalHealth {
  #score = 0;
  #doubtUntilMs = 0;

  /** 0: well. */
  get score(): number {
    return this.#score;
  }

  /** How many times as long as usual others have to answer. */
  get patience(): number {
    return 1 + this.#score;
  }

  /** A peer has answered in time. */
  answered(): void {
    this.#score = Math.max(0, this.#score - 1);
  }

  /** We were accused and live, or others that should have answered have not: it is rather we who are slow. */
  erred(): void {
    this.#score = Math.min(SCORE_MAX, this.#score + 1);
  }

  /** Nothing ran here for a while: what others have said meanwhile must come in before they are judged. */
  paused(nowMs: number, graceMs: number): void {
    this.#doubtUntilMs = nowMs + graceMs;
  }

  /** Whether nobody is to be judged from here now. */
  isInDoubt(nowMs: number): boolean {
    return nowMs < this.#doubtUntilMs;
  }
}
