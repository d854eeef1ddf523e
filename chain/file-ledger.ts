import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Block, type BlockHash, type BlockNumber } from "./block.ts";
import { BlockIndex } from "./block-index.ts";
import { ChainError } from "./errors.ts";
import { ledgerIo, segmentName } from "./ledger-files.ts";
import { openLedgerFormat } from "./ledger-format.ts";
import { DirectoryLock } from "./directory-lock.ts";
import { bytesOfRecords, encodeRecordHeader, RECORD_HEADER_BYTES } from "./ledger-record.ts";
import { recoverLedger, type LedgerEvent } from "./ledger-recovery.ts";
import type { Ledger } from "./ledger.ts";
import { isMendedBy } from "./mend-check.ts";
import { MendedRecords } from "./mended-records.ts";
import { SegmentReader } from "./segment-reader.ts";
import { SegmentWriter } from "./segment-writer.ts";

/** Where and how a {@link FileLedger} is kept. */
export interface FileLedgerOptions {
  /** Made if it is not there. What the ledger keeps in it is nobody else's to touch. */
  readonly directory: string;
  /** A segment file that would become larger gives way to the next one. 64 MiB if not given, at most 1 GiB. */
  readonly segmentBytesMax?: number;
  /** Told, while the ledger is being opened, what was cut off or found damaged. */
  readonly onEvent?: (event: LedgerEvent) => void;
}

const SEGMENT_BYTES_DEFAULT = 64 * 2 ** 20;
const SEGMENT_BYTES_LIMIT = 2 ** 30;

/** Bounds of one write; a single block may be larger. Longer writes gain nothing and keep the first blocks waiting. */
const WRITE_BYTES_MAX = 2 ** 20;
/** Two parts a record, and Linux takes 1,024 parts a call. */
const WRITE_RECORDS_MAX = 512;

/** An append that waits for its write. */
interface Append {
  readonly block: Block;
  readonly resolve: () => void;
  readonly reject: (error: ChainError) => void;
}

/**
 * The blocks of one channel in a directory, as Fabric keeps them: append-only segment files `blockfile_000000`,
 * `blockfile_000001`, … of records (`ledger-record`), an index by number in `index` that the segments can always
 * replace (`block-index`), and `format` (`ledger-format`). One process at a time has it open (`ledger-lock`).
 *
 * Blocks that wait together are written together, one durable write at a time. A write that was interrupted is cut
 * off on opening; a block whose stored bytes have changed is named and never served (`ledger-recovery`). An append
 * that failed with `LEDGER_IO` may be found there after all when the ledger is opened again.
 */
export class FileLedger implements Ledger, AsyncDisposable {
  readonly #directory: string;
  readonly #segmentBytesMax: number;
  readonly #lock: DirectoryLock;
  readonly #marker: Uint8Array;
  /** Of the durable blocks. */
  readonly #index: BlockIndex;
  readonly #writer: SegmentWriter;
  readonly #reader: SegmentReader;
  readonly #mended: MendedRecords;
  /** Settles when the last of the mends that were asked for has ended. */
  #mending: Promise<unknown> = Promise.resolve();
  #tipHash: BlockHash | undefined;
  /** What is not durable yet, in order; a write takes from the front, and removes there when it has ended. */
  readonly #appends: Append[] = [];
  #writing: Promise<void> | undefined;
  #failure: ChainError | undefined;
  #closing: Promise<void> | undefined;

  private constructor(parts: Parts) {
    this.#directory = parts.directory;
    this.#segmentBytesMax = parts.segmentBytesMax;
    this.#lock = parts.lock;
    this.#marker = parts.marker;
    this.#index = parts.index;
    this.#writer = parts.writer;
    this.#reader = new SegmentReader(parts.directory);
    this.#mended = parts.mended;
    this.#tipHash = parts.tipHash;
  }

