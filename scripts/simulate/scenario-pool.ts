import { availableParallelism } from "node:os";
import { Tinypool } from "tinypool";
import type { Run } from "../../test/scenarios/run-scenario.ts";
import type { Scenario } from "../../test/scenarios/scenario.ts";
import type { ScenarioSize } from "../../test/scenarios/scenario-size.ts";
import type { ScenarioTask } from "./scenario-worker.ts";

/** Runs of scenarios, as many at a time as the machine has processors. A run's figures do not depend on it. */
export class ScenarioPool implements AsyncDisposable {
  readonly #threads = new Tinypool({
    filename: new URL("scenario-worker.ts", import.meta.url).href,
    runtime: "worker_threads",
    minThreads: 1,
    maxThreads: availableParallelism(),
    // The base of a size is measured once a thread.
    isolateWorkers: false,
  });

  /** Begins when those before it are done. */
  run(scenario: Scenario, seed: number, size: ScenarioSize): Promise<Run> {
    const task: ScenarioTask = { name: scenario.name, seed, size };
    return this.#threads.run(task, { name: "work" });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#threads.destroy();
  }
}
