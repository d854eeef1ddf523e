import { Buffer } from "node:buffer";
import { derHeader } from "./der-header.ts";
import { ChainError } from "./errors.ts";
import { sha256, sha256OfAll } from "./hash.ts";
import { lengthDelimited, protobufFields, varintField, type ProtobufField } from "./protobuf-fields.ts";

/** The position of a block in its chain; genesis is 0. A safe integer. */
export type BlockNumber = number & { readonly __brand: "BlockNumber" };

/** A SHA-256 as 64 lower-case hexadecimal digits. A block's hash is that of its DER header. */
export type BlockHash = string & { readonly __brand: "BlockHash" };

/** @throws RangeError unless `value` is an integer from 0 to 2^53 - 1. */
export function blockNumber(value: number): BlockNumber {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} is not a block number`);
  return value as BlockNumber;
}

/** The bytes as a hash in hexadecimal. */
export function blockHash(bytes: Uint8Array): BlockHash {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex") as BlockHash;
}

/** What {@link createBlock} makes a block of. */
export interface BlockParts {
  readonly number: number;
  /** Hash of the predecessor's header; empty for genesis. */
  readonly previousHash: Uint8Array;
  readonly transactions: readonly Uint8Array[];
  /** Entries by Fabric's index: 0 signatures, 1 last config (old), 2 transactions filter, 3 orderer (old), 4 commit hash. */
  readonly metadata: readonly Uint8Array[];
}

/** Metadata is not bound by the header hash; this bound keeps it from being padded on the way. */
const METADATA_BYTES_MAX = 1 << 20;

/**
 * A Fabric `common.Block`, read but not yet verified. It keeps the bytes it came in, and all its parts are views
 * into them: a block is never encoded again on its way. Immutable by convention; nobody may write to the views.
 */
export class Block {
  /** The serialized `common.Block` exactly as received. */
  readonly bytes: Uint8Array;
  readonly number: BlockNumber;
  /** Hash of the predecessor's header as the header claims it; empty for genesis. */
  readonly previousHash: BlockHash;
  /** SHA-256 over the concatenated transactions as the header claims it. */
  readonly dataHash: BlockHash;
  /** The bytes that are hashed and signed. */
  readonly headerBytes: Uint8Array;
  /** SHA-256 of `headerBytes`: what the successor names, and what identifies the block. */
  readonly hash: BlockHash;
  /** Serialized `common.Envelope` messages. */
  readonly transactions: readonly Uint8Array[];
  readonly metadata: readonly Uint8Array[];

  private constructor(bytes: Uint8Array, header: Header, transactions: Uint8Array[], metadata: Uint8Array[]) {
    this.bytes = bytes;
    this.number = header.number;
    this.previousHash = blockHash(header.previousHash);
    this.dataHash = blockHash(header.dataHash);
    this.headerBytes = derHeader(header.number, header.previousHash, header.dataHash);
    this.hash = blockHash(sha256(this.headerBytes));
    this.transactions = transactions;
    this.metadata = metadata;
  }

  /**
   * Reads a serialized `common.Block`. Fields that Fabric's message does not have, and repeated singular fields,
   * are refused: nothing in the header would bind them.
   *
   * @throws ChainError `MALFORMED_BLOCK`.
   */
  static parse(bytes: Uint8Array): Block {
    try {
      const parts = singularFields(bytes, [1, 2, 3]);
      const header = parseHeader(required(parts.get(1), "header"));
      const transactions = repeatedBytes(parts.get(2)?.bytes);
      const metadata = repeatedBytes(parts.get(3)?.bytes);
      if ((parts.get(3)?.bytes.length ?? 0) > METADATA_BYTES_MAX)
        throw new RangeError("metadata of more than 1 MiB");
      return new Block(bytes, header, transactions, metadata);
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      throw new ChainError("MALFORMED_BLOCK", `${bytes.length} bytes that are no block: ${cause.message}`, {
        cause,
      });
    }
  }
}

/** Serializes and reads back a block of these parts; the data hash is computed. Nothing is signed. */
export function createBlock(parts: BlockParts): Block {
  const header = Buffer.concat([
    varintField(1, parts.number),
    parts.previousHash.length === 0 ? new Uint8Array(0) : lengthDelimited(2, parts.previousHash),
    lengthDelimited(3, sha256OfAll(parts.transactions)),
  ]);
  const data = Buffer.concat(parts.transactions.map((transaction) => lengthDelimited(1, transaction)));
  const metadata = Buffer.concat(parts.metadata.map((entry) => lengthDelimited(1, entry)));
  const bytes = Buffer.concat([
    lengthDelimited(1, header),
    lengthDelimited(2, data),
    lengthDelimited(3, metadata),
  ]);
  return Block.parse(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length));
}

interface Header {
  readonly number: BlockNumber;
  readonly previousHash: Uint8Array;
  readonly dataHash: Uint8Array;
}

function parseHeader(field: ProtobufField): Header {
  const fields = singularFields(field.bytes, [2, 3], [1]);
  const number = fields.get(1)?.value ?? 0n;
  if (number > BigInt(Number.MAX_SAFE_INTEGER)) throw new RangeError(`block number ${number} is above 2^53`);
  return {
    number: blockNumber(Number(number)),
    previousHash: fields.get(2)?.bytes ?? new Uint8Array(0),
    dataHash: fields.get(3)?.bytes ?? new Uint8Array(0),
  };
}

function singularFields(message: Uint8Array, delimited: readonly number[], varints: readonly number[] = []) {
  const fields = new Map<number, ProtobufField>();
  for (const field of protobufFields(message)) {
    const expected = field.wireType === 2 ? delimited : field.wireType === 0 ? varints : [];
    if (!expected.includes(field.number))
      throw new RangeError(`unknown field ${field.number} at offset ${field.start}`);
    if (fields.has(field.number)) throw new RangeError(`field ${field.number} twice`);
    fields.set(field.number, field);
  }
  return fields;
}

function repeatedBytes(message: Uint8Array | undefined): Uint8Array[] {
  const entries: Uint8Array[] = [];
  if (message === undefined) return entries;
  for (const field of protobufFields(message)) {
    if (field.number !== 1 || field.wireType !== 2)
      throw new RangeError(`unknown field ${field.number} at offset ${field.start}`);
    entries.push(field.bytes);
  }
  return entries;
}

function required(field: ProtobufField | undefined, name: string): ProtobufField {
  if (field === undefined) throw new RangeError(`it has no ${name}`);
  return field;
}
