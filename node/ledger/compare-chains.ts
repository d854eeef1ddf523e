import type { BlockHash } from "../../chain/block.ts";

/** A chain to compare with another. */
export interface ComparedChain {
  readonly height: number;
  /** The hash of the block's header. */
  readonly hashAt: (number: number) => Promise<BlockHash>;
}

/** How two chains stand to each other. */
export type Comparison =
  | { readonly kind: "same" | "prefix"; readonly common: number }
  | {
      readonly kind: "different";
      /** How many blocks they have in common. */
      readonly common: number;
      readonly first: BlockHash;
      readonly second: BlockHash;
    };

/**
 * Finds the first block in which two chains differ. Each block's hash names all before it, so a few are looked at,
 * however long the chains are; whether each is in order in itself is for `verifyLedger`. prefix: one is the other's
 * beginning.
 */
export async function compareChains(one: ComparedChain, other: ComparedChain): Promise<Comparison> {
  const shorter = Math.min(one.height, other.height);
  const isSame = async (number: number) => (await one.hashAt(number)) === (await other.hashAt(number));
  if (shorter === 0 || (await isSame(shorter - 1)))
    return { kind: one.height === other.height ? "same" : "prefix", common: shorter };
  // All below `common` are the same, and the one at `different` is not.
  let common = 0;
  let different = shorter - 1;
  while (common < different) {
    const middle = Math.floor((common + different) / 2);
    if (await isSame(middle)) common = middle + 1;
    else different = middle;
  }
  return {
    kind: "different",
    common,
    first: await one.hashAt(different),
    second: await other.hashAt(different),
  };
}
