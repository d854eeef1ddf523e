import type { BlockHash } from "../../chain/block.ts";
import { BlockRequest } from "../../gossip/catch-up/block-request.ts";
import type { BlockRange, Digest, EntropyMessage } from "../../gossip/wire/messages.ts";

/** What a liar claims to hold; the hash of its tip is of no block. */
export type Claim = Pick<Digest, "height" | "early"> & Partial<Digest>;

/** A digest with this claim. */
export function digestOf(claim: Claim): Digest {
  return { tipHash: "11".repeat(32) as BlockHash, ...claim };
}

/** An answer to a syn that claims this, with what there is for the first range that the claim promises. */
export async function lyingAnswer(
  { channel, session, digest, end }: EntropyMessage & { readonly kind: "syn" },
  claim: Claim,
  blocksOf: (range: BlockRange) => readonly Uint8Array[] | Promise<readonly Uint8Array[]>,
): Promise<EntropyMessage> {
  const [range] = new BlockRequest(digest, end).held(claim);
  const blocks = range === undefined ? [] : await blocksOf(range);
  return { kind: "ack", channel, session, digest: digestOf(claim), end: 0, blocks };
}
