import { expect, test } from "vitest";
import type { PeerId } from "../../gossip/ports.ts";
import { LOCAL_GOSSIP_OPTIONS } from "../../gossip/options.ts";
import type { SimulatedPeer } from "../../node/testing/simulator/simulated-peer.ts";
import { Simulation } from "../../node/testing/simulator/simulation.ts";

test.each([
  ["the defaults", {}],
  ["the local ones", LOCAL_GOSSIP_OPTIONS],
])("peers that start known agree on who is there and have nothing to spread, with %s", async (_, options) => {
  const peerCount = 40;
  const simulation = new Simulation({ seed: 71, peerCount, options, startKnown: true, startLinked: true });
  await simulation.start();
  // Each says its one statement to three, three times, and compares views with the bootstrap peers; a view has 7 kB.
  expect(simulation.network.traffic.bytes() / peerCount).toBeLessThan(5_000);
  simulation.events.length = 0;
  await simulation.runFor(20_000);
  const views = simulation.peers.map(({ membership }) => membership.viewHash("nobody" as PeerId).join());
  expect(new Set(views).size).toBe(1);
  expect(simulation.peers.every(({ membership }) => membership.living().length === peerCount - 1)).toBe(true);
  expect(simulation.events.filter(({ event }) => event.kind === "member")).toEqual([]);
});

test("a peer that starts known and crashes is still found dead", async () => {
  const simulation = new Simulation({ seed: 72, peerCount: 10, startKnown: true });
  await simulation.start();
  const [victim, ...others] = simulation.peers as [SimulatedPeer, ...SimulatedPeer[]];
  victim.crash();
  const isSeen = () => others.every(({ membership }) => !membership.isAlive(victim.id));
  await simulation.until(isSeen, 35_000, "all see it dead");
});

test("peers that start linked do not greet each other again", async () => {
  const greetings: number[] = [];
  for (const startLinked of [false, true]) {
    const simulation = new Simulation({ seed: 73, peerCount: 20, startKnown: true, startLinked });
    await simulation.start();
    const before = simulation.network.traffic.count("alive");
    // Not at the first one, which the others have asked who is there.
    await simulation.publishNext(undefined, simulation.peers[5]);
    await simulation.untilHeight(2, 2_000);
    greetings.push(simulation.network.traffic.count("alive") - before);
  }
  expect(greetings[1]!).toBeLessThan(greetings[0]! / 2);
});

test("silent peers send nothing of a block, answer what they are asked, and the others have it without them", async () => {
  const simulation = new Simulation({ seed: 74, peerCount: 30, startKnown: true });
  const silent = simulation.peers.slice(20);
  for (const peer of silent) peer.isSilent = true;
  await simulation.start();
  await simulation.publishNext(10_000);
  await simulation.untilHeight(2, 5_000, simulation.peers.slice(0, 20));
  await simulation.untilHeight(2, 60_000);
  await simulation.runFor(20_000);
  const said = new Set(silent.flatMap(({ id }) => Object.keys(simulation.network.traffic.of(id).messages)));
  for (const kind of ["block", "advert", "want"]) expect(said).not.toContain(kind);
  for (const kind of ["alive", "state-info", "pong"]) expect(said).toContain(kind);
});
