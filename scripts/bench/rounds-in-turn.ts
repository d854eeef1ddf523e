import type { Row } from "./report.ts";
import { median } from "./statistics.ts";
import type { SystemName } from "./worker-protocol.ts";

/** What one round of one system has shown, its figures by name. A figure may be NaN. */
export interface WithFigures<Name extends string> {
  readonly figures: Readonly<Record<Name, number>>;
}

export interface Round<Result> {
  readonly system: SystemName;
  readonly round: number;
  readonly result: Result;
}

export interface RoundsSpec<Result> {
  /** Our own first. */
  readonly systems: readonly SystemName[];
  readonly rounds: number;
  readonly run: (system: SystemName) => Promise<Result>;
  /** A few words about a round, for whoever waits. */
  readonly progress: (result: Result) => string;
}

/** Ours, and the other where there is one. */
export function systemsAgainst(other: SystemName | undefined): readonly SystemName[] {
  return other === undefined ? ["blockgossip"] : ["blockgossip", other];
}

/** Runs all systems in turn, so that what the machine does meanwhile meets all of them. */
export async function roundsInTurn<Result>(spec: RoundsSpec<Result>): Promise<readonly Round<Result>[]> {
  const rounds: Round<Result>[] = [];
  for (let round = 1; round <= spec.rounds; round++)
    for (const system of spec.systems) {
      const result = await spec.run(system);
      rounds.push({ system, round, result });
      console.error(`round ${round} of ${spec.rounds}, ${system}: ${spec.progress(result)}`);
    }
  return rounds;
}

/** Tables of the rounds, of their medians, and of the medians of the first system's figures by the second's. */
export function tablesOf<Name extends string>(
  rounds: readonly Round<WithFigures<Name>>[],
  names: readonly Name[],
): Readonly<Record<string, readonly Row[]>> {
  const systems = [...new Set(rounds.map(({ system }) => system))];
  const figuresOf = (wanted: SystemName | undefined) =>
    rounds.filter(({ system }) => system === wanted).map(({ result }) => result.figures);
  const [ours, theirs] = systems;
  const others = figuresOf(theirs);
  const quotients = figuresOf(ours).map((figures, index) =>
    rowOf(names, (name) => figures[name] / (others[index]?.[name] ?? Number.NaN)),
  );
  return {
    rounds: rounds.map(({ system, round, result }) => ({
      system,
      round,
      ...shown(rowOf(names, (name) => result.figures[name])),
    })),
    "medians of the rounds": systems.map((system) => ({
      system,
      ...shown(medians(names, figuresOf(system))),
    })),
    ...(theirs === undefined
      ? {}
      : { [`${ours} / ${theirs}, median of the rounds' ratios`]: [shown(medians(names, quotients))] }),
  };
}

type Figures<Name extends string> = Readonly<Record<Name, number>>;

function medians<Name extends string>(names: readonly Name[], all: readonly Figures<Name>[]): Figures<Name> {
  return rowOf(names, (name) => median(all.map((figures) => figures[name])));
}

function rowOf<Name extends string>(names: readonly Name[], value: (name: Name) => number): Figures<Name> {
  return Object.fromEntries(names.map((name) => [name, value(name)])) as Figures<Name>;
}

function shown(figures: Readonly<Record<string, number>>): Row {
  const entries = Object.entries(figures);
  return Object.fromEntries(entries.map(([name, value]) => [name, finite(value)]));
}

/** The value as a cell of a table: undefined where there is none. */
export function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
