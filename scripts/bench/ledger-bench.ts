import { open, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import type { Block } from "../../chain/block.ts";
import { FileLedger } from "../../chain/file-ledger.ts";
import { BlockMaker } from "./block-maker.ts";
import { monotonicMs } from "./monotonic-ms.ts";
import type { BenchResult, Row } from "./report.ts";
import { scratchDirectory } from "./scratch-directory.ts";
import { median, sum } from "./statistics.ts";

/** How many appends are given to the ledger at once. */
const GROUPS = [1, 8];

export interface LedgerFlags {
  readonly size: number;
  /** In each round, for the ledger and for the plain file. */
  readonly blocks: number;
  readonly rounds: number;
}

/** Durable appends to the ledger, beside writing the same bytes to a plain file on the same disk, in turn. */
export async function ledgerBench(flags: LedgerFlags): Promise<BenchResult> {
  const rows: Row[] = [];
  for (const group of GROUPS) rows.push(await measure(group, flags));
  const { size, blocks, rounds } = flags;
  return {
    bench: "ledger",
    parameters: { sizeBytes: size, blocks, rounds },
    tables: { "durable appends, medians of the rounds": rows },
    notes: [
      "plain: write and fdatasync of the same bytes, a group in one call. ratio: median of the rounds'.",
    ],
  };
}

async function measure(group: number, { size, blocks, rounds }: LedgerFlags): Promise<Row> {
  using directory = scratchDirectory();
  const maker = await BlockMaker.create(directory.path, size);
  await using ledger = await FileLedger.open({ directory: join(directory.path, "ledger") });
  await ledger.append(maker.channel.tip);
  await using plain = await open(join(directory.path, "plain"), "w");
  const ledgerRates: number[] = [];
  const plainRates: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const groups = inGroups(maker.many(blocks), group);
    const bytes = sum(groups.flat().map((block) => block.bytes.length));
    plainRates.push(bytes / (await secondsOf(groups, (some) => writePlainly(plain, some))));
    ledgerRates.push(bytes / (await secondsOf(groups, (some) => appendAll(ledger, some))));
  }
  const [ledgerRate, plainRate] = [median(ledgerRates), median(plainRates)];
  return {
    group,
    ledgerMBPerSecond: ledgerRate / 1e6,
    plainMBPerSecond: plainRate / 1e6,
    ledgerBlocksPerSecond: ledgerRate / size,
    ratio: median(ledgerRates.map((rate, round) => rate / (plainRates[round] ?? Number.NaN))),
  };
}

async function appendAll(ledger: FileLedger, blocks: readonly Block[]): Promise<void> {
  await Promise.all(blocks.map((block) => ledger.append(block)));
}

async function writePlainly(file: FileHandle, blocks: readonly Block[]): Promise<void> {
  await file.writev(blocks.map(({ bytes }) => bytes));
  await file.datasync();
}

async function secondsOf(
  groups: readonly (readonly Block[])[],
  write: (blocks: readonly Block[]) => Promise<void>,
): Promise<number> {
  const startMs = monotonicMs();
  for (const group of groups) await write(group);
  return (monotonicMs() - startMs) / 1_000;
}

function inGroups(blocks: readonly Block[], size: number): readonly (readonly Block[])[] {
  const count = Math.ceil(blocks.length / size);
  return Array.from({ length: count }, (_, index) => blocks.slice(index * size, (index + 1) * size));
}
