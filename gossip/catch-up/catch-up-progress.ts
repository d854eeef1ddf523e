import type { Clock, PeerId } from "../ports.ts";

/** How a peer that catches up gets on. Heights count blocks, genesis included. */
export interface CatchUpReport {
  /** Its height when it began. */
  readonly from: number;
  /** Its durable height now. */
  readonly height: number;
  /** The greatest height that is known. */
  readonly target: number;
  /** Durable blocks, over the last seconds. */
  readonly blocksPerSecond: number;
  readonly bytesPerSecond: number;
  /** At this rate; undefined while nothing comes. */
  readonly secondsLeft: number | undefined;
  /** From whom blocks are on their way. */
  readonly sources: readonly PeerId[];
}

/** What a catch-up came to. */
export interface CatchUpTotals {
  readonly blocks: number;
  readonly bytes: number;
  readonly seconds: number;
}

export interface CatchUpProgressParts {
  readonly clock: Clock;
  /** The durable height. */
  readonly height: () => number;
  readonly target: () => number;
  readonly sources: () => readonly PeerId[];
}

/** Rates are over this time. */
const WINDOW_MS = 5_000;

/** A sample is not taken more often. */
const SAMPLE_INTERVAL_MS = 100;

/** How often a report is due. */
const REPORT_INTERVAL_MS = 2_000;

/** Blocks and bytes from the beginning up to a time. */
interface Sample {
  readonly atMs: number;
  readonly blocks: number;
  readonly bytes: number;
}

/** Measures a catch-up from its beginning to its end; between two there is nothing to report. */
export class CatchUpProgress {
  readonly #parts: CatchUpProgressParts;
  #run: { readonly from: number; readonly startMs: number } | undefined;
  #blocks = 0;
  #bytes = 0;
  /** The oldest first: one at or before the window's beginning, and those within it. */
  #samples: Sample[] = [];
  #reportedMs = 0;

  constructor(parts: CatchUpProgressParts) {
    this.#parts = parts;
  }

  begin(): void {
    const startMs = this.#parts.clock.now();
    this.#run = { from: this.#parts.height(), startMs };
    this.#blocks = 0;
    this.#bytes = 0;
    this.#samples = [{ atMs: startMs, blocks: 0, bytes: 0 }];
    this.#reportedMs = startMs;
  }

  /** A block has become durable. */
  committed(bytes: number): void {
    if (this.#run === undefined) return;
    this.#blocks++;
    this.#bytes += bytes;
    const atMs = this.#parts.clock.now();
    if (atMs - (this.#samples.at(-1)?.atMs ?? 0) < SAMPLE_INTERVAL_MS) return;
    this.#samples.push({ atMs, blocks: this.#blocks, bytes: this.#bytes });
    while ((this.#samples[1]?.atMs ?? Infinity) <= atMs - WINDOW_MS) this.#samples.shift();
  }

  /** What it came to, the whole of it. */
  end(): CatchUpTotals {
    const seconds = this.#run === undefined ? 0 : (this.#parts.clock.now() - this.#run.startMs) / 1_000;
    this.#run = undefined;
    return { blocks: this.#blocks, bytes: this.#bytes, seconds };
  }

  /** How it gets on; undefined while there is no catch-up. */
  report(): CatchUpReport | undefined {
    if (this.#run === undefined) return undefined;
    const height = this.#parts.height();
    const target = Math.max(height, this.#parts.target());
    const { blocksPerSecond, bytesPerSecond } = this.#rates();
    return {
      from: this.#run.from,
      height,
      target,
      blocksPerSecond,
      bytesPerSecond,
      secondsLeft: blocksPerSecond > 0 ? (target - height) / blocksPerSecond : undefined,
      sources: this.#parts.sources(),
    };
  }

  /** A report where the last one, or the beginning, was two seconds ago. */
  dueReport(): CatchUpReport | undefined {
    const nowMs = this.#parts.clock.now();
    if (this.#run === undefined || nowMs - this.#reportedMs < REPORT_INTERVAL_MS) return undefined;
    this.#reportedMs = nowMs;
    return this.report();
  }

  #rates() {
    const nowMs = this.#parts.clock.now();
    const since = this.#samples.findLast(({ atMs }) => atMs <= nowMs - WINDOW_MS) ?? this.#samples[0];
    if (since === undefined || since.atMs === nowMs) return { blocksPerSecond: 0, bytesPerSecond: 0 };
    const seconds = (nowMs - since.atMs) / 1_000;
    return {
      blocksPerSecond: (this.#blocks - since.blocks) / seconds,
      bytesPerSecond: (this.#bytes - since.bytes) / seconds,
    };
  }
}
