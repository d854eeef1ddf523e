import type { Block, BlockHash } from "../../chain/block.ts";
import type { BlockStart } from "../following/follow-blocks.ts";

/** Which blocks {@link BlockPeer.blocks} gives. */
export interface BlocksOptions {
  /** May be left out where the peer has joined one channel. */
  readonly channel?: string;
  /** Where it begins; default `"oldest"`. Where the consumer has a checkpoint, that counts instead. */
  readonly from?: BlockStart;
  /** Begins behind the last checkpoint of the consumer of this name. */
  readonly consumer?: string;
  /** Ends the loop, without an error. */
  readonly signal?: AbortSignal;
}

export interface SubmitOptions {
  /** May be left out where the peer has joined one channel. */
  readonly channel?: string;
  /** Ends the waiting, with its reason; the block may get into the ledger all the same. */
  readonly signal?: AbortSignal;
}

/** What has become of a block that was handed in. */
export interface Submitted {
  readonly number: number;
  readonly hash: BlockHash;
  /** False: the ledger held it already. */
  readonly isNew: boolean;
}

/**
 * What those who work with blocks need of a peer. A running one has it, and each of a test network
 * (`blockgossip/testing`), so that the same code runs on both.
 */
export interface BlockPeer {
  /** How many blocks the channel's ledger holds durably, the genesis block included; the number of the next one. */
  height(channel?: string): number;
  /**
   * The channel's blocks in order, those that are there and all that come, for `for await`. Each is read from the
   * ledger when it is asked for: a slow reader costs no memory and loses nothing. It ends when the peer stops.
   *
   * @throws NodeError `NOT_FOUND` (no such channel), `CHECKPOINT_INVALID`; ChainError `LEDGER_CORRUPT` where a block is
   * damaged on the disk; the channel's failure when it stops by itself.
   */
  blocks(options?: BlocksOptions): AsyncIterable<Block>;
  /**
   * Hands in the next block, or one that is there already. Resolves once it is durable here; other peers get it then.
   *
   * @param block a serialized Fabric `common.Block`, signed by the channel's orderers.
   * @throws ChainError where the block is bad; GossipError `OUT_OF_ORDER` where it is not the next, `CONFLICT` where the
   * ledger holds another block of that number, `STOPPED`; NodeError `NOT_FOUND` (no such channel).
   */
  submit(block: Uint8Array | Block, options?: SubmitOptions): Promise<Submitted>;
  /**
   * Notes that the consumer is done with a block and all before it. Resolves once that would survive a crash.
   *
   * @param consumer up to 64 characters of a-z, 0-9 and "-", the first a letter; the channel is the one it belongs to.
   * @throws NodeError `CHECKPOINT_INVALID`, also for a block that is not held; `FILE_UNWRITABLE`, `NOT_FOUND`.
   */
  checkpoint(consumer: string, number: number, channel?: string): Promise<void>;
}
