import type { Command } from "commander";
import { blockNumber } from "../../chain/block.ts";
import { ChainError } from "../../chain/errors.ts";
import type { Ledger } from "../../chain/ledger.ts";
import { EXIT_STATUS_HELP } from "./command-line.ts";
import {
  addLedgerFlags,
  addRangeFlags,
  OFFLINE_HELP,
  openNamedLedger,
  type LedgerFlags,
  type RangeFlags,
} from "./ledger-flags.ts";

type Flags = LedgerFlags & RangeFlags;

/** Adds `export`: blocks into a file. */
export function addLedgerExport(ledger: Command): void {
  addRangeFlags(addLedgerFlags(ledger.command("export")))
    .description("write blocks into a new file, each behind its length: a delimited stream of common.Block")
    .argument("<file>", "the file to make; - is standard output")
    .addHelpText("after", OFFLINE_HELP + EXAMPLES + EXIT_STATUS_HELP)
    .action(exportBlocks);
}

const EXAMPLES = `

Examples:
  blockgossip ledger export trade.blocks --config network/peers/org1-peer0/config.yaml
  blockgossip ledger export - --data data --from 1000 | zstd > from-1000.blocks.zst`;

const READ_BYTES_MAX = 4 * 2 ** 20;

async function exportBlocks(file: string, flags: Flags): Promise<void> {
  const { writeBlockFile } = await import("../ledger/block-file.ts");
  const { ledger, channel } = await openNamedLedger(flags);
  await using _open = ledger;
  const { from: first, to = ledger.height - 1, json } = flags;
  if (first > to || to >= ledger.height)
    throw new ChainError(
      "NOT_HELD",
      `blocks ${first} to ${to} are asked for, and the ledger holds 0 to ${ledger.height - 1}`,
    );
  await writeBlockFile(file, blocksOf(ledger, first, to + 1));
  // Standard output may be the file.
  const tell = file === "-" ? console.error : console.log;
  if (json === true) tell(JSON.stringify({ channel, file, first, last: to, blocks: to - first + 1 }));
  else tell(`wrote ${file}: blocks ${first} to ${to} of ${channel}`);
}

async function* blocksOf(ledger: Ledger, first: number, end: number): AsyncGenerator<Uint8Array> {
  for (let number = first; number < end;) {
    const blocks = await ledger.readRange(blockNumber(number), end, READ_BYTES_MAX);
    yield* blocks;
    number += blocks.length;
  }
}
