import { Buffer } from "node:buffer";
import { open, readFile } from "node:fs/promises";
import { crc32c } from "./crc32c.ts";
import { RECORD_HEADER_BYTES } from "./ledger-record.ts";

/** Where a block's record lies in the segment files. */
export interface RecordLocation {
  /** Number of the segment file. */
  readonly segment: number;
  /** Of the record's header in the segment. */
  readonly offset: number;
  /** Of the block, without the record's header. */
  readonly lengthBytes: number;
}

const ENTRY_BYTES = 16;

/**
 * The locations of blocks 0 to `count` - 1. In memory and in its file an entry is 16 bytes: segment, offset, length
 * and a CRC-32C over these that starts from the ledger's marker and the block's number; all u32, little-endian. An
 * entry of another ledger or of another number is therefore as good as none, and the file needs no flush: what
 * has not reached the disk is read as the end of the index. The file is a copy that the segments can always replace.
 */
export class BlockIndex {
  readonly #path: string;
  readonly #seed: number;
  #entries = Buffer.alloc(0);
  #count = 0;
  /** How many entries of the file are the same as those in memory. */
  #saved = 0;

  private constructor(path: string, marker: Uint8Array) {
    this.#path = path;
    this.#seed = crc32c(marker);
  }

  /** Reads the file up to its first entry that is not good; an index without entries where there is no file. */
  static async load(path: string, marker: Uint8Array): Promise<BlockIndex> {
    const index = new BlockIndex(path, marker);
    index.#entries = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === "ENOENT") return Buffer.alloc(0);
      throw cause;
    });
    const readable = Math.floor(index.#entries.length / ENTRY_BYTES);
    while (index.#count < readable && index.#isGood(index.#count)) index.#count++;
    index.#saved = index.#count;
    return index;
  }

  get count(): number {
    return this.#count;
  }

  /** @throws RangeError unless 0 <= `number` < `count`. */
  at(number: number): RecordLocation {
    if (number < 0 || number >= this.#count)
      throw new RangeError(`block ${number} of ${this.#count} in the index`);
    const at = number * ENTRY_BYTES;
    return {
      segment: this.#entries.readUInt32LE(at),
      offset: this.#entries.readUInt32LE(at + 4),
      lengthBytes: this.#entries.readUInt32LE(at + 8),
    };
  }

  /**
   * Lengths of the blocks from `first` on that lie in its segment one behind the other, below `end`: one at least,
   * and no more than `bytesMax` together.
   *
   * @throws RangeError unless 0 <= `first` and `end` <= `count`.
   */
  lengthsFrom(first: number, end: number, bytesMax: number): number[] {
    const { segment, lengthBytes } = this.at(first);
    const lengths = [lengthBytes];
    let bytes = lengthBytes;
    for (let number = first + 1; number < end; number++) {
      const next = this.at(number);
      bytes += next.lengthBytes;
      if (next.segment !== segment || bytes > bytesMax) break;
      lengths.push(next.lengthBytes);
    }
    return lengths;
  }

  /** Whether the place is the block's alone: of several that were destroyed together only the whole stretch is known. */
  isOwnPlace(number: number): boolean {
    const { segment, offset } = this.at(number);
    return [number - 1, number + 1]
      .filter((other) => other >= 0 && other < this.#count)
      .map((other) => this.at(other))
      .every((other) => other.segment !== segment || other.offset !== offset);
  }

  /** Adds the location of block `count`. */
  push(location: RecordLocation): void {
    const at = this.#count * ENTRY_BYTES;
    if (at + ENTRY_BYTES > this.#entries.length) {
      const grown = Buffer.alloc(Math.max(2 * this.#entries.length, 1024 * ENTRY_BYTES));
      this.#entries.copy(grown);
      this.#entries = grown;
    }
    this.#entries.writeUInt32LE(location.segment, at);
    this.#entries.writeUInt32LE(location.offset, at + 4);
    this.#entries.writeUInt32LE(location.lengthBytes, at + 8);
    this.#entries.writeUInt32LE(this.#checksum(this.#count), at + 12);
    this.#count++;
  }

  /** Forgets the blocks from number `count` on. */
  truncate(count: number): void {
    this.#count = Math.min(this.#count, count);
    this.#saved = Math.min(this.#saved, count);
  }

  /** The number of entries before the first one whose record does not fit into the segment files of these sizes. */
  countWithin(segmentSizes: readonly number[]): number {
    for (let number = 0; number < this.#count; number++) {
      const { segment, offset, lengthBytes } = this.at(number);
      if (offset + RECORD_HEADER_BYTES + lengthBytes > (segmentSizes[segment] ?? 0)) return number;
    }
    return this.#count;
  }

  /** Brings the file up to what is in memory. */
  async save(): Promise<void> {
    const count = this.#count;
    await using file = await open(this.#path, "a+");
    await file.truncate(this.#saved * ENTRY_BYTES);
    await file.appendFile(this.#entries.subarray(this.#saved * ENTRY_BYTES, count * ENTRY_BYTES));
    this.#saved = count;
  }

  #isGood(number: number): boolean {
    return this.#entries.readUInt32LE(number * ENTRY_BYTES + 12) === this.#checksum(number);
  }

  #checksum(number: number): number {
    const at = number * ENTRY_BYTES;
    return crc32c(this.#entries.subarray(at, at + 12), (this.#seed + number) >>> 0);
  }
}
