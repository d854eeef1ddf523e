import { expect, test } from "vitest";
import type { PeerId } from "../../gossip/ports.ts";
import { laneHeads, cutShape } from "../../gossip/push/chunk-plan.ts";
import { gridWidth, neighboursOf, RelayGrid } from "../../gossip/push/relay-grid.ts";
import { seededRandom } from "../../node/testing/simulator/seeded-random.ts";
import { sample } from "../../gossip/random.ts";
import { spreadFrom, viewOf } from "./spread-fixture.ts";

const peersOf = (count: number) => Array.from({ length: count }, (_, index) => `p${index}` as PeerId);

test("whoever sees the same peers, in whatever order, lays them out alike", () => {
  const peers = peersOf(50);
  const shuffled = sample(peers, 50, seededRandom(1));
  const [one, other] = [new RelayGrid(peers, 8), new RelayGrid(shuffled, 8)];
  for (const peer of peers) {
    expect(other.row(peer)).toEqual(one.row(peer));
    expect(other.column(peer)).toEqual(one.column(peer));
  }
});

test("row and column of a peer share nobody else, and are those of their members too", () => {
  const peers = peersOf(47);
  const grid = new RelayGrid(peers, 7);
  for (const peer of peers) {
    const [row, column] = [grid.row(peer), grid.column(peer)];
    expect(new Set([...row, ...column, peer]).size).toBe(row.length + column.length + 1);
    for (const other of row) expect(grid.row(other)).toContain(peer);
    for (const other of column) expect(grid.column(other)).toContain(peer);
  }
});

test("a peer more or less moves each of the others by one place at most", () => {
  const peers = peersOf(101);
  const before = new RelayGrid(peers.slice(0, 100), 1_000).row("p100" as PeerId);
  expect(before).toEqual([]);
  const order = (grid: RelayGrid, first: PeerId) => [first, ...grid.row(first)];
  const small = order(new RelayGrid(peers.slice(0, 100), 1_000), peers[0]!).slice(1);
  const large = order(new RelayGrid(peers, 1_000), peers[0]!).slice(1);
  expect(large.filter((peer) => peer !== "p100")).toEqual(small);
});

test("a peer that is not in the grid has no neighbours in it", () => {
  const grid = new RelayGrid(peersOf(9), 3);
  expect([grid.row("x" as PeerId), grid.column("x" as PeerId)]).toEqual([[], []]);
});

test.each([102, 110, 111, 120, 121, 122, 500, 1_000])(
  "in a network of %i, each head of a lane reaches everybody once in two hops more, and the work is even",
  (count) => {
    const peers = peersOf(count);
    const links = 2 * gridWidth(count);
    for (const source of [peers[0]!, peers[count >> 1]!, peers[count - 1]!]) {
      const heads = laneHeads(source, viewOf(source, peers), 100);
      const { lanes } = cutShape(1_000_000, heads, false);
      expect(lanes).toBeGreaterThan(Math.sqrt(count) / 2);
      const sent = new Map<PeerId, number>();
      for (const { peer, spread } of heads.slice(0, lanes)) {
        const { copies, hops, sentBy } = spreadFrom(peer, peers, spread);
        expect(copies.size).toBe(count - 1);
        expect([...copies.values()].every((times) => times === 1)).toBe(true);
        expect(hops).toBeLessThanOrEqual(2);
        for (const [from, times] of sentBy) sent.set(from, (sent.get(from) ?? 0) + times);
      }
      expect(Math.max(...sent.values())).toBeLessThanOrEqual(3 * lanes);
      expect(heads.length).toBeLessThanOrEqual(links);
    }
  },
);

test("where everybody is linked to everybody, all others are heads and reach all in one hop", () => {
  const peers = peersOf(20);
  const heads = laneHeads(peers[3]!, viewOf(peers[3]!, peers), 100);
  expect(heads.map(({ peer }) => peer)).toEqual(peers.filter((peer) => peer !== peers[3]));
  expect(spreadFrom(heads[0]!.peer, peers, heads[0]!.spread).hops).toBe(1);
});

test("a peer keeps links to all others while they are few, else to its row and column, and they to it", () => {
  const peers = peersOf(101);
  const few = peers.slice(1);
  expect(neighboursOf(peers[0]!, few, 100)).toEqual(few);
  const neighbours = new Map(
    peers.map((peer) => [
      peer,
      neighboursOf(
        peer,
        peers.filter((other) => other !== peer),
        99,
      ),
    ]),
  );
  for (const [peer, theirs] of neighbours) {
    expect(theirs.length).toBeLessThanOrEqual(20);
    expect(theirs.length).toBeGreaterThanOrEqual(15);
    for (const other of theirs) expect(neighbours.get(other)).toContain(peer);
  }
});
