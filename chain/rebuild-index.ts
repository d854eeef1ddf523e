import { rm } from "node:fs/promises";
import { join } from "node:path";
import { FileLedger, type FileLedgerOptions } from "./file-ledger.ts";
import { ledgerIo } from "./ledger-files.ts";
import { DirectoryLock } from "./directory-lock.ts";

/**
 * Throws the index of a ledger away and opens it, which makes the index anew from the block files.
 *
 * @throws ChainError `LEDGER_LOCKED`, before anything has changed; else as `FileLedger.open`.
 */
export async function rebuildIndex(options: FileLedgerOptions): Promise<FileLedger> {
  const { directory } = options;
  await ledgerIo(`remove the index of ${directory}`, async () => {
    using _lock = DirectoryLock.acquire(directory);
    await rm(join(directory, "index"), { force: true });
  });
  return await FileLedger.open(options);
}
