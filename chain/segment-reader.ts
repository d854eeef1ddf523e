import { Buffer } from "node:buffer";
import { open, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { segmentName } from "./ledger-files.ts";

/** How many segment files are held open for reading when nobody reads. */
const OPEN_FILES_MAX = 16;

interface OpenSegment {
  readonly file: Promise<FileHandle>;
  readers: number;
}

/** Reads from the segment files. Any number of reads may overlap. */
export class SegmentReader {
  readonly #directory: string;
  /** The least recently used first. */
  readonly #open = new Map<number, OpenSegment>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Bytes of a segment from `offset` on; fewer where the file ends before. */
  async read(segment: number, offset: number, bytes: number): Promise<Uint8Array> {
    const opened = this.#acquire(segment);
    try {
      const file = await opened.file;
      return await readFully(file, offset, bytes);
    } finally {
      opened.readers--;
      await this.#closeIdle();
    }
  }

  /** Waits for the reads that run. */
  async close(): Promise<void> {
    const segments = [...this.#open.values()];
    this.#open.clear();
    // A file that could not be opened has told its readers.
    const files = await Promise.allSettled(segments.map((segment) => segment.file));
    for (const file of files) if (file.status === "fulfilled") await file.value.close();
  }

  #acquire(segment: number): OpenSegment {
    const opened = this.#open.get(segment) ?? this.#openSegment(segment);
    opened.readers++;
    this.#open.delete(segment);
    this.#open.set(segment, opened);
    return opened;
  }

  #openSegment(segment: number): OpenSegment {
    const file = open(join(this.#directory, segmentName(segment)), "r");
    // Its readers are told; the next one tries again.
    file.catch(() => this.#open.delete(segment));
    return { file, readers: 0 };
  }

  async #closeIdle(): Promise<void> {
    if (this.#open.size <= OPEN_FILES_MAX) return;
    for (const [segment, opened] of this.#open) {
      if (opened.readers > 0) continue;
      this.#open.delete(segment);
      await (await opened.file).close();
      return;
    }
  }
}

async function readFully(file: FileHandle, offset: number, bytes: number): Promise<Uint8Array> {
  const data = new Uint8Array(Buffer.allocUnsafeSlow(bytes).buffer);
  let filled = 0;
  while (filled < bytes) {
    const { bytesRead } = await file.read(data, filled, bytes - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return data.subarray(0, filled);
}
