import { availableParallelism, constants, loadavg } from "node:os";

/** One line of a table; units stand at the end of the names. A figure that could not be taken is undefined. */
export type Row = Readonly<Record<string, string | number | undefined>>;

/** What a benchmark has found. */
export interface BenchResult {
  readonly bench: string;
  /** What it was run with. */
  readonly parameters: Row;
  /** By name; the rows of one table have the same columns. */
  readonly tables: Readonly<Record<string, readonly Row[]>>;
  /** What a reader must know to read the figures. */
  readonly notes: readonly string[];
}

/** The machine and how busy it was, which no time can be read without. */
export interface Conditions {
  readonly cores: number;
  readonly node: string;
  /** The load average over a minute, before and after. */
  readonly loadBefore: number;
  readonly loadAfter: number;
}

/** A process that a signal has ended has this status and the signal's number, as in a shell. */
const SIGNALLED = 128;

/** Runs a benchmark and writes its result to standard output: tables, or one JSON document. */
export async function report(bench: () => Promise<BenchResult>, asJson: boolean): Promise<void> {
  // What is left behind goes with the process: folders, and the workers, who notice.
  process.once("SIGINT", () => process.exit(SIGNALLED + constants.signals.SIGINT));
  process.once("SIGTERM", () => process.exit(SIGNALLED + constants.signals.SIGTERM));
  const [loadBefore = 0] = loadavg();
  const result = await bench();
  const [loadAfter = 0] = loadavg();
  const conditions = { cores: availableParallelism(), node: process.version, loadBefore, loadAfter };
  const text = asJson ? JSON.stringify({ ...result, conditions }, undefined, 2) : format(result, conditions);
  process.stdout.write(`${text}\n`);
}

function format({ bench, parameters, tables, notes }: BenchResult, conditions: Conditions): string {
  const { cores, node, loadBefore, loadAfter } = conditions;
  const settings = Object.entries(parameters).map(([name, value]) => `${name} ${cell(value)}`);
  const machine = `${cores} cores, Node.js ${node}, load ${cell(loadBefore)} before and ${cell(loadAfter)} after`;
  const parts = Object.entries(tables).map(([name, rows]) => `\n${name}\n${formatRows(rows).join("\n")}`);
  return [`${bench}: ${settings.join(", ")}`, machine, ...parts, "", ...notes].join("\n").trimEnd();
}

/** Rows as aligned lines of text under a head. */
export function formatRows(rows: readonly Row[]): readonly string[] {
  const columns = Object.keys(rows[0] ?? {});
  const cells = [columns, ...rows.map((row) => columns.map((column) => cell(row[column])))];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => line[index]?.length ?? 0)));
  return cells.map((line) =>
    line
      .map((text, index) => (index === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[index] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}

function cell(value: string | number | undefined): string {
  if (typeof value !== "number") return value ?? "-";
  if (!Number.isFinite(value)) return "-";
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
