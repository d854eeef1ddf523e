import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { InvalidArgumentError, type Command } from "commander";
import { Block } from "../../chain/block.ts";
import { callOf, EXIT_STATUS_HELP } from "./command-line.ts";
import { NodeError } from "../errors.ts";
import { reason } from "../files.ts";
import { byteCount, durationMs, positiveNumber } from "./flag-values.ts";
import type { ApiClient, Submission } from "../http/api-client.ts";
import type { Quorum } from "../orderer/submission.ts";
import { addPeerFlags, openApi, type PeerFlags } from "./api-flags.ts";

interface Flags extends PeerFlags {
  readonly channel?: string;
  readonly orderer?: string;
  readonly block?: readonly string[];
  readonly count?: number;
  readonly size?: number;
  readonly wait?: Quorum;
  readonly timeout: number;
  readonly json?: true;
}

const SIZE_DEFAULT_BYTES = 16_384;

/** Adds `submit`: hands blocks to a running peer. */
export function addSubmit(program: Command): void {
  describeSubmit(program.command("submit"));
}

/** Makes the command the one that hands blocks to a running peer. */
export function describeSubmit(command: Command): Command {
  return addPeerFlags(command)
    .description(
      "make the next block, of files' bytes or of random ones, sign it as the orderer, hand it to a peer",
    )
    .argument("[files...]", "one transaction each; - is standard input")
    .option("--channel <name>", "the channel (default: the only one that the peer has joined)")
    .option("--orderer <dir>", "an orderer's folder, or one with several (default: devnet/orderers)")
    .option(
      "--block <files...>",
      "hand in finished blocks instead, one after another in this order; - is standard input",
    )
    .option("--count <n>", "so many blocks of random bytes instead, one after another", positiveNumber)
    .option("--size <bytes>", "how many random bytes each has, such as 160KiB (default: 16KiB)", byteCount)
    .option("--wait <who>", "return when they hold it: all members, so many, or a share such as 90%", quorum)
    .option(
      "--timeout <duration>",
      "how long to wait for that, and for one's turn to sign",
      durationMs,
      durationMs("30s"),
    )
    .option("--json", "one JSON object a line")
    .addHelpText("after", examples(callOf(command)) + EXIT_STATUS_HELP)
    .action(submit);
}

function examples(call: string): string {
  return `
Examples:
  ${call} --wait all README.md
  ${call} --count 10 --size 160KiB --wait 90%`;
}

function quorum(text: string): Quorum {
  const [, number, sign] = /^(\d{1,6})(%?)$/.exec(text) ?? [];
  const value = Number(number);
  if (text === "all") return { kind: "all" };
  if (value >= 1 && sign === "") return { kind: "count", count: value };
  if (value >= 1 && value <= 100) return { kind: "percent", percent: value };
  throw new InvalidArgumentError("Allowed is all, a number from 1, or a share such as 90%.");
}

async function submit(files: readonly string[], flags: Flags): Promise<void> {
  const { chosenChannel, waitForHolders } = await import("../orderer/submission.ts");
  requireOneKind(files, flags);
  const api = await openApi(flags);
  const channel = await chosenChannel(api, flags.channel);
  const startMs = performance.now();
  const isJson = flags.json === true;
  let height = 0;
  for await (const handedIn of handInAll(files, flags, { api, channel }))
    height = Math.max(height, tellOutcome(handedIn, isJson) + 1);
  if (flags.wait === undefined) return;
  const { timeout: timeoutMs, wait } = flags;
  const { alive, missing } = await waitForHolders(api, channel, { height, quorum: wait, timeoutMs });
  const elapsedMs = Math.round(performance.now() - startMs);
  const holders = alive - missing.length;
  if (isJson) console.log(JSON.stringify({ height, holders, members: alive, elapsedMs }));
  else
    console.log(
      `${holders === alive ? `all ${alive}` : `${holders} of ${alive}`} members are known to hold it after ${elapsedMs} ms`,
    );
}

function requireOneKind(files: readonly string[], { block = [], count, size }: Flags): void {
  const kinds = [files.length > 0, block.length > 0, count !== undefined || size !== undefined];
  if (kinds.filter(Boolean).length === 1) return;
  throw new NodeError(
    "CONFIG_INVALID",
    "name the files to make a block of, or finished blocks with --block, or random ones with --count and --size: " +
      "one of the three",
  );
}

interface Target {
  readonly api: ApiClient;
  readonly channel: string;
}

/** Hands the blocks in one after another: one is made when the one before it is held, since it names that. */
async function* handInAll(
  files: readonly string[],
  { block: finished = [], orderer, count = 1, size = SIZE_DEFAULT_BYTES, timeout: timeoutMs }: Flags,
  { api, channel }: Target,
): AsyncGenerator<HandedIn> {
  for (const file of finished) {
    const bytes = readInput(file);
    yield { name: `${file}: ${numberOf(bytes)}`, result: await api.submit(channel, bytes) };
  }
  if (finished.length > 0) return;
  const { chosenOrderers, submitNext } = await import("../orderer/submission.ts");
  const orderers = chosenOrderers(orderer);
  const given = files.map(readInput);
  for (let made = 0; made < count; made++) {
    const content = given.length > 0 ? given : [randomBytes(size)];
    const { block, result } = await submitNext(api, channel, { orderers, files: content, timeoutMs });
    yield { name: `block ${block.number}`, result };
  }
}

interface HandedIn {
  /** Begins the sentence about it. */
  readonly name: string;
  readonly result: Submission;
}

/** Says what became of a block that was handed in; returns its number. */
function tellOutcome({ name, result }: HandedIn, isJson: boolean): number {
  if (result.kind === "refused")
    throw new NodeError("REJECTED", `${name} refused: ${result.message} [${result.code}]`);
  const { kind, number, hash } = result;
  if (isJson) console.log(JSON.stringify({ number, hash, result: kind }));
  else console.log(`block ${number}  ${hash}  ${kind === "held" ? "already held" : "accepted"}`);
  return number;
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
