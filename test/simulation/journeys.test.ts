import { expect, test } from "vitest";
import type { BlockHash } from "../../chain/block.ts";
import { ARRIVALS_MAX, type Arrival } from "../../gossip/journeys/arrival.ts";
import type { Journeys } from "../../gossip/journeys/journeys.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { Consortium } from "../simulator/consortium.ts";
import { Liar } from "../simulator/liar.ts";
import { Simulation } from "../../node/testing/simulator/simulation.ts";
import { organisationOf, saidAcross, peersTold } from "../simulator/told.ts";

/** What a liar says of a block. */
function lie(number: number): Arrival {
  const times = { receivedUs: 1, verifiedUs: 2, committedUs: 3 };
  return { number, hash: "ab".repeat(32) as BlockHash, from: undefined, origin: "push", ...times };
}

/** Asks, and waits for the answers. */
async function survey(world: Simulation | Consortium, journeys: Journeys, first: number): Promise<void> {
  let isOver = false;
  void journeys.ask(first).then(() => (isOver = true));
  await world.until(() => isOver, 1_001, "a survey ends within a second");
}

test.each([
  ["small", 2_000, ["push"]],
  ["large", 400_000, ["chunks"]],
])("one peer tells how a %s block came to all, each from one that had it before", async (_, bytes, ways) => {
  const simulation = new Simulation({ seed: 7, peerCount: 10 });
  await simulation.start();
  const [first, asked] = simulation.peers;
  const block = await simulation.publishNext(bytes, first);
  await simulation.untilHeight(2, 10_000);
  const { journeys } = asked!.gossip;
  await survey(simulation, journeys, 1);
  const arrivals = new Map<PeerId, Arrival>(
    simulation.peers.flatMap(({ id }) =>
      (id === asked!.id ? journeys.own(1) : journeys.told(id, 1)).map((arrival) => [id, arrival] as const),
    ),
  );
  expect(arrivals.size).toBe(10);
  for (const [peer, { number, hash, from, origin, receivedUs, verifiedUs, committedUs }] of arrivals) {
    expect([number, hash]).toEqual([1, block.hash]);
    expect(verifiedUs).toBeGreaterThanOrEqual(receivedUs);
    expect(committedUs).toBeGreaterThan(verifiedUs);
    if (peer === first!.id) {
      expect([origin, from]).toEqual(["publish", undefined]);
      continue;
    }
    expect(ways).toContain(origin);
    // Of a large block's chunks any relay may bring the last, and needs the block no more than others.
    if (origin === "push") expect(arrivals.get(from!)!.verifiedUs).toBeLessThan(receivedUs);
    // From the first word of its chunks on, not from the last chunk.
    else expect(receivedUs).toBeLessThan(verifiedUs);
  }
});

test("what is known is not asked again, and nobody is asked while nobody looks", async () => {
  const simulation = new Simulation({ seed: 8, peerCount: 10 });
  await simulation.start();
  await simulation.publishNext();
  await simulation.untilHeight(2, 10_000);
  const { journeys } = simulation.peers[3]!.gossip;
  await survey(simulation, journeys, 1);
  await simulation.runFor(2_000);
  await survey(simulation, journeys, 1);
  expect(simulation.network.traffic.count("journey-question")).toBe(9);
  await simulation.publishNext();
  await simulation.untilHeight(3, 10_000);
  expect(simulation.network.traffic.count("journey-question")).toBe(9);
  await survey(simulation, journeys, 1);
  expect(simulation.network.traffic.count("journey-question")).toBe(18);
  expect(journeys.told(simulation.peers[5]!.id, 1).map(({ number }) => number)).toEqual([1, 2]);
});

