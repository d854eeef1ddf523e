import { expect, test } from "vitest";
import { LocalHealth } from "../../gossip/failures/local-health.ts";

test.each([
  { what: [], score: 0 },
  { what: ["answered"], score: 0 },
  { what: ["erred"], score: 1 },
  { what: ["erred", "erred", "answered"], score: 1 },
  { what: ["erred", "answered", "answered", "erred"], score: 1 },
  { what: Array.from({ length: 20 }, () => "erred"), score: 7 },
  { what: [...Array.from({ length: 20 }, () => "erred"), "answered"], score: 6 },
] as const)("after $what the score is $score, and others have that many times longer", ({ what, score }) => {
  const health = new LocalHealth();
  for (const each of what) health[each as "answered" | "erred"]();
  expect(health.score).toBe(score);
  expect(health.patience).toBe(score + 1);
});

test("after a pause nobody is judged for the grace, and a further pause begins it anew", () => {
  const health = new LocalHealth();
  expect(health.isInDoubt(1_000)).toBe(false);
  health.paused(1_000, 500);
  expect([1_000, 1_499, 1_500].map((nowMs) => health.isInDoubt(nowMs))).toEqual([true, true, false]);
  health.paused(1_400, 500);
  expect([1_899, 1_900].map((nowMs) => health.isInDoubt(nowMs))).toEqual([true, false]);
});
