import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { blockNumber, type Block } from "../../chain/block.ts";
import { ChainError, type ChainErrorCode } from "../../chain/errors.ts";
import { FileLedger } from "../../chain/file-ledger.ts";
import type { LedgerEvent } from "../../chain/ledger-recovery.ts";
import { RECORD_HEADER_BYTES } from "../../chain/ledger-record.ts";
import type { Ledger } from "../../chain/ledger.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

/** The files of a closed ledger, by name. */
export type LedgerFiles = ReadonlyMap<string, Uint8Array>;

/** The files of a new ledger to which each of `groups` was appended as one write, closed after `segmentBytesMax`. */
export async function ledgerFiles(
  groups: readonly (readonly Block[])[],
  segmentBytesMax?: number,
): Promise<LedgerFiles> {
  using folder = temporaryDirectory();
  const options = segmentBytesMax === undefined ? {} : { segmentBytesMax };
  const ledger = await FileLedger.open({ directory: folder.path, ...options });
  for (const group of groups) await Promise.all(group.map((block) => ledger.append(block)));
  await ledger.close();
  return readFiles(folder.path);
}

/** All files of a folder, by name. */
export function readFiles(path: string): LedgerFiles {
  return new Map(readdirSync(path).map((name) => [name, new Uint8Array(readFileSync(join(path, name)))]));
}

/** Makes `path` a folder of these files and no others. */
export function writeFiles(path: string, files: LedgerFiles): void {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
  for (const [name, bytes] of files) writeFileSync(join(path, name), bytes);
}

/** The files with one of them replaced, or left out. */
export function withFile(files: LedgerFiles, name: string, bytes: Uint8Array | undefined): LedgerFiles {
  const changed = new Map(files);
  if (bytes === undefined) changed.delete(name);
  else changed.set(name, bytes);
  return changed;
}

/** A ledger opened on files, and what it reported. */
export interface OpenedLedger extends AsyncDisposable {
  readonly ledger: FileLedger;
  readonly events: readonly LedgerEvent[];
}

/** Puts the files into `path` and opens a ledger there. */
export async function openFiles(path: string, files: LedgerFiles): Promise<OpenedLedger> {
  writeFiles(path, files);
  const events: LedgerEvent[] = [];
  const ledger = await FileLedger.open({ directory: path, onEvent: (event) => events.push(event) });
  return { ledger, events, [Symbol.asyncDispose]: () => ledger.close() };
}

/** Each block of the ledger in hexadecimal, or the message of the ChainError that reading it throws. */
export async function contents(ledger: Ledger): Promise<string[]> {
  const all: string[] = [];
  for (let number = 0; number < ledger.height; number++) {
    const read = await ledger.read(blockNumber(number)).catch((error: unknown) => error);
    if (read instanceof Error) {
      if (!(read instanceof ChainError)) throw read;
      all.push(`${read.code} ${read.message}`);
    } else {
      all.push(hex(read as Block));
    }
  }
  return all;
}

/** The block's bytes in hexadecimal. */
export function hex(block: Block): string {
  return Buffer.from(block.bytes).toString("hex");
}

/** The ChainError that the promise is rejected with. */
export async function chainErrorOf(
  work: Promise<unknown>,
): Promise<{ readonly code: ChainErrorCode; readonly message: string }> {
  const outcome = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome instanceof ChainError) return outcome;
  throw new Error(`no ChainError but ${String(outcome)}`);
}

/** Flips a bit in the middle of the first segment's record of a block, while the ledger may be open. */
export function rotRecord(directory: string, number: number): void {
  const path = join(directory, "blockfile_000000");
  const bytes = readFileSync(path);
  const { offset, lengthBytes } = recordsIn(bytes)[number]!;
  const file = openSync(path, "r+");
  const at = offset + RECORD_HEADER_BYTES + (lengthBytes >> 1);
  writeSync(file, Uint8Array.of(bytes[at]! ^ 4), 0, 1, at);
  closeSync(file);
}

/** Where the records lie in a segment whose headers are whole. */
export function recordsIn(segment: Uint8Array): { readonly offset: number; readonly lengthBytes: number }[] {
  const bytes = Buffer.from(segment.buffer, segment.byteOffset, segment.length);
  const records = [];
  for (let offset = 0; offset < bytes.length;) {
    const lengthBytes = bytes.readUInt32LE(offset + 16);
    records.push({ offset, lengthBytes });
    offset += RECORD_HEADER_BYTES + lengthBytes;
  }
  return records;
}
