/** `npm run simulate -- --seed N --peers N --minutes N`: a network in virtual time, with faults, from one seed. */
import { Command, InvalidArgumentError } from "commander";
import { runSwarm } from "../test/simulator/swarm.ts";

interface Options {
  readonly seed: number;
  readonly seeds: number;
  readonly peers: number;
  readonly minutes: number;
}

const { seed, seeds, peers, minutes } = new Command()
  .name("npm run simulate --")
  .description(
    "Runs the protocol in virtual time under faults that the seed draws; the same seed gives the same run.",
  )
  .option("--seed <number>", "the first seed", wholeNumber, 1)
  .option("--seeds <number>", "how many seeds, one run each", wholeNumber, 1)
  .option("--peers <number>", "peers of the network", wholeNumber, 20)
  .option("--minutes <number>", "virtual minutes of faults in each run", wholeNumber, 2)
  .parse()
  .opts<Options>();

let failed = 0;
for (let run = seed; run < seed + seeds; run++) {
  const command = `npm run simulate -- --seed ${run} --peers ${peers} --minutes ${minutes}`;
  try {
    const { fingerprint, ...report } = await runSwarm({ seed: run, peerCount: peers, minutes });
    const figures = Object.entries(report).map(([name, value]) => `${name} ${Math.round(100 * value) / 100}`);
    console.log(`seed ${run}: ${figures.join(", ")}, fingerprint ${fingerprint.slice(0, 16)}`);
  } catch (error) {
    failed++;
    console.error(`seed ${run} FAILED: ${error instanceof Error ? error.message : String(error)}`);
    if (error instanceof Error && error.cause instanceof Error) console.error(error.cause.stack);
    console.error(`  again: ${command}`);
  }
}
console.log(`${seeds - failed} of ${seeds} runs passed`);
process.exitCode = failed === 0 ? 0 : 1;

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError("allowed is a whole number from 1");
  return value;
}
