/** `npm run height -- --api URL … [--channel NAME] [--json]`: how high peers' ledgers are. */
import { Command, Option } from "commander";
import { ApiClient } from "../node/api-client.ts";
import { configureProgram, EXIT_STATUS, runProgram } from "../node/command-line.ts";
import { NodeError } from "../node/errors.ts";
import { chosenChannel } from "../node/submission.ts";

interface Flags {
  readonly api: readonly string[];
  readonly channel?: string;
  readonly json?: true;
}

/** One peer's answer. */
type Row =
  | {
      readonly api: string;
      readonly name: string;
      readonly channel: string;
      readonly height: number;
      readonly tipHash: string;
    }
  | { readonly api: string; readonly error: string };

const program = configureProgram(new Command("npm run height --"))
  .description(
    "Shows height and tip hash of peers' ledgers, one line a peer; the height counts the genesis block.",
  )
  .addOption(new Option("--api <url...>", "the peers' APIs").env("BLOCKGOSSIP_API").makeOptionMandatory())
  .option("--channel <name>", "the channel (default: the only one that the peer has joined)")
  .option("--json", "one JSON object a line")
  .addHelpText(
    "after",
    `
Example:
  npm run height -- --api http://127.0.0.1:9800 http://127.0.0.1:9801`,
  )
  .action(show);

async function show({ api: urls, channel, json }: Flags): Promise<void> {
  // From the environment it comes as one text.
  const clients = [urls]
    .flat()
    .flatMap((text) => text.split(","))
    .map((url) => new ApiClient(url.trim()));
  const rows = await Promise.all(clients.map((api) => ask(api, channel)));
  for (const row of rows) console.log(json === true ? JSON.stringify(row) : line(row));
  if (rows.some((row) => "error" in row)) process.exitCode = EXIT_STATUS.failed;
}

async function ask(api: ApiClient, named: string | undefined): Promise<Row> {
  try {
    const { name } = await api.status();
    const channel = await chosenChannel(api, named);
    const { height, tipHash } = await api.channel(channel);
    return { api: api.url, name, channel, height, tipHash };
  } catch (error) {
    if (!(error instanceof NodeError)) throw error;
    return { api: api.url, error: error.message };
  }
}

function line(row: Row): string {
  return "error" in row
    ? `${row.api}  ${row.error}`
    : `${row.api}  ${row.name}  ${row.height}  ${row.tipHash}`;
}

await runProgram(program);
