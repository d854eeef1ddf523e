import { runScenario, summaryOf, type FigureSummary, type Run } from "../test/scenarios/run-scenario.ts";
import { limitText, passes, type Scenario } from "../test/scenarios/scenario.ts";
import type { ScenarioSize } from "../test/scenarios/scenario-size.ts";

export interface ScenarioRuns {
  /** The first one. */
  readonly seed: number;
  readonly seeds: number;
  readonly size: ScenarioSize;
}

/**
 * Runs a scenario with so many seeds and prints a line for each, then what came of each figure. Whether no invariant
 * broke and each run met each pass figure.
 */
export async function simulateScenario(
  scenario: Scenario,
  { seed, seeds, size }: ScenarioRuns,
): Promise<boolean> {
  console.log(`scenario ${scenario.number}, ${scenario.name}: ${scenario.shows}; ${size.peers} peers`);
  const runs: Run[] = [];
  for (let next = seed; next < seed + seeds; next++) {
    const run = await runScenario(scenario, next, size);
    runs.push(run);
    tell(scenario, run);
  }
  const summary = summaryOf(scenario, runs);
  console.log(
    `\n${"figure".padEnd(18)}${["min", "median", "p99", "max"].map((name) => name.padStart(10)).join("")}  passed`,
  );
  for (const figure of summary) console.log(summaryLine(figure));
  for (const { name, missed } of scenario.figures)
    if (missed !== undefined) console.log(`${name} is not always reached: ${missed.because}`);
  const broken = runs.filter(({ error }) => error !== undefined).length;
  if (broken > 0) console.log(`${broken} of ${seeds} runs broke an invariant`);
  return broken === 0 && summary.every((figure) => figure.passed === figure.runs);
}

function tell(scenario: Scenario, { seed, figures, error, command }: Run): void {
  if (figures === undefined) {
    console.error(`seed ${seed} FAILED: ${error?.message ?? ""}`);
    if (error?.cause instanceof Error) console.error(error.cause.stack);
    console.error(`  again: ${command}`);
    return;
  }
  const shown = Object.entries(figures).map(([name, value]) => `${name} ${rounded(value)}`);
  console.log(`seed ${seed}: ${shown.join(", ")}`);
  const missed = scenario.figures.filter((spec) => !passes(spec, figures[spec.name] ?? Number.NaN));
  if (missed.length > 0)
    console.log(
      `  missed: ${missed.map((spec) => `${spec.name} ${limitText(spec)}`).join(", ")}; again: ${command}`,
    );
}

function summaryLine({ spec, least, middle, p99, most, runs, passed }: FigureSummary): string {
  const values = [least, middle, p99, most].map((value) => rounded(value).padStart(10)).join("");
  const limit = limitText(spec);
  return `${spec.name.padEnd(18)}${values}  ${limit === "" ? "" : `${passed} of ${runs} (${limit})`}`;
}

function rounded(value: number): string {
  return String(Math.round(100 * value) / 100);
}
