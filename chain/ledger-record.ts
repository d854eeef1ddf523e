import { Buffer } from "node:buffer";
import { type Block, blockHash, blockNumber, type BlockHash, type BlockNumber } from "./block.ts";
import { crc32c } from "./crc32c.ts";

/**
 * A record is a header of 64 bytes and the block's bytes behind it. Integers are little-endian:
 *
 *     0  8   marker: random bytes that are the same all over one ledger
 *     8  8   number of the block
 *    16  4   length of the block in bytes
 *    20  4   0 if the record begins a write, 1 if it is of the same write as the record before
 *    24  32  hash of the block
 *    56  4   CRC-32C of the block's bytes
 *    60  4   CRC-32C of the 60 bytes before
 *
 * The marker lets a scan find the next record behind a damaged one, and since nobody outside knows it, bytes inside
 * a block cannot pass for a record. A write begins only when the one before it is durable: a record that
 * begins one tells that all before it were. The hash lets the chain go on over a newest block that is damaged.
 */
export const RECORD_HEADER_BYTES = 64;

/** Length of a ledger's marker. */
export const MARKER_BYTES = 8;

const HEADER_CHECKSUM_OFFSET = 60;

/** What a record's header says. */
export interface RecordHeader {
  readonly number: BlockNumber;
  /** Of the block, without the record's header. */
  readonly lengthBytes: number;
  /** Whether the record begins a write, before which all earlier blocks were durable. */
  readonly beginsWrite: boolean;
  readonly hash: BlockHash;
  /** CRC-32C of the block's bytes. */
  readonly checksum: number;
}

/** The header of the record of `block`, which does or does not begin a write. */
export function encodeRecordHeader(marker: Uint8Array, block: Block, beginsWrite: boolean): Uint8Array {
  const header = Buffer.alloc(RECORD_HEADER_BYTES);
  header.set(marker);
  header.writeBigUInt64LE(BigInt(block.number), 8);
  header.writeUInt32LE(block.bytes.length, 16);
  header.writeUInt32LE(beginsWrite ? 0 : 1, 20);
  header.write(block.hash, 24, "hex");
  header.writeUInt32LE(crc32c(block.bytes), 56);
  header.writeUInt32LE(crc32c(header.subarray(0, HEADER_CHECKSUM_OFFSET)), HEADER_CHECKSUM_OFFSET);
  return header;
}

/** The header at `offset` of `bytes`; undefined unless it is whole, undamaged and of the ledger of `marker`. */
export function decodeRecordHeader(
  marker: Uint8Array,
  bytes: Uint8Array,
  offset: number,
): RecordHeader | undefined {
  if (bytes.length - offset < RECORD_HEADER_BYTES) return undefined;
  const header = Buffer.from(bytes.buffer, bytes.byteOffset + offset, RECORD_HEADER_BYTES);
  if (!header.subarray(0, MARKER_BYTES).equals(marker)) return undefined;
  const checksum = crc32c(header.subarray(0, HEADER_CHECKSUM_OFFSET));
  if (header.readUInt32LE(HEADER_CHECKSUM_OFFSET) !== checksum) return undefined;
  const number = Number(header.readBigUInt64LE(8));
  if (!Number.isSafeInteger(number)) return undefined;
  return {
    number: blockNumber(number),
    lengthBytes: header.readUInt32LE(16),
    beginsWrite: header.readUInt32LE(20) === 0,
    hash: blockHash(header.subarray(24, 56)),
    checksum: header.readUInt32LE(56),
  };
}

/** The blocks' bytes in records that lie one behind the other, views, from block `first` up to one that is damaged. */
export function bytesOfRecords(
  marker: Uint8Array,
  records: Uint8Array,
  first: number,
  lengths: readonly number[],
): Uint8Array[] {
  const blocks: Uint8Array[] = [];
  let offset = 0;
  for (const lengthBytes of lengths) {
    const end = offset + RECORD_HEADER_BYTES + lengthBytes;
    const bytes = bytesOfRecord(marker, records.subarray(offset, end), first + blocks.length);
    if (bytes === undefined) break;
    blocks.push(bytes);
    offset = end;
  }
  return blocks;
}

/** The block's bytes in `record`, a view; undefined unless it is of block `number` and all checksums hold. */
function bytesOfRecord(marker: Uint8Array, record: Uint8Array, number: number): Uint8Array | undefined {
  const header = decodeRecordHeader(marker, record, 0);
  const bytes = record.subarray(RECORD_HEADER_BYTES);
  if (header?.number !== number || header.lengthBytes !== bytes.length) return undefined;
  return crc32c(bytes) === header.checksum ? bytes : undefined;
}
