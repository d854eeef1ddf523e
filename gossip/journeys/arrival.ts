import type { BlockHash } from "../../chain/block.ts";
import type { BlockOrigin } from "../events.ts";
import type { PeerId } from "../ports.ts";

/** How a block came to a peer, by that peer's word and its clock: times are whole microseconds since 1970. */
export interface Arrival {
  readonly number: number;
  readonly hash: BlockHash;
  /** Who gave it; undefined: nobody, since it came into the network there, or nobody that may be named. */
  readonly from: PeerId | undefined;
  readonly origin: BlockOrigin;
  /** When the first of it came: the block, or word of the chunks that it is put together from. */
  readonly receivedUs: number;
  readonly verifiedUs: number;
  /** When it was durable; undefined: it is not yet. */
  readonly committedUs: number | undefined;
}

/** The arrivals of so many blocks are remembered in a channel. */
export const ARRIVALS_MAX = 64;
