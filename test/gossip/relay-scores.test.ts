import { expect, test } from "vitest";
import type { PeerId } from "../../gossip/ports.ts";
import { RelayScores } from "../../gossip/relay-scores.ts";

const peers = ["a", "b", "c", "d"] as PeerId[];

test("a relay that has failed is left out for ten minutes, and for twice as long after each further failure", () => {
  const scores = new RelayScores();
  scores.fail("a" as PeerId, 1_000);
  expect(scores.trusted(peers, 1_000)).toEqual(["b", "c", "d"]);
  expect(scores.isTrusted("a" as PeerId, 600_999)).toBe(false);
  expect(scores.isTrusted("a" as PeerId, 601_000)).toBe(true);
  scores.fail("a" as PeerId, 601_000);
  expect(scores.isTrusted("a" as PeerId, 1_800_999)).toBe(false);
  expect(scores.isTrusted("a" as PeerId, 1_801_000)).toBe(true);
  for (let count = 0; count < 50; count++) scores.fail("a" as PeerId, 0);
  expect(scores.isTrusted("a" as PeerId, 86_400_000)).toBe(true);
});

test("where more than three in four have failed, all are given something: it is rather our own link", () => {
  const scores = new RelayScores();
  for (const peer of peers.slice(0, 3)) scores.fail(peer, 0);
  expect(scores.trusted(peers, 1)).toEqual(["d"]);
  scores.fail("d" as PeerId, 0);
  expect(scores.trusted(peers, 1)).toEqual(peers);
});

test("it remembers a bounded number of peers, the latest", () => {
  const scores = new RelayScores();
  for (let count = 0; count < 10_000; count++) scores.fail(`p${count}` as PeerId, 0);
  expect(scores.isTrusted("p0" as PeerId, 1)).toBe(true);
  expect(scores.isTrusted("p9999" as PeerId, 1)).toBe(false);
});
