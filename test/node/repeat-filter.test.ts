import { expect, test } from "vitest";
import { RepeatFilter } from "../../node/repeat-filter.ts";

test("of one kind, one in an interval comes through, and says how many did not", () => {
  const filter = new RepeatFilter(1_000, 10);
  expect(filter.pass("a", 0)).toBe(0);
  expect(filter.pass("a", 1)).toBeUndefined();
  expect(filter.pass("b", 2)).toBe(0);
  expect(filter.pass("a", 999)).toBeUndefined();
  expect(filter.pass("a", 1_000)).toBe(2);
  expect(filter.pass("a", 2_000)).toBe(0);
});

test("when there are too many kinds, one that was forgotten comes through early", () => {
  const filter = new RepeatFilter(1_000, 2);
  for (const kind of ["a", "b", "c"]) expect(filter.pass(kind, 0)).toBe(0);
  expect(filter.pass("a", 1)).toBe(0);
  expect(filter.pass("c", 1)).toBeUndefined();
});
