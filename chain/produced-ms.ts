import type { Block } from "./block.ts";
import { channelHeaderBytes } from "./channel-header.ts";
import { lastBytes, lastVarint } from "./last-field.ts";

const EMPTY = new Uint8Array(0);

/**
 * When the last transaction of a block was made, by its maker's clock, in milliseconds since 1970: the nearest that a
 * Fabric block has to a time of its own, since its header has none. Nobody vouches for it. Undefined where the
 * transaction does not say.
 */
export function producedMs(block: Block): number | undefined {
  try {
    const timestamp = lastBytes(channelHeaderBytes(block.transactions.at(-1) ?? EMPTY), 3);
    if (timestamp === undefined || timestamp.length === 0) return undefined;
    const seconds = Number(BigInt.asIntN(64, lastVarint(timestamp, 1)));
    return seconds * 1_000 + Number(BigInt.asIntN(32, lastVarint(timestamp, 2))) / 1e6;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
