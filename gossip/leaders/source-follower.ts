import { Block } from "../../chain/block.ts";
import { ChainError } from "../../chain/errors.ts";
import { firstMissing } from "../catch-up/block-fetcher.ts";
import type { BlockIntake, OfferOutcome } from "../channel/block-intake.ts";
import { GossipError } from "../errors.ts";
import type { BlockRange } from "../wire/messages.ts";
import type { BlockSource } from "../ports.ts";
import { SourceChoice, type SourceChoiceParts } from "./source-choice.ts";
import { pause, within } from "../time.ts";

export interface SourceFollowerParts extends SourceChoiceParts {
  readonly intake: BlockIntake;
  /** Whether a block is on its way by other means. */
  readonly isComing: (number: number) => boolean;
  /** Takes in a block of a source. @throws ChainError where it is bad. */
  readonly offer: (block: Block) => OfferOutcome;
  /** How many leaders of other organisations fetch a block before us, and send it to us as well. */
  readonly rank: () => number;
  /** A source has told its height, or failed to. */
  readonly onLooked: () => void;
}

/** What is seen of the block sources. */
export interface SourceReport {
  /** Of the one that was asked last. */
  readonly name: string;
  readonly isHealthy: boolean;
  /** What it said last; undefined: nothing. */
  readonly height: number | undefined;
}

/** Who does not lead asks its source so many times less often. */
const IDLE_INTERVALS = 20;
/** How long one leader waits for what another fetches; spreading takes about as long. */
const RANK_MS = 250;
/** For so much longer where it is seen to come. */
const COMING_MS_MAX = 1_000;
const RANK_LOOK_MS = 25;

/**
 * Asks a channel's block sources how high they are, and while its peer leads brings in what they have and is lacking
 * here. It never believes them: each block goes through the intake, and a source that gives a bad one is left alone.
 */
export class SourceFollower {
  readonly #parts: SourceFollowerParts;
  readonly #choice: SourceChoice;
  readonly #stop = new AbortController();
  #isLeading = false;
  #isBusy = false;
  #timer: Disposable | undefined;
  #report: SourceReport;
  /** How often in a row a source that says that it has a block has not given one in time. */
  #timeouts = 0;

  constructor(parts: SourceFollowerParts) {
    this.#parts = parts;
    this.#choice = new SourceChoice(parts);
    this.#report = { name: parts.sources[0]?.name ?? "", isHealthy: false, height: undefined };
  }

  /** Asks at once and then at intervals until disposed of. */
  start(): Disposable {
    this.#arm(0);
    return {
      [Symbol.dispose]: () => {
        this.#isLeading = false;
        this.#stop.abort();
        this.#timer?.[Symbol.dispose]();
      },
    };
  }

  /** Brings blocks in from now on, or no more; what is on its way comes in nevertheless. */
  lead(isLeading: boolean): void {
    if (this.#isLeading === isLeading || this.#stop.signal.aborted) return;
    this.#isLeading = isLeading;
    if (isLeading && !this.#isBusy) this.#arm(0);
  }

  /** Undefined where there are no sources. */
  get report(): SourceReport | undefined {
    if (this.#parts.sources.length === 0) return undefined;
    return { ...this.#report, isHealthy: this.#choice.isHealthy };
  }

  #arm(delayMs: number): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = this.#parts.clock.schedule(delayMs, () => {
      this.#isBusy = true;
      void this.#look().finally(() => {
        this.#isBusy = false;
        if (!this.#stop.signal.aborted) this.#arm(this.#intervalMs());
      });
    });
  }

