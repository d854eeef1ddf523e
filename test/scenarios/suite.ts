import { expect, test } from "vitest";
import { runScenario } from "./run-scenario.ts";
import { failuresOf } from "./scenario.ts";
import { shortSize } from "./scenario-size.ts";
import { scenarioOf } from "./scenarios.ts";

/** A hundred peers cost seven times as much; they, and more seeds, are `npm run simulate`'s. */
const PEERS = 40;
const SEEDS = 1;

/** A run is seconds of CPU; how long that takes is the machine's affair. */
const TIMEOUT_MS = 600_000;

/** The suite's runs of these scenarios. */
export function scenarioSuite(...names: readonly string[]): void {
  for (const scenario of names.map(scenarioOf)) {
    for (let seed = 1; seed <= SEEDS; seed++) {
      test(
        `${scenario.number}, ${scenario.name}: ${scenario.shows}; seed ${seed}, ${PEERS} peers`,
        { timeout: TIMEOUT_MS },
        async () => {
          const { figures, error, command } = await runScenario(scenario, seed, shortSize(PEERS));
          if (figures === undefined)
            throw new Error(`${error?.message ?? ""}; again: ${command}`, { cause: error });
          expect(failuresOf(scenario, figures), command).toEqual([]);
        },
      );
    }
  }
}
