import { expect, test } from "vitest";
import type { SimulatedPeer } from "../../node/testing/simulator/simulated-peer.ts";
import { Simulation } from "../../node/testing/simulator/simulation.ts";

test("a peer that stands still does and takes in nothing, and goes on with all of it when it wakes", async () => {
  const simulation = new Simulation({ seed: 81, peerCount: 6, startKnown: true, startLinked: true });
  await simulation.start();
  const [source, , , still] = simulation.peers as [
    SimulatedPeer,
    SimulatedPeer,
    SimulatedPeer,
    SimulatedPeer,
  ];
  await simulation.runFor(100);
  const { traffic } = simulation.network;
  const sent = traffic.of(still.id).bytes;
  const wakesMs = simulation.elapsedMs + 20_000;
  simulation.pause(still, 20_000);
  simulation.events.length = 0;
  for (let count = 0; count < 5; count++) {
    await simulation.publishNext(1_000, source);
    await simulation.runFor(3_000);
  }
  expect(still.height).toBe(1);
  expect(traffic.of(still.id).bytes).toBe(sent);
  await simulation.untilHeight(6, wakesMs + 100 - simulation.elapsedMs);
  const its = simulation.events.filter(({ peer }) => peer === still.id);
  expect(its.filter(({ atMs }) => atMs < wakesMs)).toEqual([]);
  expect(traffic.of(still.id).bytes).toBeGreaterThan(sent);
});

test("who asks a peer that stands still is answered when it wakes, and whoever it asked is heard then", async () => {
  const simulation = new Simulation({
    seed: 82,
    peerCount: 2,
    options: { push: false, directMail: false, antiEntropyIntervalMs: 500 },
  });
  await simulation.start();
  const [source, still] = simulation.peers as [SimulatedPeer, SimulatedPeer];
  await simulation.publishNext(1_000, source);
  // Between a question and its answer, or before it: the answer finds it paused.
  simulation.pause(still, 5_000);
  await simulation.runFor(4_900);
  expect(still.height).toBe(1);
  await simulation.untilHeight(2, 1_500);
  simulation.pause(source, 3_000);
  const digests = answers(simulation, source);
  await simulation.runFor(2_900);
  expect(answers(simulation, source)).toBe(digests);
  await simulation.runFor(1_000);
  expect(answers(simulation, source)).toBeGreaterThan(digests);
});

test("a connection to a peer that stands still is opened when it wakes", async () => {
  const simulation = new Simulation({ seed: 83, peerCount: 2 });
  await simulation.start(simulation.peers.slice(0, 1));
  const [first, second] = simulation.peers as [SimulatedPeer, SimulatedPeer];
  simulation.pause(first, 3_000);
  await second.start();
  await simulation.runFor(2_900);
  expect(second.membership.isAlive(first.id)).toBe(false);
  await simulation.runFor(1_200);
  expect(second.membership.isAlive(first.id)).toBe(true);
});

/** Answers that a peer has begun to send. */
function answers(simulation: Simulation, { id }: SimulatedPeer): number {
  return simulation.network.traffic.of(id).messages.ack ?? 0;
}
