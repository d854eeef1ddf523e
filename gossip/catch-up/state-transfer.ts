import type { Block } from "../../chain/block.ts";
import { firstMissing, type BlockFetcher } from "./block-fetcher.ts";
import type { BlockIntake } from "../channel/block-intake.ts";
import type { BlockRange } from "../wire/messages.ts";
import type { GossipOptions } from "../options.ts";
import type { PeerView } from "../channel/peer-view.ts";
import type { Clock, PeerId, Random } from "../ports.ts";
import { sample } from "../random.ts";
import { RangeTransfer } from "./range-transfer.ts";
import { every } from "../time.ts";
import { TransferPace } from "./transfer-pace.ts";

export interface StateTransferParts {
  readonly view: PeerView;
  readonly intake: BlockIntake;
  readonly fetcher: BlockFetcher;
  readonly clock: Clock;
  readonly random: Random;
  readonly options: GossipOptions;
  /** Whether a block is on its way already. */
  readonly isComing: (number: number) => boolean;
  readonly onStart: (target: number) => void;
  /** Called again and again between start and end. */
  readonly onProgress: () => void;
  readonly onEnd: () => void;
}

/** How often a peer that is behind looks whether it still is. */
const CHECK_INTERVAL_MS = 500;

/** A catch-up whose sources are all gone ends after this long. */
const GOAL_LOST_MS = 20_000;

/** What a source has to do: one range is on its way while the next is being asked for. */
const RANGES_PER_SOURCE = 2;

/**
 * Brings a peer that is far behind up to the others: bounded ranges from several peers side by side, the next ones
 * asked for as soon as there is room, however far the disk has got. Starts at once where the gap is large, and after
 * a moment where it is small and nothing else closes it. What comes much slower than the other ranges is asked of
 * another peer as well; the one that loses the race is left alone for a while.
 *
 * States: idle → behind (a gap is seen) → catching up (it is large, or old) → idle (the gap is closed).
 */
export class StateTransfer {
  readonly #parts: StateTransferParts;
  #behindSinceMs: number | undefined;
  /** The greatest height when anybody was ahead last, and since when nobody is. */
  #goal = 0;
  #goalLostMs: number | undefined;
  #isCatchingUp = false;
  #isStopped = false;
  /** In the order in which they were asked for. */
  readonly #transfers = new Set<RangeTransfer>();
  readonly #pace: TransferPace;

  constructor(parts: StateTransferParts) {
    this.#parts = parts;
    this.#pace = new TransferPace(parts.options.wantBytesPerSecondMin);
  }

  get isCatchingUp(): boolean {
    return this.#isCatchingUp;
  }

