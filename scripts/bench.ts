/** `npm run bench -- WHAT`: measures what stands, beside the least it could cost or beside another system. */
import { Command } from "commander";
import { configureProgram, runProgram } from "../node/command-line.ts";
import { positiveNumber } from "../node/flag-values.ts";
import { ledgerBench, type LedgerFlags } from "./bench/ledger-bench.ts";
import { link } from "./bench/link.ts";
import { report } from "./bench/report.ts";
import { simulatedBench, type SimulatedFlags } from "./bench/simulated-bench.ts";
import { verifyBench } from "./bench/verify-bench.ts";

/** What every benchmark takes beside its own flags. */
type WithJson<Flags> = Flags & { readonly json?: true };

const SIZES: readonly number[] = [10_240, 163_840, 1_048_576];

const program = configureProgram(new Command("npm run bench --")).description(
  "Measures verification, ledger, catching up, dissemination, idle traffic, and the protocol in the simulator.",
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

bench("simulated", "the protocol in the simulator against the least time and bytes")
  .option("--peers <number>", "peers, the source among them", positiveNumber, 100)
  .option("--size <bytes>", "size of a block", positiveNumber, 1_000_000)
  .option("--blocks <number>", "blocks, one after another", positiveNumber, 5)
  .option("--link <uplink,delay>", "every peer's uplink and one-way delay", link, link("100mbit,50ms"))
  .option("--seed <number>", "what all chance follows from", positiveNumber, 1)
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
