import { expect, test } from "vitest";
import { runScenario } from "./run-scenario.ts";
import { failuresOf } from "./scenario.ts";
import { shortSize } from "./scenario-size.ts";
import { scenarioOf } from "./scenarios.ts";

/** A hundred peers cost seven times as much: most seeds are run with fewer. */
const PEERS = 40;

/** A run is seconds of CPU; how long that takes is the machine's affair. */
const TIMEOUT_MS = 600_000;

/** The suite's runs of these scenarios: the first seed with a hundred peers, the others with fewer. */
export function scenarioSuite(...names: readonly string[]): void {
  for (const scenario of names.map(scenarioOf)) {
    for (let seed = 1; seed <= scenario.suiteSeeds; seed++) {
      const peers = seed === 1 ? 100 : PEERS;
      test(
        `${scenario.number}: ${scenario.shows}; seed ${seed}, ${peers} peers`,
        { timeout: TIMEOUT_MS },
        async () => {
          const { figures, error, command } = await runScenario(scenario, seed, shortSize(peers));
          if (figures === undefined)
            throw new Error(`${error?.message ?? ""}; again: ${command}`, { cause: error });
          expect(failuresOf(scenario, figures), command).toEqual([]);
        },
      );
    }
  }
}
