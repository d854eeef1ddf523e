import { Buffer } from "node:buffer";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { blockNumber, type BlockHash, type BlockNumber } from "./block.ts";
import type { BlockIndex } from "./block-index.ts";
import { ChainError } from "./errors.ts";
import { segmentName, segmentSizes, syncDirectory, syncFile } from "./ledger-files.ts";
import { RECORD_HEADER_BYTES } from "./ledger-record.ts";
import { findRecords, SECTOR_BYTES, type Finding } from "./segment-scan.ts";

/**
 * What a ledger found on opening:
 * - `cut`: the end of a segment, from `offset` on, was no whole record and has been removed, or had been before.
 *   `lost` is how many blocks from `number` on are gone that had been durable; 0 after an interrupted write.
 * - `damaged`: the stored bytes of a block fail their checksum. Reading it throws `LEDGER_CORRUPT`.
 */
export type LedgerEvent =
  | {
      readonly kind: "cut";
      readonly number: BlockNumber;
      readonly segment: number;
      readonly offset: number;
      readonly bytes: number;
      readonly lost: number;
    }
  | {
      readonly kind: "damaged";
      readonly number: BlockNumber;
      readonly segment: number;
      readonly offset: number;
    };

/** What {@link recoverLedger} works on. */
export interface RecoveryOptions {
  readonly directory: string;
  readonly marker: Uint8Array;
  /** As loaded; afterwards it is that of the segments, in memory and in its file. */
  readonly index: BlockIndex;
  readonly onEvent: (event: LedgerEvent) => void;
}

/** Where a ledger stands after {@link recoverLedger}. */
export interface RecoveredTail {
  /** Hash of the newest block; undefined for a ledger without blocks. */
  readonly tipHash: BlockHash | undefined;
  /** The segment to write to, and its size. */
  readonly segment: number;
  readonly offset: number;
}

/**
 * Brings the index up to the segments, which are scanned from the last block in it, and cuts off what is left of an
 * interrupted write. Whether damage is that, or befell a block that was durable, is told thus:
 *
 * - A block was durable if the index names it or a record of a later write exists.
 * - Bytes at the end of the last segment are cut off if they are a record that ends too early, or neither a record
 *   nor a block under a damaged header: there is nothing to keep.
 * - A block that has all its bytes but not its checksum, and was not known to be durable, is cut off with all that
 *   is behind it if a sector of it was never written. If not, it is bits that flipped, and it is kept.
 * - All other damage is kept: it counts in the height, and each block of it is refused when read.
 *
 * @throws ChainError `LEDGER_CORRUPT` where a segment is missing, or blocks are that no damage accounts for.
 */
export async function recoverLedger(options: RecoveryOptions): Promise<RecoveredTail> {
  const { directory, index, onEvent } = options;
  const sizes = await segmentSizes(directory);
  const indexed = index.count;
  const recovery = new Recovery(options);
  await recovery.scan(sizes);
  const cut = recovery.finish(indexed);
  const segment = Math.max(sizes.length - 1, 0);
  // What a killed process wrote need not be on the disk yet, and the index may name durable blocks only. It must not
  // name blocks that are cut off either, lest it meet the ones that are written in their place.
  if (sizes.length > 0) await syncFile(join(directory, segmentName(segment)));
  await index.save();
  const end = cut ?? { segment, offset: sizes[segment] ?? 0 };
  const lost = Math.max(indexed - index.count, 0);
  if (cut !== undefined) await cutSegments(directory, cut, sizes.length);
  if (cut !== undefined || lost > 0) {
    const bytes = (sizes[end.segment] ?? 0) - end.offset;
    onEvent({ kind: "cut", number: blockNumber(index.count), bytes, lost, ...end });
  }
  // Where the last block in the index was cut off, the new tip has not been seen yet.
  if (recovery.tipHash === undefined && index.count > 0) return recoverLedger(options);
  return { tipHash: recovery.tipHash, ...end };
}

type SegmentFinding = Finding & { readonly segment: number };

interface Cut {
  readonly segment: number;
  readonly offset: number;
}

/** Enters what a scan finds into the index as soon as it is known to have been durable. */
class Recovery {
  tipHash: BlockHash | undefined;
  readonly #options: RecoveryOptions;
  readonly #index: BlockIndex;
  /** Findings that may still turn out to be the last write. */
  #undecided: SegmentFinding[] = [];
  /** Bytes without a record, kept in front of the record that is entered next. */
  #gap: { readonly segment: number; readonly offset: number; readonly bytes: number } | undefined;

