/** `npm run bench -- WHAT`: measures what stands, beside the least it could cost or beside another system. */
import { Command, InvalidArgumentError, Option } from "commander";
import { configureProgram, runProgram } from "../node/commands/command-line.ts";
import { durationMs, positiveNumber, wholeNumber } from "../node/commands/flag-values.ts";
import { catchUpBench, type CatchUpFlags } from "./bench/catch-up-bench.ts";
import { disseminationBench, type DisseminationFlags } from "./bench/dissemination-bench.ts";
import { followersBench, type FollowersFlags } from "./bench/followers-bench.ts";
import { idleBench, type IdleFlags } from "./bench/idle-bench.ts";
import { ledgerBench, type LedgerFlags } from "./bench/ledger-bench.ts";
import { link } from "./bench/link.ts";
import { rerunInNamespace } from "./bench/network-namespace.ts";
import { report } from "./bench/report.ts";
import { simulatedBench, type SimulatedFlags } from "./bench/simulated-bench.ts";
import { sustainedBench, type SustainedFlags } from "./bench/sustained-bench.ts";
import { verifyBench } from "./bench/verify-bench.ts";

/** What every benchmark takes beside its own flags. */
type WithJson<Flags> = Flags & { readonly json?: true };

const SIZES: readonly number[] = [10_240, 163_840, 1_048_576];

const NETWORK_SIZES: readonly number[] = [50, 200];

const program = configureProgram(new Command("npm run bench --")).description(
  "Measures verification, ledger, catching up, dissemination, the sustained rate, followers of blocks, idle traffic, and the protocol in the simulator.",
);

bench("verify", "BlockVerifier.verify against one SHA-256 and one P-256 verification")
  .option("--sizes <bytes...>", "sizes of the blocks", sizes, SIZES)
  .option("--rounds <number>", "rounds of 20 blocks each", positiveNumber, 15)
  .action(({ json, ...flags }: WithJson<{ readonly sizes: readonly number[]; readonly rounds: number }>) =>
    report(() => verifyBench(flags), json === true),
  );

bench("ledger", "durable appends against write and fdatasync of the same bytes")
  .option("--size <bytes>", "size of a block", positiveNumber, 163_840)
  .option("--blocks <number>", "blocks in a round", positiveNumber, 128)
  .option("--rounds <number>", "rounds of both, in turn", positiveNumber, 7)
  .action(({ json, ...flags }: WithJson<LedgerFlags>) => report(() => ledgerBench(flags), json === true));

bench("catch-up", "an empty newcomer fetches all blocks of one peer, against one raw libp2p stream")
  .option("--blocks <number>", "blocks that it lacks", positiveNumber, 2_000)
  .option("--size <bytes>", "size of a block", positiveNumber, 163_840)
  .option("--rounds <number>", "rounds of both, in turn", positiveNumber, 3)
  .option("--timeout <duration>", "the most that a round may take", durationMs, durationMs("2m"))
  .option("--profile <directory>", "where the peers' processes leave CPU profiles")
  .action(({ json, ...flags }: WithJson<CatchUpFlags>) => report(() => catchUpBench(flags), json === true));

bench("dissemination", "peers over real sockets and disks carry blocks from one of them")
  .option("--peers <number>", "peers, the source among them", positiveNumber, 32)
  .option("--size <bytes>", "size of a block", positiveNumber, 163_840)
  .option("--blocks <number>", "blocks, one after another", positiveNumber, 15)
  .option("--warm-up <number>", "blocks before these, which do not count", wholeNumber, 2)
  .option("--interval <duration>", "from one submit to the next", milliseconds, 1_000)
  .option("--link <uplink,delay>", "every peer's uplink and one-way delay, such as 100mbit,50ms", link)
  .addOption(new Option("--against <system>", "another system to run in turn").choices(["gossipsub"]))
  .option("--rounds <number>", "rounds of each system", positiveNumber, 3)
  .option("--idle <duration>", "how long to look at the idle network first", milliseconds, 5_000)
  .option("--timeout <duration>", "the most to wait for the last block", milliseconds, 30_000)
  .option("--profile <directory>", "where our own peers' processes leave CPU profiles")
  .action(({ json, ...flags }: WithJson<DisseminationFlags>) =>
    onOwnLoopback(() => report(() => disseminationBench(flags), json === true)),
  );

