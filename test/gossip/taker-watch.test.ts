import { expect, test } from "vitest";
import { takersOf, TakerWatch } from "../../gossip/push/taker-watch.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { VirtualClock } from "../../node/testing/simulator/virtual-clock.ts";

const peers = Array.from({ length: 20 }, (_, index) => `p${index}` as PeerId);
const givers = new Set(peers.slice(0, 5));

test("where each peer had a lane and most gave nothing, those are takers", () => {
  expect([...takersOf(peers, peers.length, givers)]).toEqual(peers.slice(5));
});

test("nobody is a taker where most give, where lanes were fewer than peers, or where hardly anything came at all", () => {
  expect(takersOf(peers, peers.length, new Set(peers.slice(0, 10))).size).toBe(0);
  expect(takersOf(peers, 12, givers).size).toBe(0);
  expect(takersOf(peers, peers.length, new Set(peers.slice(0, 3))).size).toBe(0);
});

test("a taker is one of the others again when it gives anything, and after ten minutes", async () => {
  const clock = new VirtualClock(0);
  const takers = new TakerWatch(clock);
  const [a, b] = peers as [PeerId, PeerId];
  takers.note(new Set([a, b]), peers);
  takers.gave(a);
  expect([takers.has(a), takers.has(b)]).toEqual([false, true]);
  await clock.runFor(600_000);
  expect(takers.has(b)).toBe(false);
});
