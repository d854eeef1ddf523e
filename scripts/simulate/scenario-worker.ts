import { runScenario, type Run } from "../../test/scenarios/run-scenario.ts";
import type { ScenarioSize } from "../../test/scenarios/scenario-size.ts";
import { scenarioOf } from "../../test/scenarios/scenarios.ts";

/** One run of a scenario, told by its name, since a scenario itself cannot be sent to a thread. */
export interface ScenarioTask {
  readonly name: string;
  readonly seed: number;
  readonly size: ScenarioSize;
}

/** What `ScenarioPool`'s threads do. */
export function work({ name, seed, size }: ScenarioTask): Promise<Run> {
  return runScenario(scenarioOf(name), seed, size);
}
