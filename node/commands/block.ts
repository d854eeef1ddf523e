import { writeFileSync } from "node:fs";
import { InvalidArgumentError, type Command } from "commander";
import { Block } from "../../chain/block.ts";
import type { FollowBlocksOptions } from "../client.ts";
import { EXIT_STATUS_HELP } from "./command-line.ts";
import { NodeError } from "../errors.ts";
import { reason } from "../files.ts";
import { positiveNumber } from "./flag-values.ts";
import { toBase64 } from "../http/base64.ts";
import { blockParts } from "../http/block-parts.ts";
import { addPeerFlags, openApi, type PeerFlags } from "./api-flags.ts";

interface GetFlags extends PeerFlags {
  readonly channel?: string;
  readonly output?: string;
  readonly json?: true;
}

interface FollowFlags extends PeerFlags {
  readonly channel?: string;
  readonly from: NonNullable<FollowBlocksOptions["from"]>;
  readonly count?: number;
  readonly json?: true;
}

/** Adds what is done with blocks of a running peer. */
export function addBlock(block: Command): void {
  addChannelFlag(addPeerFlags(block.command("get")))
    .description("get a block: its exact bytes, as peer channel fetch writes them")
    .argument("<which>", "its number, newest, oldest, or its hash")
    .option("-o, --output <file>", "where the bytes go (default: a line about the block is shown instead)")
    .option("--json", "the block's parts as JSON, byte strings in base64")
    .addHelpText("after", GET_EXAMPLES + EXIT_STATUS_HELP)
    .action(get);
  addChannelFlag(addPeerFlags(block.command("follow")))
    .description(
      "show a channel's blocks as they come, until Ctrl-C; goes on by itself when the peer was away",
    )
    .option(
      "--from <which>",
      "the first: a number, oldest, or newest, the next that comes",
      firstBlock,
      "newest",
    )
    .option("--count <n>", "end after so many", positiveNumber)
    .option("--json", "one JSON object a line, with the bytes in base64")
    .addHelpText("after", FOLLOW_EXAMPLES + EXIT_STATUS_HELP)
    .action(follow);
}

function addChannelFlag(command: Command): Command {
  return command.option("--channel <name>", "the channel (default: the only one that the peer has joined)");
}

const GET_EXAMPLES = `
Examples:
  blockgossip block get newest --api http://127.0.0.1:9800
  blockgossip block get 0 --channel trade -o genesis.block`;

const FOLLOW_EXAMPLES = `
Examples:
  blockgossip block follow --api http://127.0.0.1:9800
  blockgossip block follow --from oldest --json`;

async function get(which: string, { channel: named, output, json, ...flags }: GetFlags): Promise<void> {
  const { chosenChannel } = await import("../orderer/submission.ts");
  const api = await openApi(flags);
  const block = Block.parse(await api.block(await chosenChannel(api, named), which));
  if (output !== undefined) write(output, block.bytes);
  if (json === true) console.log(JSON.stringify(blockParts(block)));
  else if (output !== "-") console.log(line(block, block.transactions.length));
}

/** Over a file that is there, as `peer channel fetch` does; `-` is standard output. */
function write(path: string, bytes: Uint8Array): void {
  try {
    if (path === "-") process.stdout.write(bytes);
    else writeFileSync(path, bytes);
  } catch (cause) {
    throw new NodeError("FILE_UNWRITABLE", `${path} cannot be written: ${reason(cause)}`, { cause });
  }
}

async function follow({
  channel: named,
  from,
  count = Infinity,
  json,
  ...flags
}: FollowFlags): Promise<void> {
  const { chosenChannel } = await import("../orderer/submission.ts");
  const api = await openApi(flags);
  const channel = await chosenChannel(api, named);
  const onBreak = ({ message }: NodeError, retryMs: number) =>
    console.error(`blockgossip: ${message}; trying again in ${retryMs} ms`);
  let shown = 0;
  if (json === true) {
    for await (const { bytes, ...block } of api.blocks(channel, { from, onBreak })) {
      console.log(JSON.stringify({ ...block, bytes: toBase64(bytes) }));
      if (++shown >= count) return;
    }
    return;
  }
  for await (const block of api.blockSummaries(channel, { from, onBreak })) {
    console.log(line(block, block.transactions));
    if (++shown >= count) return;
  }
}

function line(
  { number, hash }: { readonly number: number; readonly hash: string },
  transactions: number,
): string {
  return `block ${number}  ${hash}  ${transactions} transaction${transactions === 1 ? "" : "s"}`;
}

function firstBlock(text: string): number | "oldest" | "newest" {
  if (text === "oldest" || text === "newest") return text;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("allowed is a block's number, oldest, or newest");
}
