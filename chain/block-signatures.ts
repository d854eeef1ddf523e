import { Buffer } from "node:buffer";
import type { Block } from "./block.ts";
import type { ChannelConfig } from "./channel-config.ts";
import { ChainError } from "./errors.ts";
import { lastBytes, lastVarint } from "./last-field.ts";
import type { SignedData } from "./policy.ts";
import { protobufFields } from "./protobuf-fields.ts";
import { serializedIdentity } from "./serialized-identity.ts";

/** `common.Metadata`: what block metadata consists of. Views into the block. */
export interface BlockMetadata {
  readonly value: Uint8Array;
  readonly signatures: readonly MetadataSignature[];
}

/** `common.MetadataSignature`. What is not there is empty. */
export interface MetadataSignature {
  readonly signatureHeader: Uint8Array;
  readonly signature: Uint8Array;
  readonly identifierHeader: Uint8Array;
}

const EMPTY: Uint8Array = new Uint8Array(0);
/** More than any channel has orderers; each one can cost a check of a certificate and of a signature. */
const SIGNATURES_MAX = 256;

/**
 * Reads one entry of a block's metadata.
 *
 * @throws RangeError where the bytes are no `common.Metadata`, or have more than 256 signatures.
 */
export function parseMetadata(bytes: Uint8Array): BlockMetadata {
  const signatures: MetadataSignature[] = [];
  for (const field of protobufFields(bytes)) {
    if (field.number !== 2 || field.wireType !== 2) continue;
    if (signatures.length === SIGNATURES_MAX) throw new RangeError(`more than ${SIGNATURES_MAX} signatures`);
    signatures.push(parseSignature(field.bytes));
  }
  return { value: lastBytes(bytes, 1) ?? EMPTY, signatures };
}

/**
 * The orderers' signatures on a block (Fabric, protoutil/blockutils.go `BlockSignatureVerifier`), over value, the
 * signature's header and the block header as they stand on the wire. On a BFT channel a signer may be named by
 * consenter id; an id that the configuration does not know is left out.
 *
 * @throws ChainError `MISSING_METADATA`, `MALFORMED_BLOCK`.
 */
export function blockSignatures(block: Block, config: ChannelConfig): SignedData[] {
  const [entry] = block.metadata;
  if (entry === undefined) throw new ChainError("MISSING_METADATA", `block ${block.number} has no metadata`);
  try {
    const { value, signatures } = parseMetadata(entry);
    return signatures.flatMap((each) => {
      const { signature } = each;
      const named = signer(each, config);
      if (named === undefined) return [];
      return [
        {
          identity: named.identity,
          bytes: Buffer.concat([value, named.header, block.headerBytes]),
          signature,
        },
      ];
    });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new ChainError(
      "MALFORMED_BLOCK",
      `block ${block.number} has unreadable signatures: ${cause.message}`,
      {
        cause,
      },
    );
  }
}

interface NamedSigner {
  readonly identity: Uint8Array;
  /** The header that names the signer and is signed. */
  readonly header: Uint8Array;
}

function signer(signature: MetadataSignature, config: ChannelConfig): NamedSigner | undefined {
  const { signatureHeader, identifierHeader } = signature;
  if (!config.isBft || signatureHeader.length > 0 || identifierHeader.length === 0)
    return { identity: lastBytes(signatureHeader, 1) ?? EMPTY, header: signatureHeader };
  const id = BigInt.asUintN(32, lastVarint(identifierHeader, 1));
  const consenter = config.consenters.find((each) => BigInt(each.id) === id);
  if (consenter === undefined) return undefined;
  return { identity: serializedIdentity(consenter.mspId, consenter.certificate), header: identifierHeader };
}

function parseSignature(bytes: Uint8Array): MetadataSignature {
  return {
    signatureHeader: lastBytes(bytes, 1) ?? EMPTY,
    signature: lastBytes(bytes, 2) ?? EMPTY,
    identifierHeader: lastBytes(bytes, 3) ?? EMPTY,
  };
}
