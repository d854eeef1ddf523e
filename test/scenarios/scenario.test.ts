import { expect, test } from "vitest";
import { runScenario, summaryOf } from "./run-scenario.ts";
import { failuresOf, passes, type Scenario } from "./scenario.ts";
import { shortSize } from "./scenario-size.ts";
import { SCENARIOS, scenarioOf } from "./scenarios.ts";

const EXAMPLE: Scenario = {
  name: "example",
  number: 0,
  shows: "an example",
  figures: [
    { name: "kept", means: "", atMost: 2 },
    { name: "missed", means: "", atMost: 2, missed: { atMost: 3, because: "of this" } },
    { name: "some", means: "", atLeast: 1 },
  ],
  run: (seed) =>
    seed === 9
      ? Promise.reject(new Error("a block is missing"))
      : Promise.resolve({ kept: seed, missed: 3, some: 1 }),
};

test("a figure above its limit fails the suite, and so does one that is not there or worse than it is known to be", () => {
  expect(failuresOf(EXAMPLE, { kept: 2, missed: 3, some: 1 })).toEqual([]);
  expect(failuresOf(EXAMPLE, { kept: 2.1, missed: 3.1, some: 0 })).toHaveLength(3);
  expect(failuresOf(EXAMPLE, {})).toHaveLength(3);
});

test("what the suite puts up with is still no pass", () => {
  const [, missed] = EXAMPLE.figures;
  expect(passes(missed!, 3)).toBe(false);
});

test("a summary counts the runs that meet each figure, and a broken run names the command that repeats it", async () => {
  const runs = [];
  for (const seed of [1, 2, 3, 9]) runs.push(await runScenario(EXAMPLE, seed, shortSize(12)));
  const [kept] = summaryOf(EXAMPLE, runs);
  expect(kept).toMatchObject({ least: 1, middle: 2, most: 3, runs: 3, passed: 2 });
  expect(runs[3]).toMatchObject({
    figures: undefined,
    command: "npm run simulate -- --scenario example --seed 9 --peers 12",
  });
});

test("the same seed gives the same figures, and another one others", async () => {
  const size = shortSize(12);
  const scenario = scenarioOf("silent-33");
  const [first, again, other] = [
    await scenario.run(3, size),
    await scenario.run(3, size),
    await scenario.run(4, size),
  ];
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
});

test("every scenario has a name of its own", () => {
  expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(SCENARIOS.length);
});
