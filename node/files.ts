import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { NodeError } from "./errors.ts";

/** Settings, keys and certificates are far smaller; what is larger was named by mistake. */
const TEXT_BYTES_MAX = 1 << 20;

/**
 * The text of a small file: a setting, a key, a certificate.
 *
 * @param what what the file is for, to begin the error's sentence.
 * @throws NodeError `FILE_UNREADABLE`, also above 1 MiB.
 */
export function readText(path: string, what: string): string {
  try {
    const stat = statSync(path);
    if (!stat.isFile()) throw new Error("it is no file");
    if (stat.size > TEXT_BYTES_MAX)
      throw new Error(`it has ${stat.size} bytes where at most ${TEXT_BYTES_MAX} are expected`);
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new NodeError("FILE_UNREADABLE", `${what} ${path} cannot be read: ${reason(cause)}`, { cause });
  }
}

/**
 * Writes a new file, with the folders above it. A secret one is readable by its owner only.
 *
 * @throws NodeError `FILE_UNWRITABLE`, also where the file exists.
 */
export function writeNewFile(
  path: string,
  content: string | Uint8Array,
  options: { readonly secret?: boolean } = {},
): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content, { flag: "wx", mode: options.secret === true ? 0o600 : 0o644 });
  } catch (cause) {
    throw new NodeError("FILE_UNWRITABLE", `${path} cannot be written: ${reason(cause)}`, { cause });
  }
}

/**
 * Puts a file in the place of another, or where there is none, with the folders above it. Whoever reads the path sees
 * the old content or the new one, never a part; after a crash as well.
 *
 * @param staging the folder in which the new file is written first, on the same file system; default the path's own.
 * @throws NodeError `FILE_UNWRITABLE`; the old file is then still there.
 */
export function replaceFile(path: string, content: string, staging: string = dirname(path)): void {
  // Readers of folders leave out names that begin with a dot.
  const temporary = join(staging, `.${basename(path)}.${randomUUID()}`);
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(temporary, content, { flag: "wx", mode: 0o644, flush: true });
    renameSync(temporary, path);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw new NodeError("FILE_UNWRITABLE", `${path} cannot be written: ${reason(cause)}`, { cause });
  }
}

/** What an exception says, whatever was thrown. */
export function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
