import { resolve } from "node:path";
import type { Command } from "commander";
import type { FileLedger } from "../../chain/file-ledger.ts";
import type { LedgerEvent } from "../../chain/ledger-recovery.ts";
import { loadConfig } from "../config/config.ts";
import { wholeNumber } from "./flag-values.ts";
import { findLedger, openLedger, type LedgerFolder } from "../ledger/ledger-folder.ts";
import { addConfigFlag, configSources, type ConfigFlag } from "./config-flag.ts";

/** The flags of {@link addLedgerFlags}. */
export interface LedgerFlags extends ConfigFlag {
  readonly data?: string;
  readonly channel?: string;
  readonly json?: true;
}

/** Adds the flags for which ledger is meant. */
export function addLedgerFlags(command: Command): Command {
  return addConfigFlag(command)
    .option("--data <dir>", "the peer's data folder (default: the configuration's, else ./data)")
    .option("--channel <name>", "the channel (default: the only one in the data folder)")
    .option("--json", "as JSON");
}

/** The flags of {@link addRangeFlags}. */
export interface RangeFlags {
  readonly from: number;
  readonly to?: number;
}

/** Adds the flags for a part of the ledger. */
export function addRangeFlags(command: Command): Command {
  return command
    .option("--from <number>", "the first block", wholeNumber, 0)
    .option("--to <number>", "the last block (default: the newest)", wholeNumber);
}

/** For the end of the help of all that opens a ledger. */
export const OFFLINE_HELP = `
It works on the files, so the peer must not run: one process at a time has a ledger.`;

/** A peer's data folder. @throws NodeError `CONFIG_INVALID`, `FILE_UNREADABLE`. */
export function dataFolder({ data, ...flags }: LedgerFlags): string {
  if (data !== undefined) return resolve(data);
  const sources = configSources(flags);
  return sources.file === undefined ? resolve("data") : loadConfig(sources).data;
}

/** A ledger that is open, and where it is. */
export interface OpenedLedger extends LedgerFolder {
  readonly ledger: FileLedger;
}

/** Opens the ledger that the flags name; it is the caller's to close. @throws NodeError, ChainError. */
export async function openNamedLedger(flags: LedgerFlags): Promise<OpenedLedger> {
  const folder = findLedger(dataFolder(flags), flags.channel);
  return { ...folder, ledger: await openLedger(folder.directory, tellOf(flags)) };
}

/** Tells on standard error what was found when a ledger was opened. */
export function tellOf({ json }: Pick<LedgerFlags, "json">): (event: LedgerEvent) => void {
  return (event) => console.error(json === true ? JSON.stringify({ event }) : sentence(event));
}

function sentence(event: LedgerEvent): string {
  switch (event.kind) {
    case "cut":
      return `cut off ${event.bytes} bytes of an interrupted write before block ${event.number}`;
    case "damaged":
      return `block ${event.number} is damaged on the disk; blockgossip repair mends it when the peer runs`;
    default:
      return event satisfies never;
  }
}