bench("sustained", "the rate at which all peers keep up, blocks handed in as fast as they are carried")
  .option("--peers <number>", "peers, the source among them", positiveNumber, 16)
  .option("--size <bytes>", "size of a block", positiveNumber, 163_840)
  .option("--window <number>", "blocks that may be under way to some peers", positiveNumber, 4)
  .option("--seconds <number>", "how long to measure", positiveNumber, 10)
  .option("--warm-up <duration>", "how long to go on before", milliseconds, 2_000)
  .option("--link <uplink,delay>", "every peer's uplink and one-way delay, such as 100mbit,50ms", link)
  .addOption(new Option("--against <system>", "another system to run in turn").choices(["gossipsub"]))
  .option("--rounds <number>", "rounds of each system", positiveNumber, 3)
  .option("--timeout <duration>", "after which a block is lost", milliseconds, 10_000)
  .action(({ json, ...flags }: WithJson<SustainedFlags>) =>
    onOwnLoopback(() => report(() => sustainedBench(flags), json === true)),
  );

bench("followers", "followers of one peer's blocks over HTTP, some of which do not read")
  .option("--fast <number>", "followers that read", positiveNumber, 500)
  .option("--slow <number>", "followers that do not", wholeNumber, 500)
  .option("--size <bytes>", "size of a block", positiveNumber, 10_240)
  .option("--blocks <number>", "blocks, one after another", positiveNumber, 40)
  .option("--interval-ms <number>", "from one submit to the next, at least", positiveNumber, 100)
  .action(({ json, ...flags }: WithJson<FollowersFlags>) =>
    report(() => followersBench(flags), json === true),
  );

bench("idle", "what peers send and check while no blocks come")
  .option("--peers <number>", "peers over real sockets", positiveNumber, 50)
  .option("--seconds <number>", "how long to look", positiveNumber, 30)
  .option("--quiet <duration>", "how long to wait before", milliseconds, 30_000)
  .option("--simulated <peers...>", "sizes of simulated networks", networkSizes, NETWORK_SIZES)
  .action(({ json, ...flags }: WithJson<IdleFlags>) =>
    onOwnLoopback(() => report(() => idleBench(flags), json === true)),
  );

bench("simulated", "the protocol in the simulator against the least time and bytes")
  .option("--peers <number>", "peers, the source among them", positiveNumber, 100)
  .option("--size <bytes>", "size of a block", positiveNumber, 1_000_000)
  .option("--blocks <number>", "blocks, one after another", positiveNumber, 5)
  .option("--link <uplink,delay>", "every peer's uplink and one-way delay", link, link("100mbit,50ms"))
  .option("--seed <number>", "what all chance follows from", positiveNumber, 1)
  .option(
    "--silent <share>",
    "share of the receivers that pass nothing on; the source is one and the same",
    share,
    0,
  )
  .option("--linked", "every two peers have a link before the first block")
  .option(
    "--cut-from <bytes>",
    "the smallest block that goes in chunks (default: the option's)",
    positiveNumber,
  )
  .action(({ json, ...flags }: WithJson<SimulatedFlags>) =>
    report(() => simulatedBench(flags), json === true),
  );

program.addHelpText(
  "after",
  `
Example:
  npm run bench -- dissemination --peers 32 --size 163840 --blocks 15 --against gossipsub`,
);

await runProgram(program);

function bench(name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option("--json", "one JSON document instead of tables");
}

/** The first one that is given takes the place of the default. */
function sizes(text: string, before: readonly number[]): readonly number[] {
  return [...(before === SIZES ? [] : before), positiveNumber(text)];
}

function networkSizes(text: string, before: readonly number[]): readonly number[] {
  return [...(before === NETWORK_SIZES ? [] : before), positiveNumber(text)];
}

/** From 0 to below 1. */
function share(text: string): number {
  const value = Number(text);
  if (!/^[\d.]+$/.test(text) || !(value < 1))
    throw new InvalidArgumentError("allowed is a number from 0 to below 1, such as 0.33");
  return value;
}

/** A duration with its unit, or a whole number of milliseconds. */
function milliseconds(text: string): number {
  return /^\d+$/.test(text) ? wholeNumber(text) : durationMs(text);
}

async function onOwnLoopback(run: () => Promise<void>): Promise<void> {
  const status = await rerunInNamespace();
  if (status === undefined) await run();
  else process.exitCode = status;
}
