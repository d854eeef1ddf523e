import { expect, test } from "vitest";
import { EVENTS_HELD_MAX } from "../../gossip/user-events/event-buffer.ts";
import { CLOCK_STEP_MAX } from "../../gossip/user-events/lamport-clock.ts";
import type { SignedStatement } from "../../gossip/wire/messages.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { signStatement, type UserEventStatement } from "../../gossip/wire/statements.ts";
import { Liar } from "../simulator/liar.ts";
import { SimulatedKeyring } from "../../node/testing/simulator/simulated-keyring.ts";
import { Simulation } from "../../node/testing/simulator/simulation.ts";
import type { SimulatedPeer } from "../../node/testing/simulator/simulated-peer.ts";

const NOTHING = new Uint8Array(0);

/** A network with one liar in it, whom all know in the same life. */
async function withLiar(seed: number, peerCount = 6) {
  const simulation = new Simulation({ seed, peerCount });
  await simulation.start();
  const liar = new Liar(simulation);
  await liar.join();
  const [first] = simulation.peers as [SimulatedPeer];
  const incarnation = Math.floor(simulation.clock.now()) + 1_000;
  /** Or it would be taken for dead, and what it says not be heard. */
  const live = () => liar.tellAll({ kind: "alive", members: [liar.state({ incarnation })] });
  live();
  await simulation.runFor(5_000);
  const statement = (changes: Partial<UserEventStatement> = {}): UserEventStatement => ({
    kind: "user-event",
    peer: liar.id,
    incarnation,
    sequence: 0,
    time: 1,
    name: "lie",
    payload: NOTHING,
    ...changes,
  });
  const tellAll = (...events: readonly SignedStatement[]) =>
    liar.tellAll({ kind: "user-events", events: events.map((event) => ({ event, ageSeconds: 0 })) });
  return { simulation, liar, first, statement, tellAll, live };
}

function held(simulation: Simulation): readonly number[] {
  return simulation.peers.map((peer) => peer.events.all().length);
}

test("an event that its author did not sign is refused, and whoever passed it on is a liar", async () => {
  const { simulation, liar, first, statement, tellAll } = await withLiar(71);
  const { incarnation } = simulation.peers[1]!.membership.get(first.id)!.statement;
  const forged = statement({ peer: first.id, incarnation, sequence: 4 });
  tellAll(liar.sign(forged));
  await simulation.runFor(1_000);
  expect(simulation.network.refused).toEqual({ BAD_SIGNATURE: 5 });
  expect(held(simulation)).toEqual([0, 0, 0, 0, 0, 0]);
  // To its own author it is nothing at all.
  expect(first.events.dropped.unknown).toBe(1);
});

test("what is larger than any event is malformed, and what comes with it is taken in", async () => {
  const { simulation, liar, statement, tellAll } = await withLiar(72);
  tellAll(
    liar.sign(statement({ sequence: 1, payload: new Uint8Array(513) })),
    liar.sign(statement({ sequence: 2, name: "x".repeat(129) })),
    liar.sign(statement({ sequence: 3, name: "" })),
    liar.sign(statement({ sequence: 4, name: "\u001b[2J" })),
    liar.sign(statement({ sequence: 5, payload: new Uint8Array(512) })),
  );
  await simulation.runFor(1_000);
  expect(simulation.network.refused).toEqual({ MALFORMED_MESSAGE: 6 });
  expect(held(simulation)).toEqual([1, 1, 1, 1, 1, 1]);
});

test("an event of nobody who is known, or of a former life, is not taken in, and nobody is blamed", async () => {
  const { simulation, liar, first, statement, tellAll } = await withLiar(73);
  const nobody = "nobody" as PeerId;
  tellAll(
    signStatement(statement({ peer: nobody }), new SimulatedKeyring(nobody)),
    liar.sign(statement({ incarnation: statement().incarnation - 1 })),
  );
  await simulation.runFor(1_000);
  expect(simulation.network.refused).toEqual({});
  expect(held(simulation)).toEqual([0, 0, 0, 0, 0, 0]);
  expect(first.events.dropped).toEqual({ unknown: 2, old: 0, tooMany: 0, ahead: 0 });
});

