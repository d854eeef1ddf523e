import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { blockNumber } from "../../chain/block.ts";
import type { FileLedger } from "../../chain/file-ledger.ts";
import { EXIT_STATUS_HELP } from "./command-line.ts";
import { findLedger } from "../ledger/ledger-folder.ts";
import {
  addLedgerFlags,
  dataFolder,
  OFFLINE_HELP,
  openNamedLedger,
  tellOf,
  type LedgerFlags,
  type OpenedLedger,
} from "./ledger-flags.ts";

/** Adds `info` and `rebuild-index`. */
export function addLedgerInfo(ledger: Command): void {
  addLedgerFlags(ledger.command("info"))
    .description("show a ledger's height, hashes, configuration and size")
    .addHelpText("after", OFFLINE_HELP + INFO_EXAMPLES + EXIT_STATUS_HELP)
    .action(info);
  addLedgerFlags(ledger.command("rebuild-index"))
    .description("throw the index away and make it anew from the block files")
    .addHelpText("after", OFFLINE_HELP + REBUILD_EXAMPLES + EXIT_STATUS_HELP)
    .action(rebuild);
}

const INFO_EXAMPLES = `

Examples:
  blockgossip ledger info --config network/peers/org1-peer0/config.yaml
  blockgossip ledger info --data mirror/data --json`;

const REBUILD_EXAMPLES = `
The index is a copy of what the block files say, and a peer mends it by itself; this is for who does not trust it.

Examples:
  blockgossip ledger rebuild-index --config network/peers/org1-peer0/config.yaml
  blockgossip ledger rebuild-index --data mirror/data --channel trade`;

async function info(flags: LedgerFlags): Promise<void> {
  const opened = await openNamedLedger(flags);
  await using _open = opened.ledger;
  const report = await reportOf(opened);
  if (flags.json === true) console.log(JSON.stringify(report));
  else
    for (const [label, value] of Object.entries(report)) console.log(`${label.padEnd(LABEL_WIDTH)}${value}`);
}

const LABEL_WIDTH = 20;

/** Height and hashes as `peer channel getinfo` has them. */
async function reportOf({ channel, directory, ledger }: OpenedLedger) {
  const { ChannelConfig } = await import("../../chain/channel-config.ts");
  const { newestConfigBlock } = await import("../../chain/newest-config-block.ts");
  const genesis = await ledger.read(blockNumber(0));
  const tip = await ledger.read(blockNumber(ledger.height - 1));
  const { blockNumber: lastConfig, sequence } = ChannelConfig.fromBlock(
    await newestConfigBlock(ledger, ledger.height - 1),
  );
  return {
    channel,
    directory,
    height: ledger.height,
    currentBlockHash: tip.hash,
    previousBlockHash: tip.previousHash,
    genesisHash: genesis.hash,
    lastConfig,
    configSequence: sequence,
    ...sizeOf(directory),
  };
}

function sizeOf(directory: string): { readonly blockFiles: number; readonly bytes: number } {
  const files = readdirSync(directory).filter((name) => name.startsWith("blockfile_"));
  const bytes = files.reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
  return { blockFiles: files.length, bytes };
}

async function rebuild(flags: LedgerFlags): Promise<void> {
  const { rebuildIndex } = await import("../../chain/rebuild-index.ts");
  const { channel, directory } = findLedger(dataFolder(flags), flags.channel);
  const ledger: FileLedger = await rebuildIndex({ directory, onEvent: tellOf(flags) });
  await using _open = ledger;
  const { height } = ledger;
  if (flags.json === true) console.log(JSON.stringify({ channel, directory, height }));
  else console.log(`${channel}: made the index of ${height} blocks anew in ${directory}`);
}