  #intervalMs(): number {
    const { sourceIntervalMs } = this.#parts.options;
    // Whether a source is lost is to be known soon.
    const isUrgent = this.#isLeading || (this.#choice.isFailing && this.#choice.isHealthy);
    return isUrgent ? sourceIntervalMs : sourceIntervalMs * IDLE_INTERVALS;
  }

  /** Never rejects. */
  async #look(): Promise<void> {
    const askedMs = this.#parts.clock.now();
    const source = this.#choice.current();
    try {
      if (source === undefined) this.#choice.look(askedMs);
      else await this.#ask(source);
    } catch (error) {
      if (source !== undefined && !this.#stop.signal.aborted) this.#failed(source, error, askedMs);
    }
    if (!this.#stop.signal.aborted) this.#parts.onLooked();
  }

  async #ask(source: BlockSource): Promise<void> {
    const { clock, options, intake, onLooked } = this.#parts;
    // Twice within the time after which it is lost.
    const height = await within(clock, options.sourceLostMs / 2, (timeout) =>
      source.height(intake.next, AbortSignal.any([timeout, this.#stop.signal])),
    );
    if (!Number.isSafeInteger(height) || height < 0)
      throw new GossipError("BROKEN_PROMISE", `${height} is no height`);
    this.#choice.answered(source);
    this.#report = { name: source.name, isHealthy: true, height };
    onLooked();
    await this.#bring(source, height);
  }

  /** Takes what the source has below this height, as long as that gets on. */
  async #bring(source: BlockSource, height: number): Promise<void> {
    const { intake, options } = this.#parts;
    if (this.#isLeading) await this.#letOthers(height);
    while (this.#isLeading && intake.next < height) {
      const { next } = intake;
      const end = Math.min(height, intake.windowEnd);
      const range = firstMissing(next, end, options.stateTransferBatchBlocks, (number) =>
        intake.isHere(number),
      );
      if (range !== undefined) await this.#fetch(source, range);
      // The disk may be slower than the source.
      await intake.durable(intake.next - 1);
      if (range !== undefined && intake.next === next) return;
    }
  }

  async #fetch(source: BlockSource, range: BlockRange): Promise<void> {
    const { clock } = this.#parts;
    let expected = range.first;
    await within(clock, this.#fetchMs(), async (timeout, heard) => {
      const signal = AbortSignal.any([timeout, this.#stop.signal]);
      const onBlock = (bytes: Uint8Array) => {
        // What comes after the time is over has been given up.
        signal.throwIfAborted();
        heard();
        this.#take(bytes, expected, range);
        expected++;
        this.#timeouts = 0;
        this.#choice.delivered(source);
      };
      await source.fetch(range, onBlock, signal);
    }).catch((error: unknown) => {
      if (error instanceof GossipError && error.code === "TIMED_OUT") this.#timeouts++;
      throw error;
    });
    if (expected === range.first)
      throw new GossipError("BROKEN_PROMISE", `nothing of the blocks ${range.first} to ${range.end - 1}`);
  }

  #take(bytes: Uint8Array, expected: number, { first, end }: BlockRange): void {
    if (expected === end)
      throw new GossipError("BROKEN_PROMISE", `more blocks than the ${end - first} that were asked for`);
    const block = Block.parse(bytes);
    if (block.number !== expected)
      throw new ChainError("WRONG_NUMBER", `block ${block.number} where ${expected} was asked for`);
    this.#parts.offer(block);
  }

  /**
   * Another leader fetches the same blocks, and its push brings them here; to fetch them as well would have every peer
   * sent them twice.
   */
  async #letOthers(height: number): Promise<void> {
    const { clock, intake, isComing, rank } = this.#parts;
    const untilMs = clock.now() + rank() * RANK_MS;
    if (untilMs === clock.now()) return;
    const isDue = () => {
      const lateMs = clock.now() - untilMs;
      return lateMs >= COMING_MS_MAX || (lateMs >= 0 && !isComing(intake.next));
    };
    while (this.#isLeading && intake.next < height && !isDue()) await pause(clock, RANK_LOOK_MS);
  }

  /** Longer with each time that was not enough, for a large block on a slow line. */
  #fetchMs(): number {
    const { sourceLostMs, fetchTimeoutMs, blockBytesMax, wantBytesPerSecondMin } = this.#parts.options;
    const mostMs = Math.max(fetchTimeoutMs, (1_000 * blockBytesMax) / wantBytesPerSecondMin);
    return Math.min((sourceLostMs / 2) * 2 ** Math.min(this.#timeouts, 20), mostMs);
  }

  #failed(source: BlockSource, error: unknown, askedMs: number): void {
    const code = error instanceof GossipError || error instanceof ChainError ? error.code : "UNREACHABLE";
    const message = error instanceof Error ? error.message : String(error);
    const isLie = error instanceof ChainError || code === "BROKEN_PROMISE";
    if (isLie) this.#choice.lied(source, { code, message });
    else this.#choice.failed(source, { code, message }, askedMs);
  }
}
