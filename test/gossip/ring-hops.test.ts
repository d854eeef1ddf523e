import * as fc from "fast-check";
import { expect, test } from "vitest";
import { ringHops, type RingHop } from "../../gossip/repair/ring-hops.ts";

/** What each of a ring's members holds after these hops; what it holds is a set, as with blocks and as with repairs. */
function after(held: readonly (readonly number[])[], hops: readonly RingHop[]): number[][] {
  const sets = held.map((items) => new Set(items));
  for (const { source, receiver } of hops) for (const item of sets[source]!) sets[receiver]!.add(item);
  return sets.map((items) => [...items].sort((a, b) => a - b));
}

const placement = fc
  .integer({ min: 2, max: 12 })
  .chain((count) => fc.array(fc.uniqueArray(fc.nat(20)), { minLength: count, maxLength: count }));

test("whatever 2 to 12 members lack, all are equal after 2n - 2 hops, each from a member to the next", () => {
  fc.assert(
    fc.property(placement, (held) => {
      const hops = ringHops(held.length);
      expect(hops).toHaveLength(2 * held.length - 2);
      for (const { source, receiver } of hops) expect(receiver).toBe((source + 1) % held.length);
      const union = [...new Set(held.flat())].sort((a, b) => a - b);
      for (const items of after(held, hops)) expect(items).toEqual(union);
    }),
    { numRuns: 1_000 },
  );
});

test.each(Array.from({ length: 11 }, (_, index) => index + 2))(
  "of %i members one stays behind where the last hop is left out and only the last of them had it",
  (count) => {
    const held = Array.from({ length: count }, (_, place) => (place === count - 1 ? [1] : []));
    const reached = after(held, ringHops(count).slice(0, -1)).filter((items) => items.length === 1);
    expect(reached).toHaveLength(count - 1);
  },
);

test("a member that is alone has nobody to ask", () => {
  expect(ringHops(1)).toEqual([]);
  expect(ringHops(0)).toEqual([]);
});
