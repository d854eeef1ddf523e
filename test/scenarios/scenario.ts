import type { ScenarioSize } from "./scenario-size.ts";

/** What a figure must keep to, and what it keeps to where that is not so. */
export interface FigureSpec {
  readonly name: string;
  /** In words, with what it is compared with. */
  readonly means: string;
  /** The figure passes up to this; without it, it is only shown. */
  readonly atMost?: number;
  /** The figure passes from this on. */
  readonly atLeast?: number;
  /**
   * Where the short form does not reach the pass figure: what it keeps to instead, and why. The suite checks that; the
   * pass figure stays what it is, and a run says that it is missed.
   */
  readonly missed?: { readonly atMost: number; readonly because: string };
}

/** What came of a run, by the names of the figures. */
export type Figures = Readonly<Record<string, number>>;

/** One of the scenarios of the reference (section 4.3), as a seeded simulation. */
export interface Scenario {
  /** As in `--scenario NAME`. */
  readonly name: string;
  /** Its number in the reference. */
  readonly number: number;
  readonly shows: string;
  readonly figures: readonly FigureSpec[];
  /**
   * One run. The same seed and size give the same figures.
   *
   * @throws Error where an invariant is broken: a block missed, doubled, out of order or conflicting, a queue without
   * bound, a crash, an honest peer taken for a liar.
   */
  run(seed: number, size: ScenarioSize): Promise<Figures>;
}

/** Whether the figure is what it should be. */
export function passes({ atMost = Infinity, atLeast = -Infinity }: FigureSpec, value: number): boolean {
  return value <= atMost && value >= atLeast;
}

/** What the suite holds against a run: figures that are worse than they are known to be. */
export function failuresOf(scenario: Scenario, figures: Figures): readonly string[] {
  return scenario.figures.flatMap((spec) => {
    const value = figures[spec.name] ?? Number.NaN;
    const kept = spec.missed === undefined ? spec : { ...spec, atMost: spec.missed.atMost };
    return passes(kept, value) ? [] : [`${spec.name} is ${value}, allowed is ${limitText(kept)}`];
  });
}

/** The limit as it is shown. */
export function limitText({ atMost, atLeast }: FigureSpec): string {
  const shown = (limit: number) => Math.round(1_000 * limit) / 1_000;
  const parts = [
    atLeast === undefined ? "" : `≥ ${shown(atLeast)}`,
    atMost === undefined ? "" : `≤ ${shown(atMost)}`,
  ];
  return parts.filter((part) => part !== "").join(", ");
}

/** The command that makes a run again. */
export function commandOf(scenario: Scenario, seed: number, { peers, isFull }: ScenarioSize): string {
  const flags = `--scenario ${scenario.name} --seed ${seed} --peers ${peers}${isFull ? " --full" : ""}`;
  return `npm run simulate -- ${flags}`;
}
