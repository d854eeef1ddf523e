import { Buffer } from "node:buffer";
import type { Block } from "../../chain/block.ts";
import type { ApiBlock } from "./api-types.ts";

/** A block as JSON: what its header says, its transactions and metadata in base64. */
export function blockParts({
  number,
  hash,
  previousHash,
  dataHash,
  transactions,
  metadata,
}: Block): ApiBlock {
  return {
    number,
    hash,
    previousHash,
    dataHash,
    transactions: transactions.map(base64),
    metadata: metadata.map(base64),
  };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
