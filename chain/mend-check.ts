import { blockNumber, type Block, type BlockHash } from "./block.ts";
import { verifyDataHash, verifySignatures, verifyWellFormed } from "./block-verification.ts";
import { ChannelConfig } from "./channel-config.ts";
import { ChainError } from "./errors.ts";
import type { Ledger } from "./ledger.ts";
import { newestConfigBlock } from "./newest-config-block.ts";

/**
 * Whether the ledger's block of this number is damaged, and `block` is what the chain asks for in its place. False: the
 * stored one is whole.
 *
 * @throws ChainError as {@link Ledger.mend} does.
 */
export async function isMendedBy(ledger: Ledger, block: Block): Promise<boolean> {
  const { number } = block;
  const { height, tipHash } = ledger;
  if (number >= height)
    throw new ChainError("NOT_HELD", `Block ${number} is not held; the height is ${height}`);
  const expected =
    number === height - 1 ? tipHash : (await ledger.read(blockNumber(number + 1))).previousHash;
  if (await isWhole(ledger, number, expected)) return false;
  if (block.hash !== expected) {
    throw new ChainError(
      "BROKEN_LINK",
      `the chain asks for ${expected} as block ${number}, not ${block.hash}`,
    );
  }
  verifyDataHash(block);
  return true;
}

/**
 * Whether a block that comes in place of a damaged one is whole and signed as the configuration that was in force
 * before it demands: `inForce` for a block behind that, else the newest before the block that can be read. Genesis is
 * not signed: its hash says it all.
 *
 * @throws ChainError as `BlockVerifier.verify` does. `UNSATISFIED_POLICY` is no proof against who sent it while a config
 * block is damaged. `LEDGER_CORRUPT` where genesis is damaged and needed.
 */
export async function verifyMend(ledger: Ledger, block: Block, inForce: ChannelConfig): Promise<void> {
  if (block.number === 0) return;
  const config =
    inForce.blockNumber < block.number
      ? inForce
      : ChannelConfig.fromBlock(await newestConfigBlock(ledger, block.number - 1));
  verifyWellFormed(block, config.channel);
  verifySignatures(block, config);
}

async function isWhole(ledger: Ledger, number: number, expected: BlockHash | undefined): Promise<boolean> {
  try {
    const block = await ledger.read(blockNumber(number));
    verifyDataHash(block);
    return block.hash === expected;
  } catch (error) {
    if (error instanceof ChainError && DAMAGE.has(error.code)) return false;
    throw error;
  }
}

/** What reading and looking through a stored block ends with where it is not what was appended. */
export const DAMAGE: ReadonlySet<ChainError["code"]> = new Set<ChainError["code"]>([
  "LEDGER_CORRUPT",
  "MALFORMED_BLOCK",
  "WRONG_DATA_HASH",
]);
