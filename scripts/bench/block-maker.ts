import type { Block } from "../../chain/block.ts";
import { DemoChannel } from "../../test/end-to-end/demo-channel.ts";

/** Makes a channel and its blocks, each of about the same size in all. */
export class BlockMaker {
  readonly channel: DemoChannel;
  readonly #payloadBytes: number;

  private constructor(channel: DemoChannel, sizeBytes: number) {
    const overheadBytes = channel.sibling(sizeBytes).bytes.length - sizeBytes;
    this.channel = channel;
    this.#payloadBytes = Math.max(1, sizeBytes - overheadBytes);
  }

  /** @param directory where the channel's genesis block and keys go. */
  static async create(directory: string, sizeBytes: number): Promise<BlockMaker> {
    return new BlockMaker(await DemoChannel.create(directory, "bench"), sizeBytes);
  }

  /** The next block: one transaction of random bytes. Its size is off by the few bytes that signatures differ by. */
  next(): Block {
    return this.channel.next(this.#payloadBytes);
  }

  many(count: number): readonly Block[] {
    return Array.from({ length: count }, () => this.next());
  }
}