  /**
   * Opens the ledger in a directory, or begins one there, and repairs what an interrupted write has left.
   *
   * @throws ChainError `LEDGER_LOCKED`, `LEDGER_FORMAT`, `LEDGER_CORRUPT` (block files are missing), `LEDGER_IO`.
   */
  static async open(options: FileLedgerOptions): Promise<FileLedger> {
    const { directory, segmentBytesMax = SEGMENT_BYTES_DEFAULT, onEvent = () => undefined } = options;
    if (!(segmentBytesMax > 0 && segmentBytesMax <= SEGMENT_BYTES_LIMIT)) {
      throw new RangeError(`segmentBytesMax is ${segmentBytesMax}, not from 1 to ${SEGMENT_BYTES_LIMIT}`);
    }
    return ledgerIo(`open the ledger in ${directory}`, async () => {
      await mkdir(directory, { recursive: true });
      using opened = new DisposableStack();
      const lock = opened.use(DirectoryLock.acquire(directory));
      const marker = await openLedgerFormat(directory);
      const index = await BlockIndex.load(join(directory, "index"), marker);
      const mended = await MendedRecords.load(directory, marker);
      const tell = (event: LedgerEvent) => {
        if (event.kind === "cut" || !mended.has(event.number)) onEvent(event);
      };
      const { tipHash, ...position } = await recoverLedger({ directory, marker, index, onEvent: tell });
      await mended.cutTo(index.count);
      const writer = await SegmentWriter.open(directory, position);
      opened.move();
      return new FileLedger({ directory, segmentBytesMax, lock, marker, index, writer, mended, tipHash });
    });
  }

  get height(): number {
    return this.#index.count;
  }

  get tipHash(): BlockHash | undefined {
    return this.#tipHash;
  }

