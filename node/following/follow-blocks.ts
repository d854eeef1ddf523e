import { blockNumber, type Block } from "../../chain/block.ts";
import type { Ledger } from "../../chain/ledger.ts";
import { CommitBell } from "./commit-bell.ts";
import type { Observers } from "../peer/observers.ts";

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
  using bell = new CommitBell(observers);
  for (let next = firstNumber(from, ledger.height); ; next++) {
    while (next >= ledger.height && !signal.aborted) {
      if (channel.failure !== undefined) throw channel.failure;
      await bell.wait(name, signal);
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
