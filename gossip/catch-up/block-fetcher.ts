import { Block } from "../../chain/block.ts";
import { ChainError } from "../../chain/errors.ts";
import type { ReceivedBlock } from "../channel/block-buffer.ts";
import { GossipError } from "../errors.ts";
import type { BlockOrigin } from "../events.ts";
import type { BlockRange } from "../wire/messages.ts";
import type { GossipOptions } from "../options.ts";
import type { PeerView } from "../channel/peer-view.ts";
import type { ChannelId, Clock, PeerId, Transport } from "../ports.ts";
import { SPREAD_NONE } from "../push/spread.ts";
import { within } from "../time.ts";

export interface BlockFetcherParts {
  readonly channel: ChannelId;
  readonly view: PeerView;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly options: GossipOptions;
  /** Takes a block in. @throws ChainError where it is bad. */
  readonly offer: (received: ReceivedBlock) => void;
  /** A block has come from the peer. */
  readonly onHeard: (peer: PeerId) => void;
  /** A fetch failed. */
  readonly onFailed: (peer: PeerId, error: Error) => void;
}

/** A range to be fetched from one peer. */
export interface RangeFetch {
  readonly peer: PeerId;
  readonly range: BlockRange;
  readonly origin: BlockOrigin;
  /** It is not known whether the peer holds any of it: that nothing comes is no failure. */
  readonly isQuestion?: boolean;
  /** Others may be asked for the same meanwhile: the peer is relied on for nothing. */
  readonly isBeside?: boolean;
  /** Called with each block before it is taken in. */
  readonly onBlock?: (block: Block) => void;
  /** Ends the fetch when it is aborted; that is nobody's fault. */
  readonly signal?: AbortSignal;
}

/**
 * Fetches ranges of blocks for whoever finds them missing, and knows which numbers are on their way. A peer that does
 * not deliver what it claimed to hold is left alone for a while.
 */
export class BlockFetcher {
  readonly #parts: BlockFetcherParts;
  /** How many fetches are to bring a block, by its number. */
  readonly #inFlight = new Map<number, number>();

  constructor(parts: BlockFetcherParts) {
    this.#parts = parts;
  }

  /** Whether the block has been asked for and has not come yet. */
  isFetching(number: number): boolean {
    return this.#inFlight.has(number);
  }

  /**
   * Asks one peer for a range and takes in each block as it comes; that may be a part of the range. Ends where nothing
   * comes for `fetchTimeoutMs`. Does not reject: weather and lies are told to `onFailed`, and the peer is penalised.
   * False: it has failed, or was ended.
   */
  async fetch(fetch: RangeFetch): Promise<boolean> {
    const { view, onFailed } = this.#parts;
    const { peer, range, signal } = fetch;
    const expected = { next: range.first };
    if (fetch.isBeside !== true) this.#expect(range);
    try {
      await this.#ask(fetch, expected);
      if (expected.next === range.first && fetch.isQuestion !== true) {
        // What was said before may have been true: disks are lost.
        throw new GossipError("NOT_HELD", `nothing of the blocks ${range.first} to ${range.end - 1}`);
      }
      view.reward(peer);
      return true;
    } catch (error) {
      if (signal?.aborted === true) return false;
      const code = error instanceof GossipError ? error.code : undefined;
      // It merely does not know us yet; the greeting mends that.
      if (code === "RATE_LIMITED") view.rest(peer);
      else if (code !== "NOT_A_MEMBER") view.penalise(peer);
      onFailed(peer, error instanceof Error ? error : new Error(String(error)));
      return false;
    } finally {
      if (fetch.isBeside !== true) this.#release({ first: expected.next, end: range.end });
    }
  }

  async #ask(fetch: RangeFetch, expected: { next: number }): Promise<void> {
    const { channel, transport, clock, options } = this.#parts;
    const { peer, range } = fetch;
    await within(clock, options.fetchTimeoutMs, async (timeout, heard) => {
      const signal = fetch.signal === undefined ? timeout : AbortSignal.any([timeout, fetch.signal]);
      const onBlock = (bytes: Uint8Array) => {
        // What comes after the time is over has been given up.
        signal.throwIfAborted();
        heard();
        this.#parts.onHeard(peer);
        const block = this.#checked(bytes, expected.next, range);
        const next = expected.next++;
        if (fetch.isBeside !== true) this.#release({ first: next, end: next + 1 });
        fetch.onBlock?.(block);
        this.#parts.offer({ block, from: peer, origin: fetch.origin, spread: SPREAD_NONE });
      };
      await transport.fetchBlocks(peer, { channel, range }, onBlock, signal);
    });
  }

  /** @throws GossipError or ChainError where it is not the block that must come next. */
  #checked(bytes: Uint8Array, expected: number, { first, end }: BlockRange): Block {
    if (expected === end)
      throw new GossipError("BROKEN_PROMISE", `more blocks than the ${end - first} that were asked for`);
    const block = Block.parse(bytes);
    if (block.number === expected) return block;
    throw new ChainError("WRONG_NUMBER", `block ${block.number} where ${expected} was asked for`);
  }

  #expect({ first, end }: BlockRange): void {
    for (let number = first; number < end; number++)
      this.#inFlight.set(number, (this.#inFlight.get(number) ?? 0) + 1);
  }

  #release({ first, end }: BlockRange): void {
    for (let number = first; number < end; number++) {
      const count = (this.#inFlight.get(number) ?? 1) - 1;
      if (count === 0) this.#inFlight.delete(number);
      else this.#inFlight.set(number, count);
    }
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
