import { expect, test } from "vitest";
import { Simulation } from "../../node/testing/simulator/simulation.ts";

test("when orderers sign two blocks of one height, each peer keeps its first, and every peer comes to hold the proof", async () => {
  const simulation = new Simulation({ seed: 31, peerCount: 10 });
  simulation.checker.allowsForks = true;
  await simulation.start();
  const [left, right] = [simulation.peers.slice(0, 5), simulation.peers.slice(5)];
  for (const a of left) for (const b of right) simulation.network.cut(a.id, b.id);
  const other = simulation.orderer.sibling(simulation.orderer.tip, 1_000, 9);
  const block = simulation.orderer.next();
  await simulation.publish(block, left[0]);
  await simulation.publish(other, right[0]);
  await simulation.untilHeight(2, 10_000);
  simulation.network.healAll();
  await simulation.until(
    () => simulation.peers.every((peer) => peer.membership.living().length === 9),
    60_000,
    "the halves know each other again",
  );
  const next = await simulation.publishNext(1_000, left[0]);
  await simulation.untilHeight(3, 20_000, left);
  await simulation.until(
    () => right.every((peer) => peer.forks.length > 0),
    60_000,
    "the right half holds the proof",
  );
  for (const peer of simulation.peers) {
    const first = peer.disk.blocks[1]!.hash;
    expect(first).toBe(left.includes(peer) ? block.hash : other.hash);
    for (const proof of peer.forks) {
      expect(proof).toEqual({ number: 1, first, second: first === block.hash ? other.hash : block.hash });
    }
  }
  expect(right.every((peer) => peer.height === 2)).toBe(true);
  expect(left.every((peer) => peer.disk.blocks[2]?.hash === next.hash)).toBe(true);
  const alarms = simulation.events.filter(({ event }) => event.kind === "fork");
  expect(new Set(alarms.map(({ peer }) => peer)).size).toBeGreaterThanOrEqual(5);
});

test("a second block handed in at a peer that holds the first is refused as a conflict and proven", async () => {
  const simulation = new Simulation({ seed: 32, peerCount: 3 });
  await simulation.start();
  const other = simulation.orderer.sibling(simulation.orderer.tip, 1_000, 9);
  await simulation.publishNext();
  await expect(simulation.publish(other)).rejects.toMatchObject({ code: "CONFLICT" });
  await simulation.runFor(100);
  expect(simulation.peers[0]!.forks).toMatchObject([{ number: 1, second: other.hash }]);
});
