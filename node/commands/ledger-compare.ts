import { join } from "node:path";
import type { Command } from "commander";
import { Block, blockNumber } from "../../chain/block.ts";
import type { Ledger } from "../../chain/ledger.ts";
import { EXIT_STATUS, EXIT_STATUS_HELP } from "./command-line.ts";
import type { ComparedChain, Comparison } from "../ledger/compare-chains.ts";
import { addApiFlags, openApi, type ApiFlags } from "./api-flags.ts";
import { addLedgerFlags, OFFLINE_HELP, openNamedLedger, tellOf, type LedgerFlags } from "./ledger-flags.ts";

type Flags = LedgerFlags & ApiFlags;

/** Adds `compare`: the first block in which two ledgers differ. */
export function addLedgerCompare(ledger: Command): void {
  addApiFlags(addLedgerFlags(ledger.command("compare")))
    .description(
      "find the first block in which the ledger and another one differ, by the hashes of their headers",
    )
    .argument("<other>", "another peer's data folder or ledger, or the URL of a running peer's API")
    .addHelpText("after", HELP + OFFLINE_HELP + EXAMPLES + EXIT_STATUS_HELP)
    .action(compare);
}

const HELP = `
Fails where they differ; that one goes on further than the other is no difference.`;

const EXAMPLES = `

Examples:
  blockgossip ledger compare http://127.0.0.1:9801 --config network/peers/org1-peer0/config.yaml
  blockgossip ledger compare backup/data --data data --channel trade`;

async function compare(other: string, flags: Flags): Promise<void> {
  const { compareChains } = await import("../ledger/compare-chains.ts");
  const { channel, ledger } = await openNamedLedger(flags);
  await using opened = new AsyncDisposableStack();
  opened.use(ledger);
  const theirs = /^https?:\/\//.test(other)
    ? await remoteChain(other, channel, flags)
    : await otherFolder(other, channel, { flags, opened });
  const comparison = await compareChains(localChain(ledger), theirs);
  const heights = { height: ledger.height, otherHeight: theirs.height };
  if (flags.json === true) console.log(JSON.stringify({ channel, other, ...heights, ...comparison }));
  else console.log(sentence(comparison, { channel, other, ...heights }));
  if (comparison.kind === "different") process.exitCode = EXIT_STATUS.failed;
}

function localChain(ledger: Ledger): ComparedChain {
  return {
    height: ledger.height,
    hashAt: async (number) => (await ledger.read(blockNumber(number))).hash,
  };
}

async function remoteChain(url: string, channel: string, flags: ApiFlags): Promise<ComparedChain> {
  const api = await openApi({ ...flags, api: url });
  const { height } = await api.channel(channel);
  return { height, hashAt: async (number) => Block.parse(await api.block(channel, number)).hash };
}

interface Opening {
  readonly flags: Flags;
  readonly opened: AsyncDisposableStack;
}

async function otherFolder(
  path: string,
  channel: string,
  { flags, opened }: Opening,
): Promise<ComparedChain> {
  const { isLedger, ledgerDirectory, openLedger } = await import("../ledger/ledger-folder.ts");
  const places = [ledgerDirectory(path, channel), join(path, "ledger"), path];
  const directory = places.find(isLedger) ?? path;
  return localChain(opened.use(await openLedger(directory, tellOf(flags))));
}

interface Compared {
  readonly channel: string;
  readonly other: string;
  readonly height: number;
  readonly otherHeight: number;
}

function sentence(comparison: Comparison, { channel, other, height, otherHeight }: Compared): string {
  switch (comparison.kind) {
    case "same":
      return `${channel}: the same ${height} blocks`;
    case "prefix":
      return `${channel}: the same as far as both go, ${comparison.common} blocks; here are ${height}, and ${otherHeight} in ${other}`;
    case "different":
      return (
        `${channel}: DIFFERENT from block ${comparison.common} on: here ${comparison.first}, ` +
        `in ${other} ${comparison.second}`
      );
    default:
      return comparison satisfies never;
  }
}
