import { expect, test } from "vitest";
import { withoutData } from "../../chain/fork-evidence.ts";
import { Liar } from "../simulator/liar.ts";
import { Simulation } from "../../node/testing/simulator/simulation.ts";

test("a fork that one peer of twenty has seen is proven to all, also across lost messages", async () => {
  const simulation = new Simulation({ seed: 61, peerCount: 20, weather: { lossRate: 0.2 } });
  await simulation.start();
  const other = simulation.orderer.sibling(simulation.orderer.tip, 1_000, 9);
  const block = await simulation.publishNext();
  await simulation.untilHeight(2, 10_000);
  await expect(simulation.publish(other)).rejects.toMatchObject({ code: "CONFLICT" });
  await simulation.until(
    () => simulation.peers.every(({ forks }) => forks.length === 1),
    30_000,
    "all hold the proof",
  );
  for (const { forks } of simulation.peers)
    expect(forks).toEqual([{ number: 1, first: block.hash, second: other.hash }]);
});

test("what proves no fork is believed by nobody, and passed on by nobody", async () => {
  const simulation = new Simulation({ seed: 62, peerCount: 6 });
  await simulation.start();
  const sibling = simulation.orderer.sibling(simulation.orderer.tip, 1_000, 9);
  const block = await simulation.publishNext();
  await simulation.untilHeight(2, 10_000);
  const liar = new Liar(simulation);
  await liar.join();
  const unsigned = withoutData(sibling).bytes.slice();
  // The last byte belongs to a signature or to what is signed.
  unsigned[unsigned.length - 1]! ^= 1;
  const proofs = [
    [withoutData(block).bytes, unsigned],
    [withoutData(block).bytes, withoutData(block).bytes],
  ] as const;
  for (const blocks of proofs) liar.tellAll({ kind: "fork-proof", channel: liar.channel, blocks });
  await simulation.runFor(5_000);
  expect(simulation.peers.map(({ forks }) => forks.length)).toEqual([0, 0, 0, 0, 0, 0]);
  expect(liar.heard.filter(({ message }) => message.kind === "fork-proof")).toEqual([]);
  const blamed = simulation.events.filter(
    ({ event }) => event.kind === "misconduct" || event.kind === "rejected",
  );
  expect(new Set(blamed.map(({ event }) => "peer" in event && event.peer))).toEqual(new Set([liar.id]));
  expect(new Set(blamed.map(({ peer }) => peer)).size).toBe(6);
});
