import { expect, test } from "vitest";
import { Simulation } from "../../node/testing/simulator/simulation.ts";
import type { SimulatedPeer } from "../../node/testing/simulator/simulated-peer.ts";

function knows(peer: SimulatedPeer, other: SimulatedPeer): boolean {
  return peer.membership.isAlive(other.id);
}

test("100 peers that know three bootstrap peers all know each other within ten seconds", async () => {
  const simulation = new Simulation({ seed: 41, peerCount: 100 });
  await simulation.start();
  expect(simulation.elapsedMs).toBeLessThan(10_000);
});

test("a peer that crashes is seen dead by all within its expiration, and alive again when it is back", async () => {
  const simulation = new Simulation({ seed: 42, peerCount: 10 });
  await simulation.start();
  const [victim, ...others] = simulation.peers as [SimulatedPeer, ...SimulatedPeer[]];
  const crashedMs = simulation.elapsedMs;
  victim.crash();
  await simulation.until(() => others.every((peer) => !knows(peer, victim)), 35_000, "all see it dead");
  expect(simulation.elapsedMs - crashedMs).toBeLessThan(5 * 5_000 * 1.1 + 5_000);
  await simulation.restart(victim);
  await simulation.until(() => others.every((peer) => knows(peer, victim)), 10_000, "all see it alive");
});

test("a peer that says goodbye is seen as left, not as dead, by all", async () => {
  const simulation = new Simulation({ seed: 43, peerCount: 20 });
  await simulation.start();
  const leaver = simulation.peers[7]!;
  leaver.leave();
  const others = simulation.peers.filter((peer) => peer !== leaver);
  const state = (peer: SimulatedPeer) => peer.membership.get(leaver.id)?.state;
  await simulation.until(() => others.every((peer) => state(peer) === "left"), 5_000, "all see that it left");
});

test("a healthy peer is never seen dead in twenty minutes of 30 percent loss", async () => {
  const simulation = new Simulation({ seed: 44, peerCount: 10, weather: { lossRate: 0.3 } });
  await simulation.start();
  await simulation.runFor(1_200_000);
  const deaths = simulation.events.filter(({ event }) => event.kind === "member" && event.state === "dead");
  expect(deaths).toEqual([]);
});

test("two halves that were apart for so long that they forgot each other find each other through a bootstrap peer", async () => {
  const simulation = new Simulation({
    seed: 45,
    peerCount: 8,
    bootstrapCount: 1,
    options: { forgetIntervals: 10 },
  });
  await simulation.start();
  const [left, right] = [simulation.peers.slice(0, 4), simulation.peers.slice(4)];
  for (const a of left) for (const b of right) simulation.network.cut(a.id, b.id);
  await simulation.runFor(600_000);
  expect(left[1]!.membership.get(right[1]!.id)).toBeUndefined();
  expect(right[1]!.membership.get(left[0]!.id)?.state).toBe("dead");
  expect(right[1]!.membership.get(left[1]!.id)).toBeUndefined();
  simulation.network.healAll();
  const all = simulation.peers;
  await simulation.until(
    () => all.every((a) => all.every((b) => a === b || knows(a, b))),
    60_000,
    "all know all",
  );
});

test("a peer whose bootstrap peers are all down at first joins when one comes up", async () => {
  const simulation = new Simulation({ seed: 46, peerCount: 4, bootstrapCount: 1 });
  const [bootstrap, ...others] = simulation.peers as [SimulatedPeer, ...SimulatedPeer[]];
  for (const peer of others) await peer.start();
  await simulation.runFor(60_000);
  await bootstrap.start();
  const all = simulation.peers;
  await simulation.until(
    () => all.every((a) => all.every((b) => a === b || knows(a, b))),
    30_000,
    "all know all",
  );
});

test("a peer whose clock was set back before it restarted is believed again at once", async () => {
  const simulation = new Simulation({ seed: 47, peerCount: 5 });
  await simulation.start();
  const [peer, other] = simulation.peers as [SimulatedPeer, SimulatedPeer];
  const later = peer.membership.get(other.id)!;
  // What a former life with a later clock would have said, signed by the peer's own key.
  const { SimulatedKeyring } = await import("../../node/testing/simulator/simulated-keyring.ts");
  const { signStatement } = await import("../../gossip/wire/statements.ts");
  const incarnation = Math.floor(simulation.clock.now()) + 1_800_000;
  const alive = signStatement(
    { ...later.statement, incarnation, sequence: 9 },
    new SimulatedKeyring(other.id),
  );
  for (const each of simulation.peers) {
    if (each !== other) each.membership.receive({ alive, internal: undefined }, simulation.clock.now());
  }
  await simulation.until(
    () => other.membership.incarnation > incarnation,
    30_000,
    "it hears of its former life and goes past it",
  );
  await simulation.until(
    () => (peer.membership.get(other.id)?.statement.incarnation ?? 0) > incarnation,
    30_000,
    "the others hear of it",
  );
});

test("idle traffic per peer does not grow from 50 to 150 peers by more than a fifth", async () => {
  const perPeer: number[] = [];
  for (const peerCount of [50, 150]) {
    const simulation = new Simulation({ seed: 48, peerCount });
    await simulation.start();
    await simulation.runFor(30_000);
    const before = simulation.network.traffic.bytes();
    await simulation.runFor(30_000);
    perPeer.push((simulation.network.traffic.bytes() - before) / 30 / peerCount);
  }
  expect(perPeer[1]! / perPeer[0]!).toBeLessThan(1.2);
  expect(perPeer[0]!).toBeLessThan(7_000);
  console.log(`idle bytes per second and peer: ${perPeer.map(Math.round).join(" at 50 peers, ")} at 150`);
});
