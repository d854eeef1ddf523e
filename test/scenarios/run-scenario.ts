import { maximum, median, percentile } from "../../scripts/bench/statistics.ts";
import { commandOf, passes, type FigureSpec, type Figures, type Scenario } from "./scenario.ts";
import type { ScenarioSize } from "./scenario-size.ts";

/** One run: its figures, or what broke. */
export interface Run {
  readonly seed: number;
  readonly figures: Figures | undefined;
  readonly error: Error | undefined;
  /** Makes the run again. */
  readonly command: string;
}

/** What came of a figure over many runs. */
export interface FigureSummary {
  readonly spec: FigureSpec;
  readonly least: number;
  readonly middle: number;
  readonly p99: number;
  readonly most: number;
  /** Of so many runs that came to an end, and how many of them meet the pass figure. */
  readonly runs: number;
  readonly passed: number;
}

/** Runs a scenario with a seed; an invariant that breaks is in what it returns. */
export async function runScenario(scenario: Scenario, seed: number, size: ScenarioSize): Promise<Run> {
  const command = commandOf(scenario, seed, size);
  try {
    return { seed, figures: await scenario.run(seed, size), error: undefined, command };
  } catch (error) {
    return {
      seed,
      figures: undefined,
      error: error instanceof Error ? error : new Error(String(error)),
      command,
    };
  }
}

/** The figures over all runs: first those that have a limit, then the others. */
export function summaryOf(scenario: Scenario, runs: readonly Run[]): readonly FigureSummary[] {
  const all = runs.flatMap(({ figures }) => (figures === undefined ? [] : [figures]));
  const specified = new Set(scenario.figures.map(({ name }) => name));
  const others = Object.keys(all[0] ?? {}).filter((name) => !specified.has(name));
  return [...scenario.figures, ...others.map((name): FigureSpec => ({ name, means: "" }))].map((spec) => {
    const values = all.map((figures) => figures[spec.name] ?? Number.NaN);
    return {
      spec,
      least: -maximum(values.map((value) => -value)),
      middle: median(values),
      p99: percentile(values, 0.99),
      most: maximum(values),
      runs: values.length,
      passed: values.filter((value) => passes(spec, value)).length,
    };
  });
}
