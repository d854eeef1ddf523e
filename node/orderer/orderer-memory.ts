import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { Block } from "../../chain/block.ts";
import { DirectoryLock } from "../../chain/directory-lock.ts";
import { ChainError } from "../../chain/errors.ts";
import { writeFileDurably } from "../../chain/ledger-files.ts";
import { NodeError } from "../errors.ts";
import { reason } from "../files.ts";
import { poll } from "../poll.ts";

const FILE = "last-signed.block";
const LOCK_INTERVAL_MS = 10;

/**
 * What orderers remember of what they signed: each in its own folder the last block, as `last-signed.block`. Whoever
 * has it open is alone with these orderers' folders, in all processes, until it is disposed of or the process ends.
 */
export class OrdererMemory implements Disposable {
  readonly #directories: readonly string[];
  readonly #locks: Disposable;
  readonly #before: Block | undefined;
  #last: Block | undefined;

  private constructor(directories: readonly string[], locks: Disposable, last: Block | undefined) {
    this.#directories = directories;
    this.#locks = locks;
    this.#before = last;
    this.#last = last;
  }

  /**
   * Waits until nobody else has it open, so many milliseconds at most.
   *
   * @param directories the orderers' own folders, in an order that is the same for everybody.
   * @throws NodeError `BUSY` where the time is over, `FILE_UNWRITABLE`, `ORDERER_INVALID` where what is remembered is
   * damaged. The signal's reason.
   */
  static async open(
    directories: readonly string[],
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<OrdererMemory> {
    using opened = new DisposableStack();
    opened.use(await acquireAll(directories, timeoutMs, signal));
    const blocks = await Promise.all(directories.map(readLast));
    // One that was killed may have told some of them only.
    const last = blocks.reduce((newest, block) =>
      (block?.number ?? -1) > (newest?.number ?? -1) ? block : newest,
    );
    return new OrdererMemory(directories, opened.move(), last);
  }

  /** The last block that was signed; undefined where there is none yet. */
  get last(): Block | undefined {
    return this.#last;
  }

  /** Where it is remembered, for people. */
  get files(): readonly string[] {
    return this.#directories.map(fileIn);
  }

  /** Resolves when the block will not be forgotten, whatever happens; only then may anybody see it. */
  async remember(block: Block): Promise<void> {
    await this.#write(block);
  }

  /**
   * Goes back to what was the last block when it was opened. Only for a block that nobody has, and nobody will have.
   */
  async forget(): Promise<void> {
    await this.#write(this.#before);
  }

  [Symbol.dispose](): void {
    this.#locks[Symbol.dispose]();
  }

  async #write(block: Block | undefined): Promise<void> {
    try {
      for (const file of this.files)
        await (block === undefined ? rm(file, { force: true }) : writeFileDurably(file, block.bytes));
    } catch (cause) {
      throw unwritable(this.#directories, cause);
    }
    this.#last = block;
  }
}

function fileIn(directory: string): string {
  return join(directory, FILE);
}

async function acquireAll(
  directories: readonly string[],
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<Disposable> {
  let refusal = "";
  const locks = await poll(
    async () => {
      using acquired = new DisposableStack();
      try {
        for (const directory of directories) acquired.use(DirectoryLock.acquire(directory));
        return acquired.move();
      } catch (cause) {
        if (!(cause instanceof ChainError)) throw unwritable(directories, cause);
        refusal = cause.message;
        return undefined;
      }
    },
    { intervalMs: LOCK_INTERVAL_MS, timeoutMs },
    signal,
  );
  if (locks !== undefined) return locks;
  throw new NodeError("BUSY", `others sign with these orderers, after ${timeoutMs} ms still: ${refusal}`);
}

async function readLast(directory: string): Promise<Block | undefined> {
  const file = fileIn(directory);
  if (!existsSync(file)) return undefined;
  try {
    return Block.parse(new Uint8Array(await readFile(file)));
  } catch (cause) {
    throw new NodeError(
      "ORDERER_INVALID",
      `${file}, the last block that the orderer signed, cannot be read: ${reason(cause)}; ` +
        "put it back from a backup, or remove it when the peer that you ask holds every block that was signed",
      { cause },
    );
  }
}

function unwritable(directories: readonly string[], cause: unknown): NodeError {
  return new NodeError(
    "FILE_UNWRITABLE",
    `orderers remember in their folders what they signed, and ${directories.join(", ")} cannot be written: ${reason(cause)}`,
    { cause },
  );
}
