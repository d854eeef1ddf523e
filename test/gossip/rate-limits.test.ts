import { expect, test } from "vitest";
import { RateLimits } from "../../gossip/user-events/rate-limits.ts";

test("a key has its burst at once, then its rate, and never more than the burst", () => {
  const limits = new RateLimits<string>({ burst: 3, perSecond: 2 });
  const takes = (key: string, nowMs: number) => {
    let count = 0;
    while (count < 10 && limits.take(key, nowMs)) count++;
    return count;
  };
  expect(takes("a", 0)).toBe(3);
  expect(limits.has("a", 499)).toBe(false);
  expect(takes("a", 500)).toBe(1);
  expect(takes("b", 500)).toBe(3);
  expect(takes("a", 1_500)).toBe(2);
  expect(takes("a", 3_600_000)).toBe(3);
});

test("it remembers a bounded number of keys, those that were used last", () => {
  const limits = new RateLimits<number>({ burst: 1, perSecond: 1 });
  for (let key = 0; key <= 4_096; key++) limits.take(key, 0);
  expect(limits.has(0, 0)).toBe(true);
  expect(limits.has(1, 0)).toBe(false);
  expect(limits.has(4_096, 0)).toBe(false);
});
