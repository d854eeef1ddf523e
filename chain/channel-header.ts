import { Buffer } from "node:buffer";
import type { Block } from "./block.ts";
import { ChainError } from "./errors.ts";
import { lastBytes, lastVarint } from "./last-field.ts";

import { HEADER_TYPE } from "./transaction.ts";

const EMPTY = new Uint8Array(0);

/** What the first transaction of a block says of the block. */
export interface ChannelHeader {
  readonly channel: string;
  /** Fabric's `common.HeaderType`. */
  readonly type: number;
}

/**
 * The channel header of a block's first transaction, which need not be well-formed.
 *
 * @throws ChainError `MALFORMED_BLOCK` where there is none.
 */
export function channelHeader(block: Block): ChannelHeader {
  const [transaction] = block.transactions;
  if (transaction === undefined)
    throw new ChainError("MALFORMED_BLOCK", `block ${block.number} has no transaction`);
  try {
    const content = channelHeaderBytes(transaction);
    const channel = Buffer.from(lastBytes(content, 4) ?? EMPTY).toString("utf8");
    if (channel === "") throw new RangeError("no channel");
    return { channel, type: Number(BigInt.asIntN(32, lastVarint(content, 1))) };
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new ChainError(
      "MALFORMED_BLOCK",
      `the first transaction of block ${block.number} has no channel header: ${cause.message}`,
      { cause },
    );
  }
}

/** The serialized `common.ChannelHeader` of a transaction; empty where it has none. @throws RangeError as `lastBytes`. */
export function channelHeaderBytes(transaction: Uint8Array): Uint8Array {
  const payload = lastBytes(transaction, 1) ?? EMPTY;
  const header = lastBytes(payload, 1) ?? EMPTY;
  return lastBytes(header, 1) ?? EMPTY;
}

/**
 * The channel that a block says it belongs to.
 *
 * @throws ChainError `MALFORMED_BLOCK` where it does not say.
 */
export function channelOf(block: Block): string {
  return channelHeader(block).channel;
}

/** Whether the block brings a channel's configuration: such a block has one transaction, of type CONFIG. */
export function isConfigBlock(block: Block): boolean {
  if (block.transactions.length !== 1) return false;
  try {
    return channelHeader(block).type === HEADER_TYPE.config;
  } catch (error) {
    if (error instanceof ChainError) return false;
    throw error;
  }
}
