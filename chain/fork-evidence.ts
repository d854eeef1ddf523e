import { Buffer } from "node:buffer";
import { Block } from "./block.ts";
import type { BlockVerifier } from "./block-verifier.ts";
import { ChainError } from "./errors.ts";
import { lengthDelimited, protobufFields } from "./protobuf-fields.ts";

/** The block without its transactions: header and metadata, which is what the orderers' signatures need. */
export function withoutData(block: Block): Block {
  const parts = [...protobufFields(block.bytes)]
    .filter(({ number }) => number !== DATA_FIELD)
    .map(({ number, bytes }) => lengthDelimited(number, bytes));
  const bytes = Buffer.concat(parts);
  return Block.parse(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length));
}

const DATA_FIELD = 2;

/**
 * Whether the other block, of which header and metadata are enough, proves with the one that is held here that the
 * orderers have signed two chains. A header does not name its channel, but its predecessor does: it is held here.
 *
 * @throws ChainError `WRONG_NUMBER`, `BROKEN_LINK` where the two are no fork; `UNSATISFIED_POLICY`; `MALFORMED_BLOCK`,
 * `MISSING_METADATA` where the signatures cannot be read.
 */
export function verifyFork(held: Block, other: Block, verifier: BlockVerifier): void {
  if (other.number !== held.number || other.hash === held.hash)
    throw new ChainError("WRONG_NUMBER", `blocks ${held.number} and ${other.number} are no fork`);
  if (other.previousHash !== held.previousHash)
    throw new ChainError("BROKEN_LINK", `the other block ${other.number} is not the first of its chain`);
  verifier.verifySigned(other);
}