test("a liar's words take no more room than others', and one that asks without end is given no answers", async () => {
  const simulation = new Simulation({ seed: 9, peerCount: 3 });
  await simulation.start();
  const liar = new Liar(simulation);
  await liar.join();
  await simulation.publishNext();
  await simulation.untilHeight(2, 10_000);
  const [peer] = simulation.peers;
  const { journeys } = peer!.gossip;
  const { channel } = liar;
  const arrivals = Array.from({ length: ARRIVALS_MAX }, (_, index) => lie(index * 1_000));
  liar.onMessage = (from, { kind }) => {
    if (kind !== "journey-question") return;
    for (let count = 0; count < 100; count++)
      liar.transport.send(from, { kind: "journey-answer", channel, arrivals });
  };
  for (let round = 0; round < 5; round++) {
    await survey(simulation, journeys, round % 2);
    await simulation.runFor(1_000);
  }
  expect(journeys.told(liar.id, 0).map(({ number }) => number)).toEqual([0]);
  for (let count = 0; count < 100; count++)
    liar.transport.send(peer!.id, { kind: "journey-question", channel, first: 0 });
  const before = liar.heard.length;
  await simulation.runFor(1_000);
  const answers = liar.heard.slice(before).filter(({ message }) => message.kind === "journey-answer");
  expect(answers.length).toBeLessThanOrEqual(11);
  expect(answers.length).toBeGreaterThan(0);
});

test("the last blocks alone are remembered", async () => {
  const simulation = new Simulation({ seed: 10, peerCount: 2 });
  await simulation.start();
  for (let count = 0; count < ARRIVALS_MAX + 6; count++) await simulation.publishNext(100);
  await simulation.untilHeight(ARRIVALS_MAX + 7, 10_000);
  const numbers = simulation.peers[1]!.gossip.journeys.own(0).map(({ number }) => number);
  expect(numbers).toEqual(Array.from({ length: ARRIVALS_MAX }, (_, index) => index + 7));
});

test("no organisation is told of another's hidden peers, nor of a third's, and who may not read asks in vain", async () => {
  const made = await Consortium.create({
    seed: 96,
    organisations: {
      A: { a0: {}, a1: { external: [] }, a2: { external: [] } },
      B: { b0: {} },
      C: { c0: {} },
    },
    channels: { trade: { A: ["a0"], B: ["b0"], C: ["c0"] } },
  });
  await made.start();
  await made.untilAcquainted(["a0", "b0", "c0"]);
  await made.untilAcquainted(["a0", "a1", "a2"]);
  for (const at of ["a1", "b0", "c0", "a2"]) {
    await made.publishNext("trade", at);
    await made.runFor(10_000);
  }
  const ids = made.peers().map(({ id }) => id);
  for (const id of ids) await survey(made, made.peer(id).channel("trade").journeys, 1);
  const ofHidden = made
    .peer("b0")
    .channel("trade")
    .journeys.told("a0" as PeerId, 1);
  expect(ofHidden.map(({ number, from }) => [number, from])).toEqual([
    [1, undefined],
    [2, "b0"],
    [3, undefined],
    [4, undefined],
  ]);
  const ofOwn = made
    .peer("a2")
    .channel("trade")
    .journeys.told("a0" as PeerId, 1);
  expect(ofOwn[0]!.from).toBe("a1");
  const strange = saidAcross(made, ({ from, to, message }) => {
    if (message.kind !== "journey-answer") return false;
    const allowed = [organisationOf(from), organisationOf(to)];
    return peersTold(message).some(
      (peer) => ["a1", "a2"].includes(peer) || !allowed.includes(organisationOf(peer)),
    );
  });
  expect(strange).toEqual([]);
  expect(made.noted()).toEqual({});
  expect(made.network.refused).toEqual({});

  await made.reconfigure(made.organisationsWith("trade", "C", undefined), "a0");
  await made.runFor(5_000);
  const said = made.said.length;
  made.peer("c0").transport.send("a0" as PeerId, {
    kind: "journey-question",
    channel: made.peer("c0").channel("trade").id,
    first: 0,
  });
  await made.runFor(5_000);
  const told = made.said.slice(said).filter(({ message }) => message.kind === "journey-answer");
  expect(told).toEqual([]);
});
