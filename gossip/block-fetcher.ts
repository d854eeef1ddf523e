import { Block } from "../chain/block.ts";
import { ChainError } from "../chain/errors.ts";
import type { ReceivedBlock } from "./block-buffer.ts";
import { GossipError } from "./errors.ts";
import type { BlockOrigin } from "./events.ts";
import type { BlockRange } from "./messages.ts";
import type { GossipOptions } from "./options.ts";
import type { PeerView } from "./peer-view.ts";
import type { ChannelId, Clock, PeerId, Transport } from "./ports.ts";
import { SPREAD_NONE } from "./spread.ts";
import { within } from "./time.ts";

export interface BlockFetcherParts {
  readonly channel: ChannelId;
  readonly view: PeerView;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly options: GossipOptions;
  /** Takes a block in. @throws ChainError where it is bad. */
  readonly offer: (received: ReceivedBlock) => void;
  /** A fetch failed. */
  readonly onFailed: (peer: PeerId, error: Error) => void;
}

/**
 * Fetches ranges of blocks for whoever finds them missing, and knows which numbers are on their way, so that none is
 * asked for twice. A peer that does not deliver what it claimed to hold is left alone for a while.
 */
export class BlockFetcher {
  readonly #parts: BlockFetcherParts;
  readonly #inFlight = new Set<number>();

  constructor(parts: BlockFetcherParts) {
    this.#parts = parts;
  }

  /** Whether the block has been asked for and has not come yet. */
  isFetching(number: number): boolean {
    return this.#inFlight.has(number);
  }

  /**
   * Asks one peer for a range and takes in what comes, which may be a part of it. Does not reject: weather and lies
   * are told to `onFailed`, and the peer is penalised.
   */
  async fetch(peer: PeerId, range: BlockRange, origin: BlockOrigin): Promise<void> {
    const { channel, view, transport, clock, options, onFailed } = this.#parts;
    for (let number = range.first; number < range.end; number++) this.#inFlight.add(number);
    try {
      const blocks = await within(clock, options.fetchTimeoutMs, (signal) =>
        transport.fetchBlocks(peer, channel, range, signal),
      );
      if (blocks.length === 0)
        throw new GossipError("BROKEN_PROMISE", `nothing of the blocks ${range.first} to ${range.end - 1}`);
      this.#release(range);
      this.#takeIn(peer, range, blocks, origin);
      view.reward(peer);
    } catch (error) {
      // It merely does not know us yet; the greeting mends that.
      if (!(error instanceof GossipError && error.code === "NOT_A_MEMBER")) view.penalise(peer);
      onFailed(peer, error instanceof Error ? error : new Error(String(error)));
    } finally {
      this.#release(range);
    }
  }

  #takeIn(from: PeerId, range: BlockRange, blocks: readonly Uint8Array[], origin: BlockOrigin): void {
    if (blocks.length > range.end - range.first) {
      throw new GossipError(
        "BROKEN_PROMISE",
        `${blocks.length} blocks where ${range.end - range.first} were asked for`,
      );
    }
    blocks.forEach((bytes, index) => {
      const block = Block.parse(bytes);
      const expected = range.first + index;
      if (block.number !== expected) {
        throw new ChainError("WRONG_NUMBER", `block ${block.number} where ${expected} was asked for`);
      }
      this.#parts.offer({ block, from, origin, spread: SPREAD_NONE });
    });
  }

  #release(range: BlockRange): void {
    for (let number = range.first; number < range.end; number++) this.#inFlight.delete(number);
  }
}

/**
 * The first missing range from `first` on and below `end`, at most `blocksMax` long; undefined where nothing is
 * missing.
 */
export function firstMissing(
  first: number,
  end: number,
  blocksMax: number,
  isHere: (number: number) => boolean,
): BlockRange | undefined {
  let start = first;
  while (start < end && isHere(start)) start++;
  if (start >= end) return undefined;
  let stop = start + 1;
  while (stop < end && stop - start < blocksMax && !isHere(stop)) stop++;
  return { first: start, end: stop };
}
