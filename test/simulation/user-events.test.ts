import { expect, test } from "vitest";
import type { PeerId } from "../../gossip/ports.ts";
import { compareUserEvents } from "../../gossip/user-events/user-event.ts";
import { Simulation } from "../../node/testing/simulator/simulation.ts";
import type { SimulatedPeer } from "../../node/testing/simulator/simulated-peer.ts";

const MINUTE_MS = 60_000;

function bytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text));
}

/** The names of the events that each peer was told, in the order in which it was. */
function told(simulation: Simulation, peer: PeerId): readonly string[] {
  return simulation.events.flatMap(({ peer: at, event }) =>
    at === peer && event.kind === "user-event" ? [event.name] : [],
  );
}

function eventMessages({ network: { traffic } }: Simulation): number {
  return traffic.count("user-events") + traffic.count("event-sync");
}

async function network(seed: number, peerCount: number, lossRate = 0): Promise<Simulation> {
  const simulation = new Simulation({ seed, peerCount, weather: { lossRate } });
  await simulation.start();
  return simulation;
}

test("among 100 peers that lose a tenth of all messages every event reaches every peer, once", async () => {
  const simulation = new Simulation({
    seed: 61,
    peerCount: 100,
    startKnown: true,
    weather: { lossRate: 0.1 },
    // Nothing of blocks.
    options: {
      antiEntropy: false,
      push: false,
      directMail: false,
      stateTransfer: false,
      stateInfoRefreshMs: 3_600_000,
    },
  });
  await simulation.start();
  const names = Array.from({ length: 20 }, (_, index) => `event ${index}`);
  const startMs = simulation.elapsedMs;
  for (const [index, name] of names.entries()) {
    simulation.peers[5 * index]!.events.send(name, bytes("payload"));
    await simulation.runFor(100);
  }
  const waiting = new Set(simulation.peers);
  const holdAll = () => {
    for (const peer of waiting) {
      if (peer.events.all().length < names.length) return false;
      waiting.delete(peer);
    }
    return true;
  };
  await simulation.until(holdAll, 40_000, "all are told of all");
  const tookMs = simulation.elapsedMs - startMs;
  const copies = simulation.network.traffic.count("user-events");
  console.log(`20 events to 100 peers: ${tookMs} ms, ${copies / 100} messages a peer`);
  await simulation.runFor(10_000);
  for (const { id } of simulation.peers) expect(told(simulation, id).toSorted()).toEqual(names.toSorted());
  expect(simulation.network.refused).toEqual({});
});

test("the times tell what was known when: an answer is later than what it answers, everywhere", async () => {
  const simulation = await network(62, 20);
  const [asker, answerer] = [simulation.peers[3]!, simulation.peers[17]!];
  using _answers = answerer.events.subscribe(({ name }) => {
    if (name.startsWith("question")) answerer.events.send(`answer to ${name}`, bytes(""));
  });
  for (let index = 0; index < 5; index++) asker.events.send(`question ${index}`, bytes(""));
  const order = (peer: SimulatedPeer) => peer.events.all().map(({ name }) => name);
  await simulation.until(
    () => simulation.peers.every((peer) => order(peer).length === 10),
    30_000,
    "all are told of all",
  );
  const all = asker.events.all();
  const timeOf = (wanted: string) => all.find(({ name }) => name === wanted)!.time;
  for (let index = 0; index < 5; index++)
    expect(timeOf(`answer to question ${index}`)).toBeGreaterThan(timeOf(`question ${index}`));
  for (const peer of simulation.peers) expect(order(peer)).toEqual(order(asker));
});

test("what comes together is delivered in order, whatever order it was sent in", async () => {
  const simulation = await network(63, 2);
  const [author, other] = simulation.peers as [SimulatedPeer, SimulatedPeer];
  simulation.network.cut(author.id, other.id);
  for (let index = 0; index < 8; index++) author.events.send(`event ${index}`, bytes(`${index}`));
  // None of them is still being spread: what mends comes together.
  await simulation.runFor(3_000);
  simulation.network.healAll();
  await simulation.until(() => other.events.all().length === 8, 60_000, "the other is told");
  expect(told(simulation, other.id)).toEqual(author.events.all().map(({ name }) => name));
  expect(author.events.all().toSorted(compareUserEvents)).toEqual(author.events.all());
  expect(other.events.all()[3]).toMatchObject({ author: author.id, payload: bytes("3"), sequence: 3 });
});

