import type { BlockHash } from "../../chain/block.ts";
import type { ChannelId } from "../ports.ts";

/** Asks whether anybody has passed a block on to the receiver unasked. */
export interface RelayQuestion {
  readonly kind: "relay-question";
  readonly channel: ChannelId;
  readonly number: number;
  readonly hash: BlockHash;
}

/** Answers a relay-question. */
export interface RelayAnswer {
  readonly kind: "relay-answer";
  readonly channel: ChannelId;
  readonly number: number;
  readonly hash: BlockHash;
  /** Whether the block came unasked; not so where it had to be asked for, or is not here. */
  readonly came: boolean;
}

export type RelayMessage = RelayQuestion | RelayAnswer;
