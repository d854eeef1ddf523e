import { expect, test } from "vitest";
import { sample } from "../../gossip/random.ts";
import { advertsFor, fullHopsFor } from "../../gossip/push-plan.ts";
import { seededRandom } from "../simulator/seeded-random.ts";

test.each([
  [1, 1],
  [5, 1],
  [50, 1],
  [60, 2],
  [100, 2],
  [195, 3],
  [500, 3],
  [1_000, 4],
])("of %i peers, %i hops push the block itself", (peerCount, hops) => {
  expect(fullHopsFor(peerCount, 3)).toBe(hops);
});

test("the blind copies of the planned hops are at most a fifth of the network, but for the first hop", () => {
  for (let peerCount = 1; peerCount < 2_000; peerCount++) {
    for (const fanout of [2, 3, 4, 8]) {
      const hops = fullHopsFor(peerCount, fanout);
      let copies = 0;
      for (let hop = 1; hop <= hops; hop++) copies += fanout ** hop;
      if (hops > 1) expect(copies).toBeLessThanOrEqual(peerCount / 5);
    }
  }
});

test.each([
  [1, 7],
  [99, 12],
  [499, 14],
])(
  "of %i peers, each is told by so many that all are reached but for one block in a thousand",
  (peerCount, adverts) => {
    expect(advertsFor(peerCount)).toBe(adverts);
    expect(peerCount * Math.exp(-adverts)).toBeLessThan(0.001);
  },
);

test("a random graph of the planned degree leads to every vertex from everywhere", () => {
  const random = seededRandom(1);
  const peers = Array.from({ length: 300 }, (_, index) => index);
  let missed = 0;
  for (let run = 0; run < 200; run++) {
    const reached = new Set([0]);
    // A set is iterated in the order of insertion, what is added meanwhile included: each peer draws once.
    reached.forEach(() => sample(peers, advertsFor(299), random).forEach((next) => reached.add(next)));
    if (reached.size < peers.length) missed++;
  }
  expect(missed).toBeLessThanOrEqual(2);
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
