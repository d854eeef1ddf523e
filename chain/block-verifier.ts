import type { Block } from "./block.ts";
import { lastConfigNumber, verifySignatures, verifyWellFormed } from "./block-verification.ts";
import { ChannelConfig } from "./channel-config.ts";
import { isConfigBlock } from "./channel-header.ts";
import { ChainError } from "./errors.ts";
import type { Ledger } from "./ledger.ts";
import { newestConfigBlock } from "./newest-config-block.ts";

/**
 * Judges blocks by the configuration that is in force at the tip of a chain. Blocks may come in any order; whether one
 * continues the chain is not judged here (`verifyLink`).
 */
export class BlockVerifier {
  #config: ChannelConfig;
  /** What was in force before `#config`, the latest first. */
  #replaced: readonly ChannelConfig[];

  /**
   * @param config in force behind some block, which is the tip.
   * @param replaced in force before it, the latest first; none for that of genesis.
   */
  constructor(config: ChannelConfig, replaced: readonly ChannelConfig[] = []) {
    this.#config = config;
    this.#replaced = replaced;
  }

  /**
   * For a ledger that holds at least genesis: takes the config block that its tip names, or the newest that there is,
   * and likewise some before that. A damaged one is passed over, until it is mended.
   *
   * @throws ChainError `NOT_HELD` for an empty ledger; `MALFORMED_CONFIG`; what `ledger.read` throws.
   */
  static async load(ledger: Ledger): Promise<BlockVerifier> {
    let config = ChannelConfig.fromBlock(await newestConfigBlock(ledger, ledger.height - 1));
    const newest = config;
    const replaced: ChannelConfig[] = [];
    while (config.blockNumber > 0 && replaced.length < REPLACED_MAX) {
      config = ChannelConfig.fromBlock(await newestConfigBlock(ledger, config.blockNumber - 1));
      replaced.push(config);
    }
    return new BlockVerifier(newest, replaced);
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
   * @throws ChainError where the block is certainly bad; `SUPERSEDED_CONFIG` where it is signed as one of the
   * configurations before the one in force demanded.
   */
  verify(block: Block, next: number): "valid" | "later" {
    const config = this.#config;
    verifyWellFormed(block, config.channel);
    const unsatisfied = unsatisfiedPolicy(block, config);
    if (unsatisfied !== undefined) {
      if (this.#mayDependOnLater(block, next)) return "later";
      throw this.#superseded(block, unsatisfied) ?? unsatisfied;
    }
    if (isConfigBlock(block)) ChannelConfig.fromBlock(block);
    return "valid";
  }

  /**
   * Whether the block is signed as the configuration in force demands, or as one before it did. Of the block only
   * header and metadata are looked at.
   *
   * @throws ChainError `UNSATISFIED_POLICY`; `MISSING_METADATA`, `MALFORMED_BLOCK`.
   */
  verifySigned(block: Block): void {
    const unsatisfied = unsatisfiedPolicy(block, this.#config);
    if (unsatisfied !== undefined && this.#superseded(block, unsatisfied) === undefined) throw unsatisfied;
  }

  /**
   * Says that the block is now the tip: a config block's configuration is in force from here on.
   *
   * @throws ChainError `MALFORMED_CONFIG` for a config block that `verify` would have refused.
   */
  advance(block: Block): void {
    if (!isConfigBlock(block)) return;
    const config = ChannelConfig.fromBlock(block);
    this.#replaced = [this.#config, ...this.#replaced].slice(0, REPLACED_MAX);
    this.#config = config;
  }

  /** The error for a block that was good until its configuration was replaced. */
  #superseded(block: Block, cause: ChainError): ChainError | undefined {
    const signedUnder = this.#replaced.find((config) => unsatisfiedPolicy(block, config) === undefined);
    if (signedUnder === undefined) return undefined;
    return new ChainError(
      "SUPERSEDED_CONFIG",
      `block ${block.number} is signed under config block ${signedUnder.blockNumber}, which others have replaced up to ${this.#config.blockNumber}`,
      { cause },
    );
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

/** A peer that has been away may have missed so many changes, and pass on what was good before them. */
const REPLACED_MAX = 16;

/** The error where the block's signatures do not satisfy this configuration; any other error is thrown. */
function unsatisfiedPolicy(block: Block, config: ChannelConfig): ChainError | undefined {
  try {
    verifySignatures(block, config);
    return undefined;
  } catch (error) {
    if (error instanceof ChainError && error.code === "UNSATISFIED_POLICY") return error;
    throw error;
  }
}
