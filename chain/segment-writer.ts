import { constants } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { segmentName, syncDirectory } from "./ledger-files.ts";

/** Where the segments end. */
export interface SegmentPosition {
  readonly segment: number;
  readonly offset: number;
}

/**
 * On Linux a handle opened with O_DSYNC makes each write durable by itself, one trip to the thread pool instead of
 * two. Elsewhere the flag is missing or promises less than `fdatasync`.
 */
const DURABLE_FLAG = process.platform === "linux" ? constants.O_DSYNC : 0;

/** Writes behind the end of the newest segment file, and begins new ones. One call at a time. */
export class SegmentWriter {
  readonly #directory: string;
  #file: FileHandle;
  #segment: number;
  #offset: number;

  private constructor(directory: string, file: FileHandle, position: SegmentPosition) {
    this.#directory = directory;
    this.#file = file;
    this.#segment = position.segment;
    this.#offset = position.offset;
  }

  /** Opens the segment, or creates it durably. */
  static async open(directory: string, position: SegmentPosition): Promise<SegmentWriter> {
    return new SegmentWriter(directory, await openSegment(directory, position.segment), position);
  }

  get position(): SegmentPosition {
    return { segment: this.#segment, offset: this.#offset };
  }

  /** Writes the parts one behind the other, and resolves when they are durable. Rejects unless all of it was written. */
  async write(parts: readonly Uint8Array[]): Promise<void> {
    const bytes = parts.reduce((sum, part) => sum + part.length, 0);
    const { bytesWritten } = await this.#file.writev([...parts]);
    if (bytesWritten !== bytes) throw new Error(`wrote ${bytesWritten} of ${bytes} bytes`);
    if (DURABLE_FLAG === 0) await this.#file.datasync();
    this.#offset += bytes;
  }

  /** Goes over to the next segment file. */
  async roll(): Promise<void> {
    const next = await openSegment(this.#directory, this.#segment + 1);
    await this.#file.close();
    this.#file = next;
    this.#segment++;
    this.#offset = 0;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

async function openSegment(directory: string, segment: number): Promise<FileHandle> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | DURABLE_FLAG;
  const file = await open(join(directory, segmentName(segment)), flags);
  try {
    await syncDirectory(directory);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}