test("what is said again is delivered once, even when others have pushed it out of what is remembered", async () => {
  const { simulation, liar, first, statement, tellAll, live } = await withLiar(74, 2);
  const delivered = () => simulation.events.filter(({ event }) => event.kind === "user-event").length;
  const sign = (sequence: number) => liar.sign(statement({ sequence, time: sequence + 1 }));
  const early = [0, 1, 2].map(sign);
  tellAll(...early, ...early);
  tellAll(...early);
  await simulation.runFor(1_000);
  expect(delivered()).toBe(6);
  for (let sequence = 3; sequence < EVENTS_HELD_MAX + 3; sequence++) {
    tellAll(sign(sequence));
    live();
    await simulation.runFor(1_000);
  }
  expect(held(simulation)).toEqual([EVENTS_HELD_MAX, EVENTS_HELD_MAX]);
  const before = delivered();
  tellAll(...early);
  await simulation.runFor(1_000);
  expect(delivered()).toBe(before);
  expect(first.events.dropped.old).toBeGreaterThanOrEqual(3);
});

test("what comes together is delivered in the order of time, then author, whatever order it comes in", async () => {
  const { simulation, liar, statement, tellAll } = await withLiar(78, 2);
  const times = [3, 1, 4, 2, 2];
  tellAll(...times.map((time, sequence) => liar.sign(statement({ time, sequence, name: `${time}` }))));
  await simulation.runFor(300);
  for (const { id } of simulation.peers) {
    const order = simulation.events.flatMap(({ peer, event }) =>
      peer === id && event.kind === "user-event" ? [event.name] : [],
    );
    expect(order).toEqual(["1", "2", "2", "3", "4"]);
  }
});

test("a flood is passed on at the rate that is allowed, and pushes out nobody else's events", async () => {
  const { simulation, liar, first, statement, tellAll, live } = await withLiar(75);
  const [honest] = simulation.peers.slice(2) as [SimulatedPeer];
  honest.events.send("honest", NOTHING);
  await simulation.runFor(5_000);
  const startMs = simulation.elapsedMs;
  for (let round = 0; round < 60; round++) {
    const sequences = Array.from({ length: 40 }, (_, index) => 40 * round + index);
    tellAll(...sequences.map((sequence) => liar.sign(statement({ sequence, time: 1_000 + sequence }))));
    live();
    await simulation.runFor(1_000);
  }
  const seconds = (simulation.elapsedMs - startMs) / 1_000;
  for (const peer of simulation.peers) {
    const names = peer.events.all().map(({ name }) => name);
    expect(names.filter((name) => name === "lie").length).toBeLessThanOrEqual(20 + seconds + 1);
    expect(names).toContain("honest");
  }
  expect(first.events.dropped.tooMany).toBeGreaterThan(2_000);
  // The rest can still be heard.
  honest.events.send("after", NOTHING);
  await simulation.runFor(10_000);
  for (const peer of simulation.peers) expect(peer.events.all().map(({ name }) => name)).toContain("after");
});

test("one event puts the clock forward by a step at most, and one that is within the next step is believed", async () => {
  const { simulation, liar, first, statement, tellAll } = await withLiar(76);
  const far = liar.sign(statement({ sequence: 1, time: 2 * CLOCK_STEP_MAX }));
  tellAll(far);
  await simulation.runFor(1_000);
  expect(held(simulation)).toEqual([0, 0, 0, 0, 0, 0]);
  expect(first.events.dropped.ahead).toBeGreaterThan(0);
  expect(first.events.time).toBe(CLOCK_STEP_MAX);
  tellAll(far);
  tellAll(liar.sign(statement({ sequence: 2, time: Number.MAX_SAFE_INTEGER })));
  await simulation.runFor(1_000);
  expect(held(simulation)).toEqual([1, 1, 1, 1, 1, 1]);
  expect(first.events.time).toBe(3 * CLOCK_STEP_MAX);
  expect(simulation.network.refused).toEqual({});
});

test("who asks again and again what is held is answered now and then", async () => {
  const { simulation, liar, first } = await withLiar(77);
  first.events.send("event", NOTHING);
  await simulation.runFor(5_000);
  liar.heard.length = 0;
  const hash = new Uint8Array(8);
  for (let index = 0; index < 500; index++)
    liar.transport.send(first.id, { kind: "event-sync", hash, held: { ids: [], asksBack: true } });
  await simulation.runFor(1_000);
  const answers = liar.heard.filter(
    ({ from, message }) => from === first.id && message.kind === "user-events",
  );
  expect(answers.length).toBeGreaterThan(0);
  expect(answers.length).toBeLessThan(15);
});