  /** From whom ranges are on their way. */
  sources(): PeerId[] {
    return [...new Set([...this.#transfers].map(({ source }) => source))];
  }

  /** Watches for gaps until disposed of; then what is on its way is given up, and nothing more is asked for. */
  start(): Disposable {
    const { clock, random } = this.#parts;
    const timers = new DisposableStack();
    timers.defer(() => this.#stop());
    timers.use(
      every(
        clock,
        random,
        () => CHECK_INTERVAL_MS,
        () => this.check(),
      ),
    );
    return timers;
  }

  /** Looks at the gap now, and asks for what there is room for. To be called when a height or a block has come. */
  check(): void {
    const { options, view, intake } = this.#parts;
    if (!options.stateTransfer || this.#isStopped) return;
    const target = view.highest();
    this.#note(target - intake.next, target);
    if (this.#isCatchingUp) this.#parts.onProgress();
    this.#endOvertaken();
    while (this.#isCatchingUp && (this.#overtakeOne() || this.#startOne(target)));
  }

  #stop(): void {
    this.#isStopped = true;
    for (const transfer of this.#transfers) transfer.giveUp();
  }

  #note(gap: number, target: number): void {
    const { options, clock, onStart, onEnd } = this.#parts;
    if (gap <= 0) {
      this.#behindSinceMs = undefined;
      if (this.#isCatchingUp && this.#transfers.size === 0 && !this.#isGoalMerelyUnknown()) {
        this.#isCatchingUp = false;
        onEnd();
      }
      return;
    }
    this.#goal = target;
    this.#goalLostMs = undefined;
    this.#behindSinceMs ??= clock.now();
    const isOld = clock.now() - this.#behindSinceMs >= options.stateTransferPatienceMs;
    if (!this.#isCatchingUp && (gap >= options.stateTransferGapBlocks || isOld)) {
      this.#isCatchingUp = true;
      onStart(target);
    }
  }

  /** Those who are ahead may all be left alone for a moment: that is not yet the end. */
  #isGoalMerelyUnknown(): boolean {
    const { intake, clock } = this.#parts;
    if (intake.next >= this.#goal) return false;
    this.#goalLostMs ??= clock.now();
    return clock.now() - this.#goalLostMs < GOAL_LOST_MS;
  }

  /** Starts one more fetch; false where there is nothing to ask for, nobody to ask, or no room. */
  #startOne(target: number): boolean {
    const { intake, fetcher, isComing } = this.#parts;
    // Mostly there is nobody, and looking for what is missing takes long.
    if (!this.#hasRoom() || this.#freeSources(intake.next).length === 0) return false;
    const isHere = (number: number) =>
      intake.isHere(number) || fetcher.isFetching(number) || isComing(number);
    const end = Math.min(target, intake.windowEnd);
    const range = firstMissing(intake.next, end, this.#batchBlocks(), isHere);
    const source = range === undefined ? undefined : this.#source(range);
    if (range === undefined || source === undefined) return false;
    void this.#fetch(source, range);
    return true;
  }

  /** Asks another peer for the rest of a late source's range; false where there is none, or nobody else to ask. */
  #overtakeOne(): boolean {
    const late = this.#lateSources();
    for (const transfer of this.#transfers) {
      const { rest } = transfer;
      if (transfer.isOvertaken || !late.has(transfer.source) || rest.first >= rest.end) continue;
      const source = this.#source(rest);
      if (source === undefined) continue;
      transfer.isOvertaken = true;
      void this.#fetch(source, rest);
      return true;
    }
    return false;
  }

  /** Where all of a range is here by other ways, its source has lost the race. */
  #endOvertaken(): void {
    const { intake, view } = this.#parts;
    for (const transfer of this.#transfers) {
      const { first, end } = transfer.rest;
      if (firstMissing(Math.max(first, intake.next), end, 1, (number) => intake.isHere(number)) !== undefined)
        continue;
      if (first < end) transfer.giveUp();
      if (first < end && transfer.isOvertaken) view.rest(transfer.source);
    }
  }

  /** Sources that lag behind the others, or have said nothing for too long. */
  #lateSources(): Set<PeerId> {
    const nowMs = this.#parts.clock.now();
    const heardMs = new Map<PeerId, number>();
    const late = new Set<PeerId>();
    for (const transfer of this.#transfers) {
      const { source } = transfer;
      heardMs.set(source, Math.max(transfer.heardMs, heardMs.get(source) ?? 0));
      if (transfer.isOvertaken || this.#pace.isSlow(transfer, nowMs)) late.add(source);
    }
    for (const [source, atMs] of heardMs) if (this.#pace.isSilent(atMs, nowMs)) late.add(source);
    return late;
  }

  #hasRoom(): boolean {
    const { intake, options } = this.#parts;
    if (this.#transfers.size === 0) return true;
    if (this.#transfers.size >= RANGES_PER_SOURCE * options.stateTransferParallel) return false;
    let expectedBytes = options.replyBytesMax;
    for (const { rest } of this.#transfers) expectedBytes += this.#expectedBytes(rest);
    return intake.bufferedBytes + expectedBytes <= options.windowBytesMax;
  }

  #expectedBytes({ first, end }: BlockRange): number {
    return Math.min(this.#parts.options.replyBytesMax, (end - first) * (this.#pace.blockBytes ?? Infinity));
  }

  /** As many as an answer holds, so that the ranges behind it do not come before its rest. */
  #batchBlocks(): number {
    const { replyBytesMax, stateTransferBatchBlocks } = this.#parts.options;
    const fitting = Math.floor(replyBytesMax / (this.#pace.blockBytes ?? 1));
    return Math.min(stateTransferBatchBlocks, Math.max(1, fitting));
  }

  /** One of the free sources of the start of the range, of those with the least to do. */
  #source(range: BlockRange): PeerId | undefined {
    const sources = this.#freeSources(range.first);
    const least = Math.min(...sources.map((peer) => this.#countFrom(peer)));
    return sample(
      sources.filter((peer) => this.#countFrom(peer) === least),
      1,
      this.#parts.random,
    )[0];
  }

  /** Peers that claim to hold the block, have not enough to do, and are not late. */
  #freeSources(number: number): PeerId[] {
    const late = this.#lateSources();
    return this.#parts.view
      .sources(number)
      .filter((peer) => this.#countFrom(peer) < this.#rangesOf(peer) && !late.has(peer));
  }

  /** Who has failed is tried with one range. */
  #rangesOf(peer: PeerId): number {
    return this.#parts.view.scores.hasBroken(peer, "source") ? 1 : RANGES_PER_SOURCE;
  }

  #countFrom(peer: PeerId): number {
    let count = 0;
    for (const { source } of this.#transfers) if (source === peer) count++;
    return count;
  }

  async #fetch(peer: PeerId, wanted: BlockRange): Promise<void> {
    const { fetcher, view, clock } = this.#parts;
    const held = view.heightOf(peer) ?? wanted.end;
    const range = { first: wanted.first, end: Math.min(wanted.end, held) };
    const transfer = new RangeTransfer(peer, range, clock.now());
    this.#transfers.add(transfer);
    const onBlock = (block: Block) => {
      transfer.received(block, clock.now());
      this.#pace.received(block.bytes.length);
    };
    await fetcher.fetch({ peer, range, origin: "state-transfer", onBlock, signal: transfer.signal });
    this.#transfers.delete(transfer);
    if (!transfer.isOvertaken) this.#pace.ended(transfer);
    this.check();
  }
}
