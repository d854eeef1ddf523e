import { randomBytes } from "node:crypto";
import { open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ChainError } from "./errors.ts";

/** The name of a segment file, as Fabric names its block files. */
export function segmentName(segment: number): string {
  return `blockfile_${String(segment).padStart(6, "0")}`;
}

/**
 * The sizes of the segment files in `directory`, which are numbered from 0 without gaps.
 *
 * @throws ChainError `LEDGER_CORRUPT` where one is missing.
 */
export async function segmentSizes(directory: string): Promise<number[]> {
  const names = (await readdir(directory)).filter((name) => /^blockfile_\d{6,}$/.test(name));
  const sizes: number[] = [];
  for (let segment = 0; segment < names.length; segment++) {
    const name = segmentName(segment);
    if (!names.includes(name)) {
      throw new ChainError(
        "LEDGER_CORRUPT",
        `${join(directory, name)} is missing; put it back from a backup`,
      );
    }
    sizes.push((await stat(join(directory, name))).size);
  }
  return sizes;
}

/** Makes the contents of a file durable. */
export async function syncFile(path: string): Promise<void> {
  await using file = await open(path, "r+");
  await file.datasync();
}

/** Makes the names in `directory` durable: what was created, renamed or removed there. */
export async function syncDirectory(directory: string): Promise<void> {
  // Windows gives no handle on a directory, and keeps names without being asked.
  if (process.platform === "win32") return;
  await using handle = await open(directory, "r");
  await handle.sync();
}

/** Writes a file that is afterwards either there whole and durably or not at all. */
export async function writeFileDurably(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString("hex")}${TEMPORARY_SUFFIX}`;
  try {
    await using file = await open(temporary, "wx");
    await file.writeFile(bytes);
    await file.sync();
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await rename(temporary, path);
  await syncDirectory(dirname(path));
}

/** What the names of files end in that {@link writeFileDurably} did not live to finish. */
export const TEMPORARY_SUFFIX = ".tmp";

/**
 * Does `work` on files, and gives the file system's refusal as an error of ours.
 *
 * @throws ChainError `LEDGER_IO` that says what could not be done; a ChainError of `work` as it is.
 */
export async function ledgerIo<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof ChainError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ChainError("LEDGER_IO", `Cannot ${doing}: ${reason}`, { cause });
  }
}