  constructor(options: RecoveryOptions) {
    this.#options = options;
    this.#index = options.index;
  }

  /** Scans from the last block in the index that the segments have room for. */
  async scan(sizes: readonly number[]): Promise<void> {
    const { directory, marker } = this.#options;
    let number = Math.max(this.#index.countWithin(sizes) - 1, 0);
    let { segment, offset } = number === 0 ? { segment: 0, offset: 0 } : this.#index.at(number);
    this.#index.truncate(number);
    for (; segment < sizes.length; segment++, offset = 0) {
      const base = offset - (offset % SECTOR_BYTES);
      const data = await readFrom(join(directory, segmentName(segment)), base, (sizes[segment] ?? 0) - base);
      for (const finding of findRecords(marker, data, { offset: offset - base, number })) {
        if (finding.kind !== "gap") number = finding.number + 1;
        this.#add({ ...finding, segment, offset: base + finding.offset, end: base + finding.end });
      }
    }
  }

  /** Decides on the last write, knowing that the index named `indexed` blocks. Returns where to cut, if anywhere. */
  finish(indexed: number): Cut | undefined {
    for (const [i, finding] of this.#undecided.entries()) {
      const isLast = i === this.#undecided.length - 1;
      const wasDurable = this.#index.count < indexed;
      const isIncomplete = finding.kind !== "record" && isLast;
      if (isIncomplete || (finding.zeroSector && !wasDurable))
        return { segment: finding.segment, offset: finding.offset };
      this.#keep(finding);
    }
    return undefined;
  }

  #add(finding: SegmentFinding): void {
    if (finding.kind !== "gap" && finding.beginsWrite) {
      for (const durable of this.#undecided) this.#keep(durable);
      this.#undecided = [];
    }
    this.#undecided.push(finding);
  }

  #keep(finding: SegmentFinding): void {
    const { segment, offset, end } = finding;
    if (finding.kind === "gap") {
      this.#gap = { segment, offset, bytes: end - offset };
      return;
    }
    this.#keepMissing(finding.number);
    const isWhole = finding.kind === "record" && finding.whole;
    this.#push(segment, offset, end - offset, isWhole);
    this.tipHash = finding.kind === "record" ? finding.hash : undefined;
  }

  /** Enters the blocks before `number` that the gap in front of it must have held. */
  #keepMissing(number: BlockNumber): void {
    const first = this.#index.count;
    const gap = this.#gap;
    this.#gap = undefined;
    if (number === first) return;
    if (gap === undefined || (number - first) * RECORD_HEADER_BYTES > gap.bytes) {
      const { directory } = this.#options;
      throw new ChainError(
        "LEDGER_CORRUPT",
        `${directory} has block ${number} and not blocks ${first} to ${number - 1}; put its files back from a backup`,
      );
    }
    for (let missing = first; missing < number; missing++)
      this.#push(gap.segment, gap.offset, gap.bytes, false);
  }

  #push(segment: number, offset: number, recordBytes: number, isWhole: boolean): void {
    const number = blockNumber(this.#index.count);
    this.#index.push({ segment, offset, lengthBytes: Math.max(recordBytes - RECORD_HEADER_BYTES, 0) });
    if (!isWhole) this.#options.onEvent({ kind: "damaged", number, segment, offset });
  }
}

async function readFrom(path: string, offset: number, bytes: number): Promise<Uint8Array> {
  await using file = await open(path, "r");
  const data = Buffer.allocUnsafeSlow(bytes);
  let filled = 0;
  while (filled < bytes) {
    const { bytesRead } = await file.read(data, filled, bytes - filled, offset + filled);
    if (bytesRead === 0) throw new Error(`${path} ended at ${offset + filled} of ${offset + bytes} bytes`);
    filled += bytesRead;
  }
  return data;
}

async function cutSegments(directory: string, cut: Cut, segments: number): Promise<void> {
  await using file = await open(join(directory, segmentName(cut.segment)), "r+");
  await file.truncate(cut.offset);
  await file.sync();
  // From the last one down, so that an interruption leaves no segment missing in the middle.
  for (let segment = segments - 1; segment > cut.segment; segment--)
    await rm(join(directory, segmentName(segment)));
  await syncDirectory(directory);
}
