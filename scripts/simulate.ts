/**
 * `npm run simulate -- --seed N --peers N --minutes N`: a network in virtual time, with faults, from one seed.
 * `npm run simulate -- --scenario NAME --seeds N`: one of the scenarios, or all; `--scenario list` for their names.
 */
import { Command, InvalidArgumentError } from "commander";
import { fullSize, shortSize } from "../test/scenarios/scenario-size.ts";
import type { Scenario } from "../test/scenarios/scenario.ts";
import { SCENARIOS, scenarioOf } from "../test/scenarios/scenarios.ts";
import { runSwarm } from "../test/simulator/swarm.ts";
import { ScenarioPool } from "./simulate/scenario-pool.ts";
import { scenarioTable } from "./simulate/scenario-table.ts";
import { simulateScenario, type ScenarioOutcome } from "./simulate/simulate-scenario.ts";

interface Options {
  readonly scenario?: string;
  readonly seed: number;
  readonly seeds: number;
  readonly peers?: number;
  readonly minutes: number;
  readonly full?: boolean;
  readonly table?: boolean;
}

const SWARM_PEERS = 20;
const SCENARIO_PEERS = 100;

const options = new Command()
  .name("npm run simulate --")
  .description(
    "Runs the protocol in virtual time under faults that the seed draws; the same seed gives the same run.",
  )
  .option("--seed <number>", "the first seed", wholeNumber, 1)
  .option("--seeds <number>", "how many seeds, one run each", wholeNumber, 1)
  .option(
    "--peers <number>",
    `peers of the network (${SWARM_PEERS}, in a scenario ${SCENARIO_PEERS})`,
    wholeNumber,
  )
  .option("--minutes <number>", "virtual minutes of faults in each run, without --scenario", wholeNumber, 2)
  .option(
    "--scenario <name>",
    "a scenario of docs/RELIABILITY.md; all: each of them; list: their names",
    scenarioName,
  )
  .option("--full", "the scenario with blocks of 1 MB each second for two minutes; takes minutes a seed")
  .option("--table", "in the end, the figures as in docs/RELIABILITY.md")
  .parse()
  .opts<Options>();

process.exitCode = (await run(options)) ? 0 : 1;

/** Whether all went well. */
function run({ scenario, ...flags }: Options): Promise<boolean> {
  if (scenario === undefined) return simulateSwarm(flags);
  if (scenario === "list") return Promise.resolve(listScenarios());
  return simulateScenarios(scenario === "all" ? SCENARIOS : [scenarioOf(scenario)], flags);
}

async function simulateScenarios(
  scenarios: readonly Scenario[],
  { seed, seeds, peers = SCENARIO_PEERS, full = false, table = false }: Omit<Options, "scenario">,
): Promise<boolean> {
  const size = full ? fullSize(peers) : shortSize(peers);
  await using pool = new ScenarioPool();
  const started = scenarios.map((scenario) => ({
    scenario,
    peers,
    runs: Array.from({ length: seeds }, (_, index) => pool.run(scenario, seed + index, size)),
  }));
  const outcomes: ScenarioOutcome[] = [];
  for (const runs of started) outcomes.push(await simulateScenario(runs));
  if (table) console.log(`\n${scenarioTable(outcomes).join("\n")}`);
  return outcomes.every(({ hasPassed }) => hasPassed);
}

function listScenarios(): boolean {
  for (const { number, name, shows } of SCENARIOS)
    console.log(`${String(number).padStart(2)}  ${name.padEnd(21)}${shows}`);
  return true;
}

async function simulateSwarm({ seed, seeds, peers = SWARM_PEERS, minutes }: Options): Promise<boolean> {
  let failed = 0;
  for (let next = seed; next < seed + seeds; next++) {
    const command = `npm run simulate -- --seed ${next} --peers ${peers} --minutes ${minutes}`;
    try {
      const { fingerprint, ...report } = await runSwarm({ seed: next, peerCount: peers, minutes });
      const figures = Object.entries(report).map(
        ([name, value]) => `${name} ${Math.round(100 * value) / 100}`,
      );
      console.log(`seed ${next}: ${figures.join(", ")}, fingerprint ${fingerprint.slice(0, 16)}`);
    } catch (error) {
      failed++;
      console.error(`seed ${next} FAILED: ${error instanceof Error ? error.message : String(error)}`);
      if (error instanceof Error && error.cause instanceof Error) console.error(error.cause.stack);
      console.error(`  again: ${command}`);
    }
  }
  console.log(`${seeds - failed} of ${seeds} runs passed`);
  return failed === 0;
}

function scenarioName(text: string): string {
  const known = [...SCENARIOS.map(({ name }) => name), "all", "list"];
  if (!known.includes(text)) throw new InvalidArgumentError(`there are ${known.join(", ")}`);
  return text;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError("allowed is a whole number from 1");
  return value;
}
