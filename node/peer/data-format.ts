import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { ChainError } from "../../chain/errors.ts";
import { TEMPORARY_SUFFIX, writeFileDurably } from "../../chain/ledger-files.ts";
import { DirectoryLock } from "../../chain/directory-lock.ts";
import { NodeError } from "../errors.ts";
import { reason } from "../files.ts";

/** What brings a data folder from one format to the next. */
export interface MigrationStep {
  /** What changes, for the log. */
  readonly change: string;
  /**
   * Does it, durably. After a kill at any point it is called again, from the start, on what is then there. What it
   * takes away it keeps elsewhere until the new is durable.
   */
  readonly run: (directory: string) => Promise<void>;
}

/** The first step leads from format 1 to 2, each following one a format further: a new format is a new step. */
const STEPS: readonly MigrationStep[] = [
  { change: "the folder says its format; nothing else is another", run: async () => undefined },
];

/** How a data folder is opened. */
export interface DataFolderOptions {
  /** Told after each step: the format that the folder now has, and what has changed. */
  readonly onMigrated?: (format: number, change: string) => void;
  /** Instead of those of this program. */
  readonly steps?: readonly MigrationStep[];
}

/**
 * Opens a peer's data folder for this process alone, until it is disposed of. A new folder gets this program's format,
 * one of an older format is brought to it step by step. `format` in the folder says which it is of; folders from
 * before there was such a file are of format 1.
 *
 * ```
 * format                         blockgossip-data 2
 * channels/NAME/{ledger/, forks/}
 * node.key                       unless the configuration names another place
 * lock, lock.sqlite              while a peer runs
 * ```
 *
 * @throws NodeError `DATA_FORMAT` for a folder of a newer program, or whose `format` is damaged, with nothing changed;
 * `FILE_UNWRITABLE`. ChainError `LEDGER_LOCKED` where another process has it open.
 */
export async function openDataFolder(
  directory: string,
  { onMigrated, steps = STEPS }: DataFolderOptions = {},
): Promise<Disposable> {
  try {
    await mkdir(directory, { recursive: true });
    using opened = new DisposableStack();
    opened.use(DirectoryLock.acquire(directory));
    await removeUnfinished(directory);
    const newest = steps.length + 1;
    const found = await formatOf(directory, newest);
    if (found === undefined) await writeFormat(directory, newest);
    for (const [index, step] of steps.entries()) {
      const format = index + 2;
      if (found === undefined || found >= format) continue;
      await step.run(directory);
      // The steps before are not run again: each has its own mark.
      await writeFormat(directory, format);
      onMigrated?.(format, step.change);
    }
    return opened.move();
  } catch (cause) {
    if (cause instanceof NodeError || cause instanceof ChainError) throw cause;
    throw new NodeError("FILE_UNWRITABLE", `the data folder ${directory} cannot be used: ${reason(cause)}`, {
      cause,
    });
  }
}

/** Undefined for a folder that no peer has used. */
async function formatOf(directory: string, newest: number): Promise<number | undefined> {
  const path = join(directory, "format");
  const text = await readFile(path, "latin1").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return undefined;
    throw cause;
  });
  if (text === undefined) return existsSync(join(directory, "channels")) ? 1 : undefined;
  const format = Number(/^blockgossip-data ([1-9]\d{0,8})\n$/.exec(text)?.[1]);
  if (Number.isNaN(format)) {
    throw new NodeError(
      "DATA_FORMAT",
      `${path} is not what a peer writes there; put it back from a backup: its one line is "blockgossip-data NUMBER"`,
    );
  }
  if (format <= newest) return format;
  throw new NodeError(
    "DATA_FORMAT",
    `${directory} is of data format ${format} and this program knows formats 1 to ${newest}: start the version of ` +
      "the program that wrote it, or a newer one, or name another data folder",
  );
}

async function writeFormat(directory: string, format: number): Promise<void> {
  await writeFileDurably(join(directory, "format"), Buffer.from(`blockgossip-data ${format}\n`));
}

async function removeUnfinished(directory: string): Promise<void> {
  const names = await readdir(directory);
  for (const name of names.filter((each) => each.startsWith("format.") && each.endsWith(TEMPORARY_SUFFIX)))
    await rm(join(directory, name));
}
