import { expect, test } from "vitest";
import type { PeerId } from "../../gossip/ports.ts";
import type { SimulatedPeer } from "../../node/testing/simulator/simulated-peer.ts";
import { Simulation } from "../../node/testing/simulator/simulation.ts";
import { Liar } from "../simulator/liar.ts";

const ROUND_MS = 5_000;

/** Whom a peer asks who is there, in each so many rounds' time; a request is a round's first step or its second. */
async function asked(simulation: Simulation, { id }: SimulatedPeer, rounds: number) {
  const trace: PeerId[] = [];
  const { wiretap } = simulation.network;
  simulation.network.wiretap = (from, to, message) => {
    wiretap(from, to, message);
    if (from === id && message.kind === "membership-request") trace.push(to);
  };
  await simulation.runFor(rounds * ROUND_MS);
  simulation.network.wiretap = wiretap;
  return trace;
}

async function running(peerCount: number, bootstrapCount: number): Promise<Simulation> {
  const simulation = new Simulation({
    seed: 7,
    peerCount,
    bootstrapCount,
    startKnown: true,
    startLinked: true,
  });
  await simulation.start();
  return simulation;
}

test("in each round one random living member is asked, and nobody else where all are there", async () => {
  const simulation = await running(8, 1);
  const trace = await asked(simulation, simulation.peers[3]!, 100);
  expect(trace.length).toBeGreaterThanOrEqual(92);
  expect(trace.length).toBeLessThanOrEqual(110);
  const counts = simulation.peers.map(({ id }) => trace.filter((peer) => peer === id).length);
  expect(counts[3]).toBe(0);
  // A hundred draws among seven.
  for (const [index, count] of counts.entries()) if (index !== 3) expect(count).toBeGreaterThan(3);
});

test("a lost member is tried as well, the more often the more are lost, and is found when it can be reached", async () => {
  const simulation = await running(8, 1);
  const { network, peers } = simulation;
  const [one, ...others] = peers.toReversed() as [SimulatedPeer, ...SimulatedPeer[]];
  for (const { id } of others) network.cut(one.id, id);
  await simulation.runFor(40_000);
  const observer = peers[3]!;
  expect(observer.membership.get(one.id)?.state).toBe("dead");
  // It hears nothing, so it cannot have begun.
  one.withholds = () => true;
  network.healAll();
  let tries = 0;
  const { wiretap } = network;
  network.wiretap = (from, to, message) => {
    wiretap(from, to, message);
    if (from === observer.id && to === one.id && message.kind === "membership-request") tries++;
  };
  await simulation.runFor(100 * ROUND_MS);
  // Of seven that live, itself included, one is lost: every seventh round, and until it is known, not at all.
  expect(tries).toBeGreaterThan(4);
  expect(tries).toBeLessThan(40);
});

test("a missing seed is looked for without end, by those that did not speak with one, and its return is noticed", async () => {
  const simulation = await running(6, 1);
  const [seed, ...others] = simulation.peers as [SimulatedPeer, ...SimulatedPeer[]];
  seed.crash();
  await simulation.runFor(600_000);
  const failed = simulation.events.filter(
    ({ atMs, event }) => event.kind === "seed-failed" && atMs > 300_000,
  );
  // One of six is missing: every fifth round of each of five peers.
  expect(failed.length / (300_000 / ROUND_MS) / 5).toBeGreaterThan(0.1);
  expect(failed.length / (300_000 / ROUND_MS) / 5).toBeLessThan(0.4);
  await seed.start();
  const isBack = () => others.every(({ membership }) => membership.isAlive(seed.id));
  await simulation.until(isBack, 2 * ROUND_MS, "the seed is back for all");
});

test("a peer among strangers who tell it nothing finds its bootstrap peer soon after that has come", async () => {
  const simulation = new Simulation({ seed: 8, peerCount: 2, bootstrapCount: 1 });
  const [bootstrap, newcomer] = simulation.peers as [SimulatedPeer, SimulatedPeer];
  const strangers = Array.from({ length: 60 }, (_, index) => new Liar(simulation, `stranger-${index}`));
  await newcomer.start();
  for (let second = 0; second < 30; second++) {
    for (const stranger of strangers) stranger.tellAll(stranger.greeting());
    await simulation.runFor(1_000);
  }
  expect(newcomer.membership.living()).toHaveLength(strangers.length);
  await bootstrap.start();
  await simulation.until(
    () => newcomer.membership.isAlive(bootstrap.id),
    3 * ROUND_MS,
    "the newcomer knows its bootstrap peer",
  );
});
