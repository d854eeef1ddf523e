import { Buffer } from "node:buffer";
import { blockNumber, type Block } from "../../chain/block.ts";
import type { PeerChannel } from "../peer/peer-state.ts";
import type { ApiFollowedBlock } from "./api-types.ts";
import { encodeStreamMessage } from "./event-stream.ts";

/** How a follower wants its blocks. */
export interface BlockForm {
  readonly format: "server-sent events" | "lines of JSON";
  /** With the block's bytes, or only what it is. */
  readonly hasBytes: boolean;
}

const KEPT_BYTES_MAX = 16 << 20;

/**
 * Blocks as they are written to followers. What several want at a time is read and encoded once, and no two blocks are
 * at a time. Keeps the messages that were asked for last, 16 MiB of them, but always one.
 */
export class BlockMessages {
  readonly #kept = new Map<string, Buffer>();
  readonly #coming = new Map<string, Promise<Buffer>>();
  #keptBytes = 0;
  /** Settles when what was asked for so far is there. */
  #last: Promise<unknown> = Promise.resolve();

  /** @throws ChainError as `Ledger.read`. */
  async get(channel: PeerChannel, number: number, form: BlockForm): Promise<Buffer> {
    const key = `${form.format} ${form.hasBytes} ${number} ${channel.name}`;
    const kept = this.#kept.get(key);
    if (kept !== undefined) {
      this.#kept.delete(key);
      this.#kept.set(key, kept);
      return kept;
    }
    const coming = this.#coming.get(key) ?? this.#read(key, channel, { number, form });
    this.#coming.set(key, coming);
    return await coming;
  }

  async #read(
    key: string,
    { ledger }: PeerChannel,
    { number, form }: { readonly number: number; readonly form: BlockForm },
  ): Promise<Buffer> {
    const before = this.#last;
    const { promise, resolve: done } = Promise.withResolvers<void>();
    this.#last = promise;
    await before;
    try {
      const message = encode(await ledger.read(blockNumber(number)), form);
      this.#keep(key, message);
      return message;
    } finally {
      this.#coming.delete(key);
      done();
    }
  }

  #keep(key: string, message: Buffer): void {
    this.#kept.set(key, message);
    this.#keptBytes += message.length;
    for (const [oldest, { length }] of this.#kept) {
      if (this.#keptBytes <= KEPT_BYTES_MAX || oldest === key) return;
      this.#kept.delete(oldest);
      this.#keptBytes -= length;
    }
  }
}

function encode(block: Block, { format, hasBytes }: BlockForm): Buffer {
  const data = JSON.stringify(followedBlock(block, hasBytes));
  const text =
    format === "lines of JSON"
      ? `${data}\n`
      : encodeStreamMessage({ id: String(block.number), event: "block", data });
  return Buffer.from(text);
}

function followedBlock(block: Block, hasBytes: boolean): ApiFollowedBlock {
  const { number, hash, previousHash, dataHash, transactions, bytes } = block;
  return {
    number,
    hash,
    previousHash,
    dataHash,
    transactions: transactions.length,
    ...(hasBytes ? { bytes: Buffer.from(bytes).toString("base64") } : {}),
  };
}
