import { expect, test } from "vitest";
import type { PeerId } from "../../gossip/ports.ts";
import { pushPlan } from "../../gossip/push/push-plan.ts";
import { sample } from "../../gossip/random.ts";
import { seededRandom } from "../../node/testing/simulator/seeded-random.ts";
import { spreadFrom, viewOf } from "./spread-fixture.ts";

const LIMITS = { directBytesMax: 512 << 10, neighboursMax: 100, isTrusted: () => true };

test.each([
  [3, 60_000_000, "everybody"],
  [49, 10_240, "everybody"],
  [31, 163_840, "grid"],
  [100, 5_000, "everybody"],
  [101, 5_000, "grid"],
])("with %i others, a block of %i bytes goes to %s", (others, blockBytes, way) => {
  const peers = Array.from({ length: others + 1 }, (_, index) => `p${index}` as PeerId);
  const [self] = peers;
  const { step } = pushPlan({ self: self!, view: viewOf(self!, peers), number: 7, blockBytes, ...LIMITS });
  expect(step === "everybody" ? "everybody" : "grid").toBe(way);
});

test("whatever the size of the network, the planned way reaches everybody once, in two hops, with few copies by the first", () => {
  for (const count of [2, 3, 5, 16, 31, 32, 50, 101, 257, 500]) {
    const peers = Array.from({ length: count }, (_, index) => `p${index}` as PeerId);
    for (const number of [1, 2, 3]) {
      const self = peers[(number * 37) % count]!;
      const plan = pushPlan({ self, view: viewOf(self, peers), number, blockBytes: 163_840, ...LIMITS });
      const { copies, hops, sentBy } = spreadFrom(self, peers, plan);
      expect([...copies.values()].every((times) => times === 1)).toBe(true);
      expect(copies.size).toBe(count - 1);
      expect(hops).toBeLessThanOrEqual(2);
      expect(Math.max(...sentBy.values())).toBeLessThanOrEqual(Math.max(5, 2 * Math.ceil(Math.sqrt(count))));
    }
  }
});

test("different blocks make different peers relay, while everybody is linked to everybody", () => {
  const peers = Array.from({ length: 36 }, (_, index) => `p${index}` as PeerId);
  const [self] = peers;
  const relays = new Set<PeerId>();
  for (let number = 1; number <= 60; number++) {
    const plan = pushPlan({
      self: self!,
      view: viewOf(self!, peers),
      number,
      blockBytes: 163_840,
      ...LIMITS,
    });
    for (const peer of spreadFrom(self!, peers, plan).sentBy.keys()) relays.add(peer);
  }
  expect(relays.size).toBe(36);
});

test("a sample has no repeats, draws every item equally often, and is everything where little is there", () => {
  const random = seededRandom(2);
  const counts = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let run = 0; run < 8_000; run++) {
    const drawn = sample([0, 1, 2, 3, 4, 5, 6, 7], 3, random);
    expect(new Set(drawn).size).toBe(3);
    for (const item of drawn) counts[item]!++;
  }
  for (const count of counts) expect(Math.abs(count - 3_000)).toBeLessThan(200);
  expect(sample([1, 2], 5, random).sort()).toEqual([1, 2]);
  expect(sample([], 3, random)).toEqual([]);
});
