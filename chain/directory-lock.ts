import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ChainError } from "./errors.ts";

/** SQLite's result code for a file that another has locked. */
const SQLITE_BUSY = 5;

/**
 * Keeps every other process, and everything else in this one, from using a directory: a ledger's, a peer's data, an
 * authority's, an orderer's. The lock is the operating system's on the file `lock.sqlite`, which Node.js offers
 * through SQLite only: it ends with the process however that ends, nobody has to find out whether a process id is
 * still the same process, and it holds between containers that share a volume. The file `lock` names the holder for
 * people and is not the lock.
 *
 * POSIX takes such a lock away when the process that holds it closes any handle on the file: nothing in this process
 * may open or copy `lock.sqlite` meanwhile.
 */
export class DirectoryLock implements Disposable {
  readonly #database: DatabaseSync;
  readonly #holderPath: string;

  private constructor(database: DatabaseSync, holderPath: string) {
    this.#database = database;
    this.#holderPath = holderPath;
  }

  /** @throws ChainError `LEDGER_LOCKED`, with the process id of the holder. */
  static acquire(directory: string): DirectoryLock {
    const holderPath = join(directory, "lock");
    const database = new DatabaseSync(join(directory, "lock.sqlite"));
    try {
      // Nothing is ever written to the database, and no journal shall appear beside it.
      database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
      writeFileSync(holderPath, `pid ${process.pid}\n`);
      return new DirectoryLock(database, holderPath);
    } catch (cause) {
      database.close();
      if (!isBusy(cause)) throw cause;
      throw new ChainError(
        "LEDGER_LOCKED",
        `${directory} is in use by ${holder(holderPath)}; stop it first`,
        { cause },
      );
    }
  }

  [Symbol.dispose](): void {
    // The name of the holder goes first: once the lock is free the file may be that of the next one.
    try {
      rmSync(this.#holderPath, { force: true });
    } finally {
      this.#database.close();
    }
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY;
}

function holder(path: string): string {
  try {
    const pid = /^pid (\d+)\n$/.exec(readFileSync(path, "latin1"))?.[1];
    if (pid !== undefined) return `process ${pid}`;
  } catch {
    // The holder has the lock and has not written its name yet.
  }
  return "another process";
}
