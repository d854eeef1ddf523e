import { blockNumber, type Block } from "../chain/block.ts";
import type { Ledger } from "../chain/ledger.ts";
import type { Observers } from "./observers.ts";

/**
 * Where a stream of blocks begins: with a block's number, which may be yet to come; with the genesis block; or behind the
 * newest block of now.
 */
export type BlockStart = number | "oldest" | "newest";

/** What is followed of a channel. */
export interface FollowedChannel {
  readonly name: string;
  readonly ledger: Pick<Ledger, "height" | "read">;
  /** Why the channel has stopped; undefined while it works. */
  readonly failure: Error | undefined;
}

export interface FollowBlocksOptions {
  readonly from: BlockStart;
  /** Ends the loop, without an error. */
  readonly signal: AbortSignal;
}

/**
 * A channel's blocks in order, those that are there and all that come, for `for await`. Each is read from the ledger
 * when it is asked for, so that a slow reader costs no memory and loses nothing.
 *
 * @throws RangeError where `from` is no block number; what `Ledger.read` throws; the channel's failure when it stops.
 */
export async function* followBlocks(
  channel: FollowedChannel,
  observers: Observers,
  { from, signal }: FollowBlocksOptions,
): AsyncGenerator<Block, void, undefined> {
  const { name, ledger } = channel;
  using news = new ChannelNews(name, observers, signal);
  for (let next = firstNumber(from, ledger.height); ; next++) {
    while (next >= ledger.height && !signal.aborted) {
      if (channel.failure !== undefined) throw channel.failure;
      await news.next();
    }
    if (signal.aborted) return;
    try {
      yield await ledger.read(blockNumber(next));
    } catch (error) {
      // Whoever ends the stream may close the ledger at once.
      if (signal.aborted) return;
      throw error;
    }
  }
}

function firstNumber(from: BlockStart, height: number): number {
  if (from === "oldest") return 0;
  return from === "newest" ? height : blockNumber(from);
}

/** Tells one reader that the channel has grown, has stopped, or that the reader is to end. */
class ChannelNews implements Disposable {
  readonly #stack = new DisposableStack();
  #news = Promise.withResolvers<void>();

  constructor(name: string, observers: Observers, signal: AbortSignal) {
    const wake = () => this.#news.resolve();
    const observe = observers.add((event) => {
      if (event.kind === "block-committed" && event.channel === name) wake();
      if (event.kind === "failed" && event.channel === name) this.#news.reject(event.error);
    });
    this.#stack.use(observe);
    signal.addEventListener("abort", wake);
    this.#stack.defer(() => signal.removeEventListener("abort", wake));
    this.#renew();
  }

  /** Resolves with what has come since it was last asked, or with the next that comes. */
  async next(): Promise<void> {
    await this.#news.promise;
    this.#renew();
  }

  [Symbol.dispose](): void {
    this.#stack[Symbol.dispose]();
  }

  #renew(): void {
    this.#news = Promise.withResolvers<void>();
    // Nobody may be waiting when the channel stops.
    this.#news.promise.catch(() => undefined);
  }
}
