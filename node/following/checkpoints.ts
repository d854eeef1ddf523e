import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as z from "zod";
import { writeFileDurably } from "../../chain/ledger-files.ts";
import { NodeError } from "../errors.ts";
import { reason } from "../files.ts";
import { jsonOf } from "../json-of.ts";
import type { BlockStart } from "./follow-blocks.ts";

/** How far each consumer of a channel's blocks has got. */
export interface CheckpointStore {
  /** The number of the last block that the consumer is done with; undefined: none yet. */
  read(consumer: string): Promise<number | undefined>;
  /** Resolves once that would survive a crash of what the store lives in. Calls take effect in their order. */
  write(consumer: string, number: number): Promise<void>;
}

/** Where a consumer goes on: behind its checkpoint, or at `from` where it has none. */
export async function startOf(
  checkpoints: CheckpointStore,
  consumer: string | undefined,
  from: BlockStart,
): Promise<BlockStart> {
  const last = consumer === undefined ? undefined : await checkpoints.read(consumer);
  return last === undefined ? from : last + 1;
}

const checkpointSchema = z.strictObject({ block: z.int().min(0) });

/** One small JSON file for each consumer, replaced durably or not at all. */
export class FileCheckpoints implements CheckpointStore {
  readonly #directory: string;
  /** By consumer, what ends with the last write that was begun, whatever comes of it. */
  readonly #writes = new Map<string, Promise<void>>();

  /** @param directory made when the first checkpoint is written. */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** @throws NodeError `CHECKPOINT_INVALID` (no name for a consumer; a file that is no checkpoint), `FILE_UNREADABLE`. */
  async read(consumer: string): Promise<number | undefined> {
    const path = this.#path(consumer);
    await this.#writes.get(consumer);
    const text = await readIfThere(path);
    if (text === undefined) return undefined;
    const parsed = checkpointSchema.safeParse(jsonOf(text));
    if (parsed.success) return parsed.data.block;
    throw new NodeError(
      "CHECKPOINT_INVALID",
      `${path} is no checkpoint; remove it to let ${consumer} begin anew, or write {"block": NUMBER} there`,
    );
  }

  /** @throws NodeError `CHECKPOINT_INVALID` (no name for a consumer), `FILE_UNWRITABLE`: the old one then stays. */
  async write(consumer: string, number: number): Promise<void> {
    const path = this.#path(consumer);
    const before = this.#writes.get(consumer) ?? Promise.resolve();
    const written = before.then(() => replace(path, `${JSON.stringify({ block: number })}\n`));
    const ended = written.catch(() => undefined);
    this.#writes.set(consumer, ended);
    await written;
    if (this.#writes.get(consumer) === ended) this.#writes.delete(consumer);
  }

  #path(consumer: string): string {
    return join(this.#directory, `${checkedConsumer(consumer)}.json`);
  }
}

/** @throws NodeError `CHECKPOINT_INVALID` unless it can name a file on any system. */
export function checkedConsumer(name: string): string {
  if (/^[a-z][a-z0-9-]{0,63}$/.test(name)) return name;
  throw new NodeError(
    "CHECKPOINT_INVALID",
    `${JSON.stringify(name)} is no consumer's name; allowed are up to 64 characters of a-z, 0-9 and "-", the first a letter`,
  );
}

/** @throws NodeError `CHECKPOINT_INVALID` unless there is a block of that number. */
export function requireHeld(number: number, height: number): void {
  if (Number.isInteger(number) && number >= 0 && number < height) return;
  throw new NodeError(
    "CHECKPOINT_INVALID",
    `block ${number} cannot be a checkpoint: the height is ${height}, so the newest block is ${height - 1}`,
  );
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
    throw new NodeError("FILE_UNREADABLE", `the checkpoint ${path} cannot be read: ${reason(cause)}`, {
      cause,
    });
  }
}

async function replace(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFileDurably(path, Buffer.from(text));
  } catch (cause) {
    throw new NodeError("FILE_UNWRITABLE", `${path} cannot be written: ${reason(cause)}`, { cause });
  }
}