  async append(block: Block): Promise<void> {
    if (this.#closing !== undefined) throw this.#closedError();
    if (this.#failure !== undefined) throw this.#failure;
    this.#checkIsNext(block);
    await new Promise<void>((resolve, reject) => {
      this.#appends.push({ block, resolve, reject });
      this.#writing ??= this.#writeAppends();
    });
  }

  async read(number: BlockNumber): Promise<Block> {
    const [bytes = new Uint8Array()] = await this.readRange(number, number + 1, 0);
    return Block.parse(bytes);
  }

  /** Blocks that lie in one segment are read in one go; an answer does not go beyond it. */
  async readRange(first: BlockNumber, end: number, bytesMax: number): Promise<readonly Uint8Array[]> {
    if (this.#closing !== undefined) throw this.#closedError();
    if (!(first >= 0 && first < this.height)) {
      throw new ChainError("NOT_HELD", `Block ${first} is not held; the height is ${this.height}`);
    }
    if (this.#mended.has(first)) {
      const bytes = await ledgerIo(`read block ${first}`, () => this.#mended.read(first));
      if (bytes !== undefined) return [bytes];
    }
    const { segment, offset } = this.#index.at(first);
    const stop = Math.min(end, this.height, this.#mended.nextAfter(first));
    const lengths = this.#index.lengthsFrom(first, stop, bytesMax);
    const bytes = lengths.reduce((sum, lengthBytes) => sum + RECORD_HEADER_BYTES + lengthBytes, 0);
    const file = join(this.#directory, segmentName(segment));
    const data = await ledgerIo(`read block ${first} in ${file}`, () =>
      this.#reader.read(segment, offset, bytes),
    );
    const blocks = bytesOfRecords(this.#marker, data, first, lengths);
    if (blocks.length > 0) return blocks;
    throw new ChainError(
      "LEDGER_CORRUPT",
      `Block ${first} at offset ${offset} of ${file} is not what was written there: its checksum is wrong`,
    );
  }

  mend(block: Block): Promise<boolean> {
    const mended = this.#mending.then(() => this.#mend(block));
    this.#mending = mended.catch(() => undefined);
    return mended;
  }

  /** Writes what was accepted, waits for running reads and lets the directory go. Later calls get `LEDGER_CLOSED`. */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    try {
      await this.#writing;
      await this.#mending;
      await this.#saveIndex();
      await ledgerIo(`close the ledger in ${this.#directory}`, async () => {
        await this.#reader.close();
        await this.#writer.close();
      });
    } finally {
      this.#lock[Symbol.dispose]();
    }
  }

  async #mend(block: Block): Promise<boolean> {
    if (!(await isMendedBy(this, block))) return false;
    const { number } = block;
    const place = this.#index.at(number);
    const fits = place.lengthBytes === block.bytes.length && this.#index.isOwnPlace(number);
    await ledgerIo(`mend block ${number} in ${this.#directory}`, () =>
      fits ? this.#mended.overwrite(block, place) : this.#mended.keepBeside(block),
    );
    return true;
  }

  #checkIsNext(block: Block): void {
    const newest = this.#appends.at(-1)?.block;
    const number = newest === undefined ? this.height : newest.number + 1;
    if (block.number !== number) {
      throw new ChainError(
        "OUT_OF_ORDER",
        `Block ${block.number} was appended where block ${number} is the next`,
      );
    }
    const previousHash = newest?.hash ?? this.#tipHash;
    if (previousHash !== undefined && block.previousHash !== previousHash) {
      throw new ChainError(
        "BROKEN_LINK",
        `Block ${number} names ${block.previousHash} as its predecessor, and block ${number - 1} is ${previousHash}`,
      );
    }
  }

  async #writeAppends(): Promise<void> {
    // What the caller appends in one go shall be written in one go.
    await Promise.resolve();
    try {
      while (this.#appends.length > 0) await this.#writeGroup();
    } catch (cause) {
      this.#fail(cause);
    }
    this.#writing = undefined;
  }

  async #writeGroup(): Promise<void> {
    if (this.#groupLength() === 0) await this.#roll();
    const group = this.#appends.slice(0, this.#groupLength());
    let { segment, offset } = this.#writer.position;
    await this.#writer.write(
      group.flatMap(({ block }, i) => [encodeRecordHeader(this.#marker, block, i === 0), block.bytes]),
    );
    this.#appends.splice(0, group.length);
    for (const { block, resolve } of group) {
      this.#index.push({ segment, offset, lengthBytes: block.bytes.length });
      this.#tipHash = block.hash;
      offset += RECORD_HEADER_BYTES + block.bytes.length;
      resolve();
    }
  }

  /** How many of the appends the next write takes; none where the segment has no room for the first. */
  #groupLength(): number {
    const { offset } = this.#writer.position;
    let length = 0;
    let bytes = 0;
    for (const { block } of this.#appends) {
      bytes += RECORD_HEADER_BYTES + block.bytes.length;
      if (length > 0 && (bytes > WRITE_BYTES_MAX || length === WRITE_RECORDS_MAX)) break;
      if (offset + bytes > this.#segmentBytesMax && offset + length > 0) break;
      length++;
    }
    return length;
  }

  async #roll(): Promise<void> {
    await this.#writer.roll();
    await this.#saveIndex();
  }

  async #saveIndex(): Promise<void> {
    try {
      await this.#index.save();
    } catch {
      // The segments have all that the index has; the next opening takes longer.
    }
  }

  #fail(cause: unknown): void {
    const reason = cause instanceof Error ? cause.message : String(cause);
    this.#failure = new ChainError(
      "LEDGER_IO",
      `Cannot write block ${this.height} to ${this.#directory}: ${reason}; open the ledger again when that is mended`,
      { cause },
    );
    for (const { reject } of this.#appends.splice(0)) reject(this.#failure);
  }

  #closedError(): ChainError {
    return new ChainError("LEDGER_CLOSED", `The ledger in ${this.#directory} is closed`);
  }
}

interface Parts {
  readonly directory: string;
  readonly segmentBytesMax: number;
  readonly lock: DirectoryLock;
  readonly marker: Uint8Array;
  readonly index: BlockIndex;
  readonly writer: SegmentWriter;
  readonly mended: MendedRecords;
  readonly tipHash: BlockHash | undefined;
}
