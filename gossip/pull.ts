import { firstMissing, type BlockFetcher } from "./block-fetcher.ts";
import type { BlockIntake } from "./block-intake.ts";
import type { FetchedDigest } from "./messages.ts";
import type { GossipOptions } from "./options.ts";
import type { PeerView } from "./peer-view.ts";
import type { ChannelId, Clock, PeerId, Random, Transport } from "./ports.ts";
import { every, within } from "./time.ts";

export interface PullParts {
  readonly channel: ChannelId;
  readonly view: PeerView;
  readonly intake: BlockIntake;
  readonly fetcher: BlockFetcher;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly options: GossipOptions;
  /** Whether a block is on its way already. */
  readonly isComing: (number: number) => boolean;
  /** A peer's height has been learned. */
  readonly onHeight: () => void;
  readonly onFailed: (peer: PeerId, error: Error) => void;
}

/**
 * The safety net under the push: at intervals a few random peers are asked what they hold, and what is missing here
 * is fetched from the one that named it (Fabric's pull engine, in two exchanges instead of four messages).
 *
 * ```
 * we                a random peer
 *  | digest?  ------> |
 *  | <------ height, early blocks
 *  | first missing range ------>
 *  | <------ blocks of it, up to the reply's limit
 * ```
 */
export class Pull {
  readonly #parts: PullParts;
  /** A peer whose digest or blocks are being waited for is not asked again. */
  readonly #asking = new Set<PeerId>();
  readonly #stop = new AbortController();

  constructor(parts: PullParts) {
    this.#parts = parts;
  }

  /** Pulls at intervals until disposed of; then what is on its way is given up. */
  start(): Disposable {
    const { clock, random, options } = this.#parts;
    const timers = new DisposableStack();
    timers.defer(() => this.#stop.abort());
    timers.use(
      every(
        clock,
        random,
        () => options.pullIntervalMs,
        () => this.round(),
      ),
    );
    return timers;
  }

  /** One round now. */
  round(): void {
    const { view, options } = this.#parts;
    if (this.#stop.signal.aborted) return;
    for (const peer of view.sample(options.pullPeers, (candidate) => this.#asking.has(candidate)))
      void this.#ask(peer);
  }

  /** Does not reject: what goes wrong with a peer is told to `onFailed`. */
  async #ask(peer: PeerId): Promise<void> {
    const { channel, view, transport, clock, options, onHeight, onFailed } = this.#parts;
    this.#asking.add(peer);
    const askedMs = clock.now();
    try {
      const digest = await within(clock, options.fetchTimeoutMs, (signal) =>
        transport.fetchDigest(peer, channel, signal),
      );
      if (this.#stop.signal.aborted) return;
      view.noteAnswer(clock.now() - askedMs);
      view.noteHeight(peer, digest.height);
      onHeight();
      await this.#fetchMissing(peer, digest);
    } catch (error) {
      onFailed(peer, error instanceof Error ? error : new Error(String(error)));
    } finally {
      this.#asking.delete(peer);
    }
  }

  async #fetchMissing(peer: PeerId, digest: FetchedDigest): Promise<void> {
    const { intake, fetcher, options, isComing } = this.#parts;
    const isHere = (number: number) =>
      intake.isHere(number) || fetcher.isFetching(number) || isComing(number);
    const { signal } = this.#stop;
    const end = Math.min(digest.height, intake.windowEnd);
    const range = firstMissing(intake.next, end, options.stateTransferBatchBlocks, isHere);
    if (range !== undefined) await fetcher.fetch({ peer, range, origin: "pull", isPromised: true, signal });
    const early = digest.early.find((number) => number < intake.windowEnd && !isHere(number));
    if (early !== undefined && !signal.aborted)
      await fetcher.fetch({ peer, range: { first: early, end: early + 1 }, origin: "pull", signal });
  }
}
