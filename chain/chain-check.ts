import { blockNumber, type Block, type BlockHash } from "./block.ts";
import { verifyGenesis, verifyLink } from "./block-verification.ts";
import { BlockVerifier } from "./block-verifier.ts";
import { ChannelConfig } from "./channel-config.ts";
import { ChainError } from "./errors.ts";
import type { Ledger } from "./ledger.ts";
import { newestConfigBlock } from "./newest-config-block.ts";

/**
 * Judges the blocks of a chain one after the other: whether each is whole, is the one behind the block before it, and
 * is signed as the configuration demands that is in force there, which config blocks change on the way.
 */
export class ChainCheck {
  #tip: { readonly number: number; readonly hash: BlockHash } | undefined;
  #verifier: BlockVerifier | undefined;

  /** From the genesis block on, which is taken at its word: nobody has signed it. */
  static fromGenesis(): ChainCheck {
    return new ChainCheck();
  }

  /**
   * From block `number` of a ledger on; what is before it is believed.
   *
   * @throws ChainError what `ledger.read` throws; `MALFORMED_CONFIG`.
   */
  static async before(ledger: Ledger, number: number): Promise<ChainCheck> {
    const check = new ChainCheck();
    if (number === 0) return check;
    check.#tip = await ledger.read(blockNumber(number - 1));
    check.#verifier = new BlockVerifier(ChannelConfig.fromBlock(await newestConfigBlock(ledger, number - 1)));
    return check;
  }

  /** The channel; undefined before the genesis block. */
  get channel(): string | undefined {
    return this.#verifier?.config.channel;
  }

  /** Accepts the next block. @throws ChainError that says what is wrong with it; the check then stays where it was. */
  accept(block: Block): void {
    if (this.#tip === undefined || this.#verifier === undefined) {
      verifyGenesis(block);
      this.#verifier = new BlockVerifier(ChannelConfig.fromBlock(block));
    } else {
      verifyLink(this.#tip, block);
      if (this.#verifier.verify(block, block.number) !== "valid")
        throw new ChainError("UNSATISFIED_POLICY", `block ${block.number} cannot be judged yet`);
      this.#verifier.advance(block);
    }
    this.#tip = { number: block.number, hash: block.hash };
  }
}
