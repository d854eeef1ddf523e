import type { Observer } from "../events.ts";
import type { GossipOptions } from "../options.ts";
import type { BlockSource, Clock } from "../ports.ts";

export interface SourceChoiceParts {
  /** The channel's name. */
  readonly name: string;
  readonly sources: readonly BlockSource[];
  readonly clock: Clock;
  readonly options: GossipOptions;
  readonly observe: Observer;
}

/** Why a source is not to be used, as a code and in words. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

interface Standing {
  /** Whether it was told to have failed. */
  readonly isFailing: boolean;
  /** How often it has given what is no good, since it last gave a good block. */
  readonly lies: number;
  readonly untilMs: number;
}

const GOOD: Standing = { isFailing: false, lies: 0, untilMs: 0 };

/** The first lie of a source costs it so many penalties of a peer: it is few, and there is nobody else to find out. */
const LIE_PENALTIES = 4;

/**
 * Which of the block sources is asked: one until it fails, then the next in turn, without those that are left alone for
 * a while because they gave what is no block of the channel. None of them answering for `sourceLostMs` is the loss of
 * all.
 */
export class SourceChoice {
  readonly #parts: SourceChoiceParts;
  readonly #standings = new Map<BlockSource, Standing>();
  #first = 0;
  #isHealthy = false;
  #failingSinceMs: number | undefined;
  #goodMs = -Infinity;

  constructor(parts: SourceChoiceParts) {
    this.#parts = parts;
  }

  /** Whether a source has answered, and not all have failed for `sourceLostMs` since. */
  get isHealthy(): boolean {
    return this.#isHealthy;
  }

  /** Whether the last that was asked has failed. */
  get isFailing(): boolean {
    return this.#failingSinceMs !== undefined;
  }

  /** The one that is asked next; undefined: all are left alone for now. */
  current(): BlockSource | undefined {
    const { sources, clock } = this.#parts;
    const inTurn = [...sources.slice(this.#first), ...sources.slice(0, this.#first)];
    return inTurn.find((source) => this.#standing(source).untilMs <= clock.now());
  }

  /** It has told its height. */
  answered(source: BlockSource): void {
    const { name, observe } = this.#parts;
    const standing = this.#standing(source);
    if (standing.isFailing) {
      this.#standings.set(source, { ...standing, isFailing: false });
      observe({ kind: "source-answers", channel: name, source: source.name });
    }
    this.#isHealthy = true;
    this.#failingSinceMs = undefined;
    this.#goodMs = this.#parts.clock.now();
  }

  /** It has given a good block. */
  delivered(source: BlockSource): void {
    this.#standings.set(source, { ...this.#standing(source), lies: 0 });
    this.#goodMs = this.#parts.clock.now();
  }

  /** It has not answered what it was asked at this time. */
  failed(source: BlockSource, failure: Failure, askedMs: number): void {
    this.#tell(source, failure);
    this.#turnFrom(source, askedMs);
  }

  /** It has given what is no block of the channel, or not what it said that it has. */
  lied(source: BlockSource, failure: Failure): void {
    const { clock, options } = this.#parts;
    const { lies } = this.#standing(source);
    const pauseMs = Math.min(
      options.penaltyMs * LIE_PENALTIES * 2 ** Math.min(lies, 20),
      options.penaltyMsMax,
    );
    this.#tell(source, failure);
    const untilMs = clock.now() + pauseMs;
    this.#standings.set(source, { isFailing: true, lies: lies + 1, untilMs });
    this.#turnFrom(source, clock.now());
  }

  /** To be called now and then while nothing answers. */
  look(sinceMs: number): void {
    const { sourceLostMs } = this.#parts.options;
    const nowMs = this.#parts.clock.now();
    // One question alone, however long it took, is not the loss of all.
    this.#failingSinceMs ??= Math.max(sinceMs, this.#goodMs, nowMs - sourceLostMs / 2);
    if (nowMs - this.#failingSinceMs >= sourceLostMs) this.#isHealthy = false;
  }

  #turnFrom(source: BlockSource, sinceMs: number): void {
    const { sources } = this.#parts;
    this.#first = (sources.indexOf(source) + 1) % sources.length;
    this.look(sinceMs);
  }

  #tell(source: BlockSource, { code, message }: Failure): void {
    const { name, observe } = this.#parts;
    const standing = this.#standing(source);
    if (standing.isFailing) return;
    this.#standings.set(source, { ...standing, isFailing: true });
    observe({ kind: "source-failed", channel: name, source: source.name, code, message });
  }

  #standing(source: BlockSource): Standing {
    return this.#standings.get(source) ?? GOOD;
  }
}
