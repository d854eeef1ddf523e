export interface RateLimit {
  /** How many may come at once. */
  readonly burst: number;
  readonly perSecond: number;
}

/** More keys than this are not remembered; who has been quiet longest is forgotten, with a full bucket. */
const KEYS_MAX = 4_096;

interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

/** A token bucket for each key. */
export class RateLimits<Key> {
  readonly #limit: RateLimit;
  /** The latest used last. */
  readonly #buckets = new Map<Key, Bucket>();

  constructor(limit: RateLimit) {
    this.#limit = limit;
  }

  /** Whether the key has a token left. */
  has(key: Key, nowMs: number): boolean {
    return this.#tokens(key, nowMs) >= 1;
  }

  /** Takes a token of the key. False: there is none. */
  take(key: Key, nowMs: number): boolean {
    const tokens = this.#tokens(key, nowMs);
    if (tokens < 1) return false;
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens: tokens - 1, atMs: nowMs });
    for (const oldest of this.#buckets.keys()) {
      if (this.#buckets.size <= KEYS_MAX) break;
      this.#buckets.delete(oldest);
    }
    return true;
  }

  #tokens(key: Key, nowMs: number): number {
    const { burst, perSecond } = this.#limit;
    const bucket = this.#buckets.get(key);
    if (bucket === undefined) return burst;
    return Math.min(burst, bucket.tokens + ((nowMs - bucket.atMs) / 1_000) * perSecond);
  }
}
