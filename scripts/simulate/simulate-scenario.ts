import { summaryOf, type FigureSummary, type Run } from "../../test/scenarios/run-scenario.ts";
import { limitText, passes, type Scenario } from "../../test/scenarios/scenario.ts";

/** A scenario and its runs, which may still be going on. */
export interface ScenarioRuns {
  readonly scenario: Scenario;
  readonly peers: number;
  /** By their seeds. */
  readonly runs: readonly Promise<Run>[];
}

/** What came of a scenario. */
export interface ScenarioOutcome {
  readonly scenario: Scenario;
  readonly summary: readonly FigureSummary[];
  /** Whether no invariant broke and each run met each pass figure. */
  readonly hasPassed: boolean;
}

/** Prints a line for each run as it ends, then what came of each figure. */
export async function simulateScenario({ scenario, peers, runs }: ScenarioRuns): Promise<ScenarioOutcome> {
  console.log(`scenario ${scenario.number}, ${scenario.name}: ${scenario.shows}; ${peers} peers`);
  const ended: Run[] = [];
  for (const next of runs) {
    const run = await next;
    ended.push(run);
    tell(scenario, run);
  }
  const summary = summaryOf(scenario, ended);
  console.log(
    `\n${"figure".padEnd(18)}${["min", "median", "p99", "max"].map((name) => name.padStart(10)).join("")}  passed`,
  );
  for (const figure of summary) console.log(summaryLine(figure));
  for (const { name, missed } of scenario.figures)
    if (missed !== undefined) console.log(`${name} is not always reached: ${missed.because}`);
  const broken = ended.filter(({ error }) => error !== undefined).length;
  if (broken > 0) console.log(`${broken} of ${ended.length} runs broke an invariant`);
  const hasPassed = broken === 0 && summary.every((figure) => figure.passed === figure.runs);
  return { scenario, summary, hasPassed };
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
  const reached = limit === "" ? "" : `${passed} of ${runs} (${limit})`;
  return `${spec.name.padEnd(18)}${values}  ${reached.padEnd(20)}  ${spec.means}`;
}

/** As figures are shown: large ones whole, others to two places. */
export function rounded(value: number): string {
  return String(Math.abs(value) >= 100 ? Math.round(value) : Math.round(100 * value) / 100);
}
