import { Buffer } from "node:buffer";
import { Block, type BlockHash, type BlockNumber } from "./block.ts";
import { crc32c } from "./crc32c.ts";
import { ChainError } from "./errors.ts";
import { decodeRecordHeader, RECORD_HEADER_BYTES, type RecordHeader } from "./ledger-record.ts";

/** A stretch of a segment, from `offset` up to `end`. */
interface Stretch {
  readonly offset: number;
  readonly end: number;
  /**
   * A sector of it was never written. Sectors of 512 bytes reach a disk whole and in any order, and one that did not
   * is read as zeros; a bit that flipped leaves no such trace. The rule is that of etcd's write-ahead log
   * (server/storage/wal/decoder.go, isTornEntry).
   */
  readonly zeroSector: boolean;
}

/**
 * What a scan meets:
 * - `record`: the block is all there. Not `whole`: the header or the block fails its checksum.
 * - `incomplete`: the header is good and the file ends before the block does.
 * - `gap`: bytes that are no record; they may have been one or several.
 */
export type Finding = Stretch &
  (
    | {
        readonly kind: "record";
        readonly number: BlockNumber;
        readonly hash: BlockHash;
        readonly beginsWrite: boolean;
        readonly whole: boolean;
      }
    | { readonly kind: "incomplete"; readonly number: BlockNumber; readonly beginsWrite: boolean }
    | { readonly kind: "gap" }
  );

/** Where a scan begins. */
export interface ScanStart {
  /** Offset in the data of what should be a record. */
  readonly offset: number;
  /** Records of lower numbers are not looked for. */
  readonly number: number;
}

/**
 * Finds the records in `data` from `start` on, in the order of their numbers. `data` is the end of a segment from a
 * sector's boundary on; offsets count from there. Time is linear in the length of `data`, whatever it holds.
 */
export function* findRecords(marker: Uint8Array, data: Uint8Array, start: ScanStart): Generator<Finding> {
  let { offset, number } = start;
  while (offset < data.length) {
    const finding = findingAt(marker, data, { offset, number });
    yield finding;
    if (finding.kind !== "gap") number = finding.number + 1;
    offset = finding.end;
  }
}

function findingAt(marker: Uint8Array, data: Uint8Array, { offset, number }: ScanStart): Finding {
  const header = headerFrom(marker, data, offset, number);
  if (header !== undefined) return recordAt(data, offset, header);
  const end = nextRecord(marker, data, offset + 1, number);
  const stretch = stretchOf(data, offset, end);
  const block = blockWithin(data.subarray(offset + RECORD_HEADER_BYTES, end));
  if (block?.number !== number) return { kind: "gap", ...stretch };
  // The block is all there under a header that is damaged.
  return {
    kind: "record",
    number: block.number,
    hash: block.hash,
    beginsWrite: false,
    whole: false,
    ...stretch,
  };
}

function recordAt(data: Uint8Array, offset: number, header: RecordHeader): Finding {
  const { number, hash, beginsWrite } = header;
  const blockOffset = offset + RECORD_HEADER_BYTES;
  const end = blockOffset + header.lengthBytes;
  if (end > data.length)
    return { kind: "incomplete", number, beginsWrite, ...stretchOf(data, offset, data.length) };
  const whole = crc32c(data.subarray(blockOffset, end)) === header.checksum;
  const stretch = whole ? { offset, end, zeroSector: false } : stretchOf(data, offset, end);
  return { kind: "record", number, hash, beginsWrite, whole, ...stretch };
}

function headerFrom(
  marker: Uint8Array,
  data: Uint8Array,
  offset: number,
  number: number,
): RecordHeader | undefined {
  const header = decodeRecordHeader(marker, data, offset);
  return header !== undefined && header.number >= number ? header : undefined;
}

function nextRecord(marker: Uint8Array, data: Uint8Array, from: number, number: number): number {
  const haystack = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  let at = haystack.indexOf(marker, from);
  while (at >= 0 && headerFrom(marker, data, at, number) === undefined) at = haystack.indexOf(marker, at + 1);
  return at < 0 ? data.length : at;
}

function blockWithin(bytes: Uint8Array): Block | undefined {
  try {
    return Block.parse(bytes);
  } catch (error) {
    if (error instanceof ChainError) return undefined;
    throw error;
  }
}

function stretchOf(data: Uint8Array, offset: number, end: number): Stretch {
  return { offset, end, zeroSector: hasZeroSector(data, offset, end) };
}

/** What a disk writes whole or not at all, at the least. */
export const SECTOR_BYTES = 512;

/** The part of a sector at the edge of a stretch counts from this length on: a few zeros may well belong there. */
const PART_BYTES_MIN = 16;

function hasZeroSector(data: Uint8Array, offset: number, end: number): boolean {
  for (let from = offset; from < end;) {
    const to = Math.min(end, from - (from % SECTOR_BYTES) + SECTOR_BYTES);
    if (to - from >= PART_BYTES_MIN && data.subarray(from, to).every((byte) => byte === 0)) return true;
    from = to;
  }
  return false;
}
