import { blockNumber, type Block } from "../chain/block.ts";
import type { Ledger } from "../chain/ledger.ts";
import type { BlockIntake } from "./block-intake.ts";
import type { BlockRange, FetchedDigest } from "./messages.ts";

/** How many early blocks a digest names at most. */
const EARLY_MAX = 1_024;

/** Answers what others ask of a channel: from memory where a block is new, else from the ledger. */
export class BlockServer {
  readonly #ledger: Ledger;
  readonly #intake: BlockIntake;
  readonly #replyBytesMax: number;

  constructor(ledger: Ledger, intake: BlockIntake, replyBytesMax: number) {
    this.#ledger = ledger;
    this.#intake = intake;
    this.#replyBytesMax = replyBytesMax;
  }

  /** What is held here. */
  digest(): FetchedDigest {
    return { height: this.#ledger.height, early: this.#intake.early().slice(0, EARLY_MAX) };
  }

  /**
   * The blocks of the range from its start, at least one if any is held, within the reply's limit. A block that is
   * damaged on the disk ends the answer.
   *
   * @throws ChainError `LEDGER_CORRUPT` where the first one is damaged.
   */
  async blocks(range: BlockRange): Promise<readonly Uint8Array[]> {
    const blocks: Uint8Array[] = [];
    let bytes = 0;
    for (let number = range.first; number < range.end; number++) {
      const block = await this.#find(number).catch((error: unknown) => {
        if (blocks.length === 0) throw error;
        return undefined;
      });
      if (block === undefined) break;
      bytes += block.bytes.length;
      if (blocks.length > 0 && bytes > this.#replyBytesMax) break;
      blocks.push(block.bytes);
    }
    return blocks;
  }

  async #find(number: number): Promise<Block | undefined> {
    const block = this.#intake.inMemory(number);
    if (block !== undefined || number >= this.#ledger.height) return block;
    return await this.#ledger.read(blockNumber(number));
  }
}
