import { blockNumber, type Block } from "./block.ts";
import { lastConfigNumber } from "./block-verification.ts";
import { isConfigBlock } from "./channel-header.ts";
import { ChainError } from "./errors.ts";
import type { Ledger } from "./ledger.ts";

/**
 * The newest config block up to the block of this number, itself included. A damaged block is passed over: then it is
 * the newest that can be told, as for a peer that has not been sent the later ones yet.
 *
 * @throws ChainError `NOT_HELD` for an empty ledger; what `ledger.read` throws, `LEDGER_CORRUPT` for genesis only.
 */
export async function newestConfigBlock(ledger: Ledger, number: number): Promise<Block> {
  let isNameTried = false;
  for (let at = number; at > 0; at--) {
    const block = await readable(ledger, at);
    if (block === undefined) continue;
    if (isConfigBlock(block)) return block;
    const named = isNameTried ? undefined : lastConfigNumber(block);
    if (named === undefined || named > at) continue;
    const config = await readable(ledger, named);
    if (config !== undefined && isConfigBlock(config)) return config;
    // What is named and damaged was the newest; there is another one further down.
    if (config === undefined) at = named;
    else isNameTried = true;
  }
  return await ledger.read(blockNumber(0));
}

/** The block; undefined where it is damaged. */
async function readable(ledger: Ledger, number: number): Promise<Block | undefined> {
  try {
    return await ledger.read(blockNumber(number));
  } catch (error) {
    if (error instanceof ChainError && error.code === "LEDGER_CORRUPT") return undefined;
    throw error;
  }
}