test("who joins late, starts again or was cut off is told what is recent, once a life", async () => {
  const simulation = new Simulation({ seed: 64, peerCount: 12 });
  const [late, restarted, apart, ...others] = simulation.peers.toReversed() as [
    SimulatedPeer,
    SimulatedPeer,
    SimulatedPeer,
    ...SimulatedPeer[],
  ];
  await simulation.start(simulation.peers.slice(0, -1));
  for (const { id } of simulation.peers) if (id !== apart.id) simulation.network.cut(apart.id, id);
  others[0]!.events.send("recent", bytes("1"));
  await simulation.runFor(30_000);
  expect(told(simulation, restarted.id)).toEqual(["recent"]);
  expect(told(simulation, apart.id)).toEqual([]);
  simulation.network.healAll();
  restarted.crash();
  await simulation.restart(restarted);
  await late.start();
  await simulation.until(() => late.events.all().length === 1, 2_000, "the newcomer asks, and is told");
  await simulation.until(
    () => [late, restarted, apart].every((peer) => peer.events.all().length === 1),
    30_000,
    "they are told",
  );
  // What a newcomer sends is later than all that it was told.
  expect(late.events.send("reply", bytes("")).time).toBe(2);
  await simulation.runFor(2 * MINUTE_MS);
  expect(told(simulation, late.id)).toEqual(["recent", "reply"]);
  expect(told(simulation, apart.id)).toEqual(["recent", "reply"]);
  expect(told(simulation, restarted.id)).toEqual(["recent", "recent", "reply"]);
});

test("without events nothing is said of them, and some minutes after one nothing again", async () => {
  const simulation = await network(65, 6);
  await simulation.runFor(MINUTE_MS);
  expect(eventMessages(simulation)).toBe(0);
  simulation.peers[0]!.events.send("deploy", bytes("v2"));
  await simulation.runFor(11 * MINUTE_MS);
  const afterwards = eventMessages(simulation);
  expect(afterwards).toBeGreaterThan(0);
  await simulation.runFor(20 * MINUTE_MS);
  expect(eventMessages(simulation)).toBe(afterwards);
  expect(simulation.peers.every((peer) => peer.events.all().length === 1)).toBe(true);
});

test("what a peer says last, before it leaves, is heard by all", async () => {
  const simulation = await network(66, 20);
  const leaver = simulation.peers[7]!;
  leaver.events.send("bye", bytes(""));
  leaver.leave();
  const others = simulation.peers.filter((peer) => peer !== leaver);
  await simulation.until(
    () => others.every((peer) => peer.events.all().length === 1),
    30_000,
    "all others are told",
  );
});

test("a peer sends no more than ten at once and one a second, and nothing that is too large or has no name", async () => {
  const simulation = await network(67, 3);
  const [{ events }] = simulation.peers as [SimulatedPeer];
  const attempt = () => events.send("event", bytes(""));
  for (let index = 0; index < 10; index++) attempt();
  expect(attempt).toThrow(expect.objectContaining({ code: "RATE_LIMITED" }));
  await simulation.runFor(1_000);
  attempt();
  expect(attempt).toThrow(expect.objectContaining({ code: "RATE_LIMITED" }));
  await simulation.runFor(MINUTE_MS);
  const invalid = expect.objectContaining({ code: "INVALID_EVENT" });
  for (const name of ["", "x".repeat(129), "é".repeat(65), "a\nb"])
    expect(() => events.send(name, bytes("")), name).toThrow(invalid);
  expect(() => events.send("event", new Uint8Array(513))).toThrow(invalid);
  events.send("é".repeat(64), new Uint8Array(512));
  await simulation.runFor(MINUTE_MS);
  expect(simulation.peers[2]!.events.all()).toHaveLength(12);
});
