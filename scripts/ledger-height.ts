/** `npm run height -- --api URL … [--channel NAME] [--watch] [--json]`: how high peers' ledgers are. */
import { setTimeout as pause } from "node:timers/promises";
import { Command, Option } from "commander";
import { ApiClient } from "../node/http/api-client.ts";
import { configureProgram, EXIT_STATUS, runProgram } from "../node/command-line.ts";
import { addApiFlags, apiCredentials, type ApiFlags } from "../node/commands/api-flags.ts";
import { areLevel, askHeight, formatHeight, type HeightRow } from "./height-row.ts";
import { LiveLines } from "./live-lines.ts";

interface Flags extends ApiFlags {
  readonly api: readonly string[];
  readonly channel?: string;
  readonly watch?: true;
  readonly json?: true;
}

const WATCH_INTERVAL_MS = 500;

const program = configureProgram(new Command("npm run height --"))
  .description(
    "Shows height and tip hash of peers' ledgers, one line a peer; the height counts the genesis block. " +
      "Of a peer that catches up it shows how far it is, its rate and the time left.",
  )
  .addOption(new Option("--api <url...>", "the peers' APIs").env("BLOCKGOSSIP_API").makeOptionMandatory())
  .option("--channel <name>", "the channel (default: the only one that the peer has joined)")
  .option(
    "--watch",
    "look twice a second, until all peers answer, hold the same chain and none is catching up",
  )
  .option("--json", "one JSON object a line");
addApiFlags(program)
  .addHelpText(
    "after",
    `
With --watch the lines are redrawn in place on a terminal, and written again when they change elsewhere. It ends by
itself, with status 0, as soon as the peers are level; a peer that does not answer is waited for.

Examples:
  npm run height -- --api http://127.0.0.1:9800 http://127.0.0.1:9801
  npm run height -- --watch --api http://127.0.0.1:9800 http://127.0.0.1:9801`,
  )
  .action(show);

async function show({ api: urls, channel, watch, json, ...flags }: Flags): Promise<void> {
  const credentials = apiCredentials(flags, process.env);
  // From the environment it comes as one text.
  const clients = [urls]
    .flat()
    .flatMap((text) => text.split(","))
    .map((url) => new ApiClient(url.trim(), credentials));
  const ask = () => Promise.all(clients.map((api) => askHeight(api, channel)));
  const format = (row: HeightRow) => (json === true ? JSON.stringify(row) : formatHeight(row));
  const lines = new LiveLines(process.stdout);
  let rows: readonly HeightRow[];
  for (;;) {
    rows = await ask();
    lines.show(rows.map(format));
    if (watch !== true || areLevel(rows)) break;
    await pause(WATCH_INTERVAL_MS);
  }
  if (rows.some((row) => "error" in row)) process.exitCode = EXIT_STATUS.failed;
}

await runProgram(program);
