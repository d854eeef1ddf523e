import { blockNumber, type Block } from "./block.ts";
import { lastConfigNumber, verifySignatures, verifyWellFormed } from "./block-verification.ts";
import { ChannelConfig } from "./channel-config.ts";
import { isConfigBlock } from "./channel-header.ts";
import { ChainError } from "./errors.ts";
import type { Ledger } from "./ledger.ts";

/**
 * Judges blocks by the configuration that is in force at the tip of a chain. Blocks may come in any order; whether one
 * continues the chain is not judged here (`verifyLink`).
 */
export class BlockVerifier {
  #config: ChannelConfig;

  /** @param config in force behind some block, which is the tip. */
  constructor(config: ChannelConfig) {
    this.#config = config;
  }

  /**
   * For a ledger that holds at least genesis: takes the config block that its tip names, or the newest that there is.
   *
   * @throws ChainError `NOT_HELD` for an empty ledger; `MALFORMED_CONFIG`; what `ledger.read` throws.
   */
  static async load(ledger: Ledger): Promise<BlockVerifier> {
    return new BlockVerifier(ChannelConfig.fromBlock(await newestConfigBlock(ledger)));
  }

  /** The configuration in force. */
  get config(): ChannelConfig {
    return this.#config;
  }

  /**
   * "valid": the block is whole, and signed as the configuration in force demands; for a config block, its
   * configuration can be used as well. "later": it is whole, and its signatures fail, but they may be good under a
   * config block that is not here yet. A block below `next` is judged by the configuration in force, too.
   *
   * @param next the number that the configuration in force is exact for: that of the tip and one.
   * @throws ChainError where the block is certainly bad.
   */
  verify(block: Block, next: number): "valid" | "later" {
    const config = this.#config;
    verifyWellFormed(block, config.channel);
    try {
      verifySignatures(block, config);
    } catch (error) {
      if (
        error instanceof ChainError &&
        error.code === "UNSATISFIED_POLICY" &&
        this.#mayDependOnLater(block, next)
      )
        return "later";
      throw error;
    }
    if (isConfigBlock(block)) ChannelConfig.fromBlock(block);
    return "valid";
  }

  /**
   * Says that the block is now the tip: a config block's configuration is in force from here on.
   *
   * @throws ChainError `MALFORMED_CONFIG` for a config block that `verify` would have refused.
   */
  advance(block: Block): void {
    if (isConfigBlock(block)) this.#config = ChannelConfig.fromBlock(block);
  }

  /** Whether a block whose signatures fail may have been signed under a configuration that comes before it. */
  #mayDependOnLater(block: Block, next: number): boolean {
    if (block.number <= next) return false;
    // A config block names itself, and is signed under the configuration before it, whichever that is.
    if (isConfigBlock(block)) return true;
    const named = lastConfigNumber(block);
    return named === undefined || named > this.#config.blockNumber;
  }
}

async function newestConfigBlock(ledger: Ledger): Promise<Block> {
  const tip = await ledger.read(blockNumber(Math.max(0, ledger.height - 1)));
  if (isConfigBlock(tip)) return tip;
  const named = lastConfigNumber(tip);
  const candidate = named === undefined || named > tip.number ? tip : await ledger.read(blockNumber(named));
  if (isConfigBlock(candidate)) return candidate;
  for (let number = tip.number - 1; number > 0; number--) {
    const block = await ledger.read(blockNumber(number));
    if (isConfigBlock(block)) return block;
  }
  return ledger.read(blockNumber(0));
}
