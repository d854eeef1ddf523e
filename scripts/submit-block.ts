/** `npm run submit -- --api URL [--channel NAME] [--orderer DIR] FILE …`: hands a block to a peer. */
import { readFileSync } from "node:fs";
import { Command, Option } from "commander";
import { Block } from "../chain/block.ts";
import { ApiClient } from "../node/http/api-client.ts";
import { configureProgram, runProgram } from "../node/command-line.ts";
import { NodeError } from "../node/errors.ts";
import { reason } from "../node/files.ts";
import { durationMs } from "../node/flag-values.ts";
import { chosenChannel, chosenOrderers, nextBlock, waitForAll } from "../node/submission.ts";
import { addApiFlags, apiCredentials, type ApiFlags } from "../node/commands/api-flags.ts";

interface Flags extends ApiFlags {
  readonly api: string;
  readonly channel?: string;
  readonly orderer?: string;
  readonly block?: readonly string[];
  readonly wait?: "all";
  readonly timeout: number;
}

const program = configureProgram(new Command("npm run submit --"))
  .description("Makes the next block of the files' bytes, signs it as the orderer and hands it to a peer.")
  .argument("[files...]", "one transaction each; - is standard input")
  .addOption(new Option("--api <url>", "the peer's API").env("BLOCKGOSSIP_API").makeOptionMandatory())
  .option("--channel <name>", "the channel (default: the only one that the peer has joined)")
  .option(
    "--orderer <dir>",
    "an orderer's folder, or one with several (default: devnet/orderers of the project)",
  )
  .option(
    "--block <files...>",
    "hand in finished blocks instead, one after another in this order; - is standard input",
  )
  .addOption(new Option("--wait <who>", "return when every member holds it").choices(["all"]))
  .option("--timeout <duration>", "how long to wait for that", durationMs, durationMs("30s"));
addApiFlags(program)
  .addHelpText(
    "after",
    `
Example:
  npm run submit -- --api http://127.0.0.1:9800 --wait all README.md`,
  )
  .action(submit);

async function submit(files: readonly string[], flags: Flags): Promise<void> {
  const finished = flags.block ?? [];
  if ((files.length === 0) === (finished.length === 0))
    throw new NodeError(
      "CONFIG_INVALID",
      "name the files to make a block of, or finished blocks with --block, not both and not none",
    );
  const api = new ApiClient(flags.api, apiCredentials(flags, process.env));
  const channel = await chosenChannel(api, flags.channel);
  const startMs = performance.now();
  let height = 0;
  if (finished.length === 0) {
    const orderers = chosenOrderers(flags.orderer);
    const block = await nextBlock(api, channel, { orderers, files: files.map(readInput) });
    height = (await handIn(api, channel, { block: block.bytes, source: "" })) + 1;
  }
  for (const file of finished)
    height = Math.max(
      height,
      (await handIn(api, channel, { block: readInput(file), source: `${file}: ` })) + 1,
    );
  if (flags.wait === undefined) return;
  const { alive } = await waitForAll(api, channel, { height, timeoutMs: flags.timeout });
  console.log(
    `all ${alive} members are known to hold it after ${Math.round(performance.now() - startMs)} ms`,
  );
}

/** Hands in a block and says what became of it; returns its number. */
async function handIn(
  api: ApiClient,
  channel: string,
  { block, source }: { readonly block: Uint8Array; readonly source: string },
): Promise<number> {
  const result = await api.submit(channel, block);
  if (result.kind === "refused")
    throw new NodeError(
      "REJECTED",
      `${source}${numberOf(block)} refused: ${result.message} [${result.code}]`,
    );
  console.log(
    `block ${result.number}  ${result.hash}  ${result.kind === "held" ? "already held" : "accepted"}`,
  );
  return result.number;
}

function numberOf(bytes: Uint8Array): string {
  try {
    return `block ${Block.parse(bytes).number}`;
  } catch {
    return "no block, so it is";
  }
}

const STANDARD_INPUT = 0;

function readInput(path: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(path === "-" ? STANDARD_INPUT : path));
  } catch (cause) {
    throw new NodeError("FILE_UNREADABLE", `${path} cannot be read: ${reason(cause)}`, { cause });
  }
}

await runProgram(program);
