import { blockNumber } from "../../chain/block.ts";
import type { Ledger } from "../../chain/ledger.ts";
import type { BlockIntake } from "./block-intake.ts";
import type { BlockRequest } from "../catch-up/block-request.ts";
import type { BlockRange } from "../wire/messages.ts";

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

  /**
   * The blocks of the range from its start, at least one if any is held, within the reply's limit. A block that is
   * damaged on the disk ends the answer.
   *
   * @throws ChainError `LEDGER_CORRUPT` where the first one is damaged.
   */
  async blocks(range: BlockRange, bytesMax = Infinity): Promise<readonly Uint8Array[]> {
    return await this.blocksOf([range], Math.min(bytesMax, this.#replyBytesMax));
  }

  /** What of a request is held here, lowest first: below a height that our ledger has, and early blocks. */
  held(request: BlockRequest, height: number): readonly BlockRange[] {
    return [...request.held({ height, early: this.#intake.early() })];
  }

  /**
   * The blocks of these ranges in order, at least one if the first is held, within the limit. A block that is damaged
   * on the disk ends the answer.
   *
   * @throws ChainError `LEDGER_CORRUPT` where the first one is damaged.
   */
  async blocksOf(ranges: readonly BlockRange[], bytesMax: number): Promise<readonly Uint8Array[]> {
    const blocks: Uint8Array[] = [];
    let room = bytesMax;
    for (const { first, end } of ranges) {
      for (let next = first; next < end;) {
        const found = await this.#find({ first: next, end }, room).catch((error: unknown) => {
          if (blocks.length === 0) throw error;
          return [];
        });
        const bytes = found.reduce((sum, block) => sum + block.length, 0);
        if (found.length === 0 || (blocks.length > 0 && bytes > room)) return blocks;
        blocks.push(...found);
        room -= bytes;
        next += found.length;
      }
    }
    return blocks;
  }

  /** Some blocks from the start of the range, as many as are found in one place; none where it is not held. */
  async #find({ first, end }: BlockRange, bytesMax: number): Promise<readonly Uint8Array[]> {
    const block = this.#intake.inMemory(first);
    if (block !== undefined) return [block.bytes];
    if (first >= this.#ledger.height) return [];
    return await this.#ledger.readRange(blockNumber(first), end, Math.max(0, bytesMax));
  }
}
