import { firstMissing, type BlockFetcher } from "./block-fetcher.ts";
import type { BlockIntake } from "./block-intake.ts";
import type { BlockRange } from "./messages.ts";
import type { GossipOptions } from "./options.ts";
import type { PeerView } from "./peer-view.ts";
import type { Clock, PeerId, Random } from "./ports.ts";
import { sample } from "./random.ts";
import { every } from "./time.ts";

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
  readonly onEnd: () => void;
}

/** How often a peer that is behind looks whether it still is. */
const CHECK_INTERVAL_MS = 500;

/**
 * Brings a peer that is far behind up to the others: bounded ranges from several peers side by side, the next ones
 * asked for as soon as there is room, however far the disk has got. Starts at once where the gap is large, and after
 * a moment where it is small and nothing else closes it.
 *
 * States: idle → behind (a gap is seen) → catching up (it is large, or old) → idle (the gap is closed).
 */
export class StateTransfer {
  readonly #parts: StateTransferParts;
  #behindSinceMs: number | undefined;
  #isCatchingUp = false;
  /** Peers from whom a range is on its way. */
  readonly #busy = new Map<PeerId, number>();

  constructor(parts: StateTransferParts) {
    this.#parts = parts;
  }

  get isCatchingUp(): boolean {
    return this.#isCatchingUp;
  }

  /** Watches for gaps until disposed of. */
  start(): Disposable {
    const { clock, random } = this.#parts;
    return every(
      clock,
      random,
      () => CHECK_INTERVAL_MS,
      () => this.check(),
    );
  }

  /** Looks at the gap now, and asks for what there is room for. To be called when a height or a block has come. */
  check(): void {
    const { options, view, intake } = this.#parts;
    if (!options.stateTransfer) return;
    const target = view.highest();
    this.#note(target - intake.next, target);
    while (this.#isCatchingUp && this.#startOne(target));
  }

  #note(gap: number, target: number): void {
    const { options, clock, onStart, onEnd } = this.#parts;
    if (gap <= 0) {
      this.#behindSinceMs = undefined;
      if (this.#isCatchingUp && this.#busy.size === 0) {
        this.#isCatchingUp = false;
        onEnd();
      }
      return;
    }
    this.#behindSinceMs ??= clock.now();
    const isOld = clock.now() - this.#behindSinceMs >= options.stateTransferPatienceMs;
    if (!this.#isCatchingUp && (gap >= options.stateTransferGapBlocks || isOld)) {
      this.#isCatchingUp = true;
      onStart(target);
    }
  }

  /** Starts one more fetch; false where there is nothing to ask for, nobody to ask, or no room. */
  #startOne(target: number): boolean {
    const { intake, fetcher, options, isComing } = this.#parts;
    if (this.#fetchCount() >= options.stateTransferParallel) return false;
    const room = options.windowBytesMax - intake.bufferedBytes - this.#fetchCount() * options.replyBytesMax;
    if (room < options.replyBytesMax && this.#fetchCount() > 0) return false;
    const isHere = (number: number) =>
      intake.isHere(number) || fetcher.isFetching(number) || isComing(number);
    const end = Math.min(target, intake.windowEnd);
    const range = firstMissing(intake.next, end, options.stateTransferBatchBlocks, isHere);
    const source = range === undefined ? undefined : this.#source(range);
    if (range === undefined || source === undefined) return false;
    void this.#fetch(source, range);
    return true;
  }

  /** One of the peers that claim to hold the start of the range, of those with the fewest ranges on their way. */
  #source(range: BlockRange): PeerId | undefined {
    const sources = this.#parts.view.sources(range.first);
    const load = (peer: PeerId) => this.#busy.get(peer) ?? 0;
    const least = Math.min(...sources.map(load));
    return sample(
      sources.filter((peer) => load(peer) === least),
      1,
      this.#parts.random,
    )[0];
  }

  async #fetch(source: PeerId, range: BlockRange): Promise<void> {
    const { fetcher, view } = this.#parts;
    this.#busy.set(source, (this.#busy.get(source) ?? 0) + 1);
    const held = view.heightOf(source) ?? range.end;
    await fetcher.fetch(source, { first: range.first, end: Math.min(range.end, held) }, "state-transfer");
    const load = (this.#busy.get(source) ?? 1) - 1;
    if (load === 0) this.#busy.delete(source);
    else this.#busy.set(source, load);
    this.check();
  }

  #fetchCount(): number {
    let count = 0;
    for (const load of this.#busy.values()) count += load;
    return count;
  }
}
