import { Buffer } from "node:buffer";
import { createBlock, type Block } from "./block.ts";
import { derHeader } from "./der-header.ts";
import { sha256OfAll } from "./hash.ts";
import { lengthDelimited, varintField } from "./protobuf-fields.ts";

/** Someone who can sign as a Fabric identity. */
export interface Signer {
  /** The bytes of the `msp.SerializedIdentity` that goes with the key. */
  readonly identity: Uint8Array;
  /** ECDSA over SHA-256 of `bytes` as DER with the lower s. */
  sign(bytes: Uint8Array): Uint8Array;
}

/** An orderer's signer. */
export interface OrdererSigner extends Signer {
  /** The orderer's id in the channel's consenter mapping; a BFT block names its signers by it. */
  readonly consenterId?: number;
}

/** How a channel's orderers agree, which decides how they sign: one leader's signature, or a quorum's. */
export type Consensus = "raft" | "bft";

/** What {@link signBlock} makes a block of. */
export interface SignedBlockParts {
  readonly number: number;
  /** Hash of the predecessor's header. */
  readonly previousHash: Uint8Array;
  /** Serialized `common.Envelope` messages. */
  readonly transactions: readonly Uint8Array[];
  /** Number of the newest config block up to this block; a config block names itself. */
  readonly lastConfig: number;
  readonly consensus: Consensus;
  /** Goes into the header of each signature; Fabric takes 24 random bytes. Nothing checks it, and it may be absent. */
  readonly nonce?: Uint8Array;
}

/**
 * The next block, signed by these orderers as Fabric's block writer does it: five metadata entries, of which only the
 * first is filled; it holds `OrdererBlockMetadata` with the last config's number and the signatures over
 * value, signature's header and block header (orderer/common/multichannel/blockwriter.go; for BFT
 * orderer/consensus/smartbft).
 *
 * @throws RangeError where a BFT signer has no consenter id.
 */
export function signBlock(parts: SignedBlockParts, signers: readonly OrdererSigner[]): Block {
  const { number, previousHash, transactions } = parts;
  const headerBytes = derHeader(number, previousHash, sha256OfAll(transactions));
  const value = lengthDelimited(1, varintField(1, parts.lastConfig));
  const signatures = signers.map((signer) => metadataSignature(parts, signer, { value, headerBytes }));
  const signed = Buffer.concat([lengthDelimited(1, value), ...signatures]);
  const empty = new Uint8Array(0);
  return createBlock({ number, previousHash, transactions, metadata: [signed, empty, empty, empty, empty] });
}

/** `Metadata.signatures`: a `MetadataSignature { signature_header = 1, signature = 2, identifier_header = 3 }`. */
function metadataSignature(
  { consensus, nonce }: SignedBlockParts,
  signer: OrdererSigner,
  { value, headerBytes }: { readonly value: Uint8Array; readonly headerBytes: Uint8Array },
): Uint8Array {
  const nonceField = nonce === undefined ? new Uint8Array(0) : lengthDelimited(2, nonce);
  switch (consensus) {
    case "raft": {
      const header = Buffer.concat([lengthDelimited(1, signer.identity), nonceField]);
      const signature = signer.sign(Buffer.concat([value, header, headerBytes]));
      return lengthDelimited(2, Buffer.concat([lengthDelimited(1, header), lengthDelimited(2, signature)]));
    }
    case "bft": {
      if (signer.consenterId === undefined)
        throw new RangeError("an orderer that signs BFT blocks has a consenter id");
      const header = Buffer.concat([varintField(1, signer.consenterId), nonceField]);
      const signature = signer.sign(Buffer.concat([value, header, headerBytes]));
      return lengthDelimited(2, Buffer.concat([lengthDelimited(2, signature), lengthDelimited(3, header)]));
    }
    default:
      return consensus satisfies never;
  }
}
