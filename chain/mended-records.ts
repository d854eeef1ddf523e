import { open, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Block } from "./block.ts";
import type { RecordLocation } from "./block-index.ts";
import { segmentName, syncDirectory, writeFileDurably } from "./ledger-files.ts";
import { bytesOfRecords, encodeRecordHeader, RECORD_HEADER_BYTES } from "./ledger-record.ts";

const NAME = /^mended_(\d{9,16})$/;

/**
 * Puts good records in the place of damaged ones. A record of the right length is written over the damaged one: whatever
 * an interruption leaves of it fails its checksum as before, and is mended again. Any other, since orderers may have
 * signed a block differently, or since it cannot be told where in a destroyed stretch the block lay, goes into a file of
 * its own beside the segments, `mended_` and the block's number, with the same record in it; it is read in place of the
 * one in the segment.
 */
export class MendedRecords {
  readonly #directory: string;
  readonly #marker: Uint8Array;
  /** The blocks that have a file of their own. */
  readonly #numbers: Set<number>;

  private constructor(directory: string, marker: Uint8Array, numbers: Set<number>) {
    this.#directory = directory;
    this.#marker = marker;
    this.#numbers = numbers;
  }

  /** Finds the files that there are in the ledger's directory. */
  static async load(directory: string, marker: Uint8Array): Promise<MendedRecords> {
    const numbers = (await readdir(directory)).flatMap((name) => {
      const digits = NAME.exec(name)?.[1];
      return digits === undefined ? [] : [Number(digits)];
    });
    return new MendedRecords(directory, marker, new Set(numbers));
  }

  /** Whether the block has a file of its own. */
  has(number: number): boolean {
    return this.#numbers.has(number);
  }

  /** The first block behind this one that has a file of its own; Infinity where there is none. */
  nextAfter(number: number): number {
    let next = Infinity;
    for (const other of this.#numbers) if (other > number && other < next) next = other;
    return next;
  }

  /** Removes the files of blocks that the ledger has lost: others will be appended in their place. */
  async cutTo(height: number): Promise<void> {
    const lost = [...this.#numbers].filter((number) => number >= height);
    for (const number of lost) {
      this.#numbers.delete(number);
      await rm(this.#path(number), { force: true });
    }
    if (lost.length > 0) await syncDirectory(this.#directory);
  }

  /** The block's bytes from its own file; undefined where there is none, or it is damaged as well. */
  async read(number: number): Promise<Uint8Array | undefined> {
    if (!this.#numbers.has(number)) return undefined;
    const record = await readFile(this.#path(number)).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === "ENOENT") return new Uint8Array();
      throw cause;
    });
    const bytes = new Uint8Array(record.buffer, record.byteOffset, record.length);
    return bytesOfRecords(this.#marker, bytes, number, [bytes.length - RECORD_HEADER_BYTES])[0];
  }

  /** Writes the block over its damaged record, durably; it must be of the record's length. */
  async overwrite(block: Block, { segment, offset }: RecordLocation): Promise<void> {
    await using file = await open(join(this.#directory, segmentName(segment)), "r+");
    const stored = new Uint8Array(RECORD_HEADER_BYTES);
    await file.read(stored, 0, stored.length, offset);
    const header = likestHeader(this.#marker, block, stored);
    const bytes = header.length + block.bytes.length;
    const { bytesWritten } = await file.writev([header, block.bytes], offset);
    if (bytesWritten !== bytes) throw new Error(`wrote ${bytesWritten} of ${bytes} bytes`);
    await file.datasync();
  }

  /** Writes the block into a file of its own, durably. */
  async keepBeside(block: Block): Promise<void> {
    const header = encodeRecordHeader(this.#marker, block, true);
    const record = new Uint8Array(header.length + block.bytes.length);
    record.set(header);
    record.set(block.bytes, header.length);
    await writeFileDurably(this.#path(block.number), record);
    this.#numbers.add(block.number);
  }

  #path(number: number): string {
    return join(this.#directory, `mended_${String(number).padStart(9, "0")}`);
  }
}

/**
 * The header that was there, as far as what is left of it tells whether the record began a write. Either would do: by
 * now all before it is durable.
 */
function likestHeader(marker: Uint8Array, block: Block, stored: Uint8Array): Uint8Array {
  const began = encodeRecordHeader(marker, block, true);
  const continued = encodeRecordHeader(marker, block, false);
  const differing = (header: Uint8Array) => header.filter((byte, i) => byte !== stored[i]).length;
  return differing(continued) < differing(began) ? continued : began;
}
