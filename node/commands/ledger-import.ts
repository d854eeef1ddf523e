import type { Command } from "commander";
import { blockNumber, type BlockHash } from "../../chain/block.ts";
import type { FileLedger } from "../../chain/file-ledger.ts";
import type { ChannelGenesis } from "../channel/channel-folder.ts";
import { EXIT_STATUS_HELP } from "./command-line.ts";
import { loadConfig } from "../config/config.ts";
import { NodeError } from "../errors.ts";
import { configSources } from "./config-flag.ts";
import {
  addLedgerFlags,
  dataFolder,
  OFFLINE_HELP,
  openNamedLedger,
  tellOf,
  type LedgerFlags,
  type OpenedLedger,
} from "./ledger-flags.ts";

interface Flags extends LedgerFlags {
  readonly genesis?: string;
}

/** Adds `import`: blocks from files, verified before they are stored. */
export function addLedgerImport(ledger: Command): void {
  addLedgerFlags(ledger.command("import"))
    .description("take blocks from files into the ledger, each verified as a peer verifies it")
    .argument(
      "<files...>",
      "as export writes them, or single blocks as Fabric's tools do; - is standard input",
    )
    .option("--genesis <file>", "the genesis block to begin a ledger with (default: the configuration's)")
    .addHelpText("after", HELP + OFFLINE_HELP + EXAMPLES + EXIT_STATUS_HELP)
    .action(importFiles);
}

const HELP = `
Blocks that are held are compared and passed over, so an import that was interrupted is simply given again.`;

const EXAMPLES = `

Examples:
  blockgossip ledger import trade.blocks --data mirror/data --genesis genesis.block
  blockgossip ledger import --config config.yaml block_1.block block_2.block`;

async function importFiles(files: readonly string[], flags: Flags): Promise<void> {
  const { importBlocks } = await import("../ledger/import-blocks.ts");
  const { readBlockFile } = await import("../ledger/block-file.ts");
  const { ledger, channel } = await openOrBegin(flags);
  await using _open = ledger;
  let stored = 0;
  let held = 0;
  for (const file of files) {
    const report = await importBlocks(ledger, readBlockFile(file)).catch((cause: unknown) => {
      if (cause instanceof NodeError && cause.code === "REJECTED")
        throw new NodeError("REJECTED", `${file} ${cause.message}`, { cause });
      throw cause;
    });
    stored += report.stored;
    held += report.held;
  }
  const { height } = ledger;
  if (flags.json === true) console.log(JSON.stringify({ channel, stored, held, height }));
  else console.log(`${channel}: stored ${stored} blocks, held ${held} before; the height is ${height}`);
}

/** The ledger, made with the genesis block that is named where there is none yet. */
async function openOrBegin(flags: Flags): Promise<OpenedLedger> {
  const { channelsIn, isLedger, ledgerDirectory } = await import("../ledger/ledger-folder.ts");
  const data = dataFolder(flags);
  const genesis = await chosenGenesis(flags);
  if (genesis === undefined) {
    if (channelsIn(data).length > 0) return await openNamedLedger(flags);
    throw new NodeError(
      "CONFIG_INVALID",
      `there is no ledger in ${data} yet; name the channel's genesis block to begin one: --genesis`,
    );
  }
  const { name: channel, block } = genesis;
  const directory = ledgerDirectory(data, channel);
  if (isLedger(directory))
    return await requireGenesis(await openNamedLedger({ ...flags, channel }), block.hash);
  const { FileLedger: Ledger } = await import("../../chain/file-ledger.ts");
  const ledger: FileLedger = await Ledger.open({ directory, onEvent: tellOf(flags) });
  await ledger.append(block);
  return { channel, directory, ledger };
}

async function chosenGenesis(flags: Flags): Promise<ChannelGenesis | undefined> {
  const { readGenesis } = await import("../channel/channel-folder.ts");
  const paths = flags.genesis === undefined ? configuredGenesis(flags) : [flags.genesis];
  const all = await Promise.all(paths.map(readGenesis));
  const matching = all.filter(({ name }) => flags.channel === undefined || name === flags.channel);
  if (matching.length <= 1) return matching[0];
  const names = matching.map(({ name }) => name).join(", ");
  throw new NodeError(
    "CONFIG_INVALID",
    `the configuration has several channels: ${names}; name one with --channel`,
  );
}

function configuredGenesis(flags: Flags): readonly string[] {
  const sources = configSources(flags);
  return flags.data !== undefined || sources.file === undefined ? [] : loadConfig(sources).genesis;
}

async function requireGenesis(opened: OpenedLedger, hash: BlockHash): Promise<OpenedLedger> {
  const { ledger, directory } = opened;
  await using guard = new AsyncDisposableStack();
  guard.use(ledger);
  const held = (await ledger.read(blockNumber(0))).hash;
  if (held !== hash)
    throw new NodeError(
      "REJECTED",
      `${directory} begins with the genesis block ${held}, and the one that is named is ${hash}; name another data folder`,
    );
  guard.move();
  return opened;
}
