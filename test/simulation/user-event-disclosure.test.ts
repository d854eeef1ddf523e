import { expect, test } from "vitest";
import { Consortium } from "../simulator/consortium.ts";
import { organisationOf, peersTold, saidAcross } from "../simulator/told.ts";

const HIDDEN = { external: [] };
const NOTHING = new Uint8Array(0);

/** Three organisations: A and C share no channel with each other. */
async function consortium(seed: number): Promise<Consortium> {
  const made = await Consortium.create({
    seed,
    organisations: {
      A: { a0: {}, a1: {}, a2: HIDDEN, a3: HIDDEN },
      B: { b0: {}, b1: {}, b2: HIDDEN },
      C: { c0: {}, c1: {} },
    },
    channels: { trade: { A: ["a0"], B: ["b0"] }, other: { B: ["b1"], C: ["c0"] } },
  });
  await made.start();
  await made.untilAcquainted(["a0", "a1", "b0", "b1"]);
  await made.untilAcquainted(["b0", "b1", "c0", "c1"]);
  for (const organisation of ["a", "b", "c"]) await made.untilAcquainted(idsOf(made, organisation));
  return made;
}

function idsOf(made: Consortium, letter: string): readonly string[] {
  return made.peers().flatMap(({ id }) => (id.startsWith(letter) ? [id as string] : []));
}

/** Who was told of an event, and how often. */
function hearers(made: Consortium, name: string): readonly string[] {
  return made.events
    .flatMap(({ peer, event }) =>
      event.kind === "user-event" && event.name === name ? [peer as string] : [],
    )
    .toSorted();
}

test.each([
  ["a0", ["a0", "a1", "a2", "a3", "b0", "b1"]],
  ["a2", ["a0", "a1", "a2", "a3"]],
  ["b1", ["a0", "a1", "b0", "b1", "b2", "c0", "c1"]],
  ["b2", ["b0", "b1", "b2"]],
])("an event of %s is told to all who may know of it, and to nobody else", async (author, expected) => {
  const made = await consortium(81);
  made.peer(author).gossip.events.send("hello", NOTHING);
  await made.until(() => hearers(made, "hello").length >= expected.length, 30_000, "they are told");
  await made.runFor(60_000);
  expect(hearers(made, "hello")).toEqual(expected);
  expect(made.noted()).toEqual({});
  expect(made.network.refused).toEqual({});
});

test("no message tells another organisation of a hidden peer's events, a hidden peer of others', or a third of a second's", async () => {
  const made = await consortium(82);
  for (const { id } of made.peers()) made.peer(id).gossip.events.send(`of ${id}`, NOTHING);
  await made.runFor(120_000);
  const isHidden = (peer: string) => ["a2", "a3", "b2"].includes(peer);
  const events = made.said.filter(({ message }) => message.kind === "user-events");
  expect(events.length).toBeGreaterThan(20);
  const across = saidAcross(
    made,
    ({ message }) => message.kind === "user-events" && peersTold(message).some(isHidden),
  );
  expect(across).toEqual([]);
  const toHidden = events.filter(({ to, message }) =>
    peersTold(message).some((author) => isHidden(to) && organisationOf(author) !== organisationOf(to)),
  );
  expect(toHidden).toEqual([]);
  const ofThird = events.filter(({ from, to, message }) =>
    peersTold(message).some(
      (author) =>
        organisationOf(from) !== organisationOf(to) &&
        ![organisationOf(from), organisationOf(to)].includes(organisationOf(author)),
    ),
  );
  expect(ofThird).toEqual([]);
  // Their hashes agree where each holds what it may: nothing is compared item by item any more.
  const said = made.said.length;
  await made.runFor(60_000);
  const lists = made.said.slice(said).filter(({ message }) => message.kind === "event-sync" && message.held);
  expect(lists).toEqual([]);
});

test("of a peer that is shown out nothing is heard any more, and what it said is not passed on", async () => {
  const made = await consortium(83);
  made.peer("b1").gossip.events.send("before", NOTHING);
  await made.runFor(10_000);
  expect(hearers(made, "before")).toContain("a1");
  await made.reconfigure(made.organisationsWith("trade", "B", undefined), "a0");
  await made.runFor(5_000);
  const said = made.said.length;
  made.peer("b1").gossip.events.send("after", NOTHING);
  await made.runFor(1_000);
  const sent = made.said.slice(said).find(({ message }) => message.kind === "user-events");
  // As one of A would who has heard of it all the same.
  made.peer("a1").transport.send(made.peer("a0").id, sent!.message);
  await made.runFor(1_000);
  made.peer("a1").crash();
  await made.peer("a1").start();
  await made.runFor(60_000);
  expect(hearers(made, "after")).toEqual(["b0", "b1", "b2", "c0", "c1"]);
  expect(hearers(made, "before").filter((id) => id === "a1")).toHaveLength(1);
});
