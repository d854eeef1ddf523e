import { expect, test } from "vitest";
import { Consortium, type ConsortiumPeerSpec, type ConsortiumSpec } from "../simulator/consortium.ts";
import { internalsTold, organisationOf, peersTold, saidAcross } from "../simulator/told.ts";

/** Peers that can be seen from outside, each reached within its organisation at another address, and hidden ones. */
function peers(letter: string, external: number, hidden: number): Record<string, ConsortiumPeerSpec> {
  return Object.fromEntries(
    Array.from({ length: external + hidden }, (_, index) => {
      const id = `${letter}${index}`;
      const internal = [`/simulated/inside/${id}`];
      return [id, index < external ? { internal } : { internal, external: [] }];
    }),
  );
}

/** Where each is reached from inside and from outside. */
async function started(spec: ConsortiumSpec): Promise<Consortium> {
  const consortium = await Consortium.create(spec);
  for (const { id } of consortium.peers()) consortium.network.listen(`/simulated/inside/${id}`, id);
  await consortium.start();
  return consortium;
}

function ids(consortium: Consortium, ...letters: readonly string[]): string[] {
  return consortium
    .peers()
    .map(({ id }) => id as string)
    .filter((id) => letters.includes(organisationOf(id)));
}

/** Who knows whom: for each peer all that it has ever heard of. */
function everHeardOf(consortium: Consortium, id: string): string[] {
  const heard = consortium.events.flatMap(({ peer, event }) =>
    peer === id && event.kind === "member" ? [event.peer as string] : [],
  );
  return [...new Set(heard)].sort();
}

const TWO: ConsortiumSpec = {
  seed: 7,
  organisations: { A: peers("a", 2, 3), B: peers("b", 2, 3) },
  channels: { trade: { A: ["a0"], B: ["b0"] } },
};

test("of another organisation only those are known that have an external endpoint, and only by those", async () => {
  const consortium = await started(TWO);
  await consortium.untilAcquainted(ids(consortium, "A"));
  await consortium.untilAcquainted(ids(consortium, "B"));
  await consortium.untilAcquainted(["a0", "a1", "b0", "b1"]);
  await consortium.runFor(60_000);
  for (const id of ids(consortium, "A", "B")) {
    const own = ids(consortium, organisationOf(id)).filter((other) => other !== id);
    const others = /[01]/.test(id) ? (id.startsWith("a") ? ["b0", "b1"] : ["a0", "a1"]) : [];
    expect(consortium.peer(id).known(), id).toEqual([...own, ...others].sort());
    expect(everHeardOf(consortium, id), id).toEqual([...own, ...others].sort());
  }
  expect(consortium.network.refused).toEqual({});
});

test("no internal endpoint and no hidden peer is ever told outside its organisation, whatever is carried", async () => {
  const consortium = await started(TWO);
  await consortium.untilAcquainted(["a0", "a1", "b0", "b1"]);
  await consortium.untilAcquainted(ids(consortium, "A"));
  // Handed in where nobody outside sees the peer, small and in chunks.
  for (const [count, bytes] of [1_000, 100_000, 1_000_000].entries()) {
    await consortium.publishNext("trade", "a3", bytes);
    const holdIt = () => consortium.peers().every((peer) => peer.height("trade") === count + 2);
    await consortium.until(holdIt, 30_000, "all hold it");
  }
  await consortium.peer("a4").leave();
  await consortium.runFor(60_000);
  const isHidden = (peer: string) => /[234]/.test(peer);
  expect(saidAcross(consortium, ({ message }) => peersTold(message).some(isHidden))).toEqual([]);
  expect(saidAcross(consortium, ({ message }) => internalsTold(message).length > 0)).toEqual([]);
  expect(saidAcross(consortium, ({ from, to }) => isHidden(from) || isHidden(to))).toEqual([]);
  // Nor is a hidden peer told of anybody outside.
  const toHidden = consortium.said.filter(({ to, message }) => isHidden(to) && message.kind !== "cut");
  const ofOthers = toHidden.filter(({ to, message }) =>
    peersTold(message).some((peer) => organisationOf(peer) !== organisationOf(to)),
  );
  expect(ofOthers.map(({ from, to, message }) => `${from} → ${to}: ${message.kind}`)).toEqual([]);
  // While internal endpoints are told inside.
  const inside = new Set(consortium.said.flatMap(({ message }) => internalsTold(message)));
  expect([...inside].sort()).toEqual(ids(consortium, "A", "B").map((id) => `/simulated/inside/${id}`));
  expect(consortium.network.refused).toEqual({});
});

test("a peer without an external endpoint goes to no foreign anchor, and turns away who comes from there", async () => {
  const consortium = await started({
    ...TWO,
    channels: { trade: { A: ["a0"], B: ["b0"] } },
    organisations: { A: peers("a", 0, 2), B: peers("b", 1, 0) },
  });
  await consortium.runFor(30_000);
  expect(consortium.peer("a0").known()).toEqual(["a1"]);
  expect(consortium.peer("b0").known()).toEqual([]);
  expect(saidAcross(consortium, () => true)).toEqual([]);
  expect(consortium.network.refused["HIDDEN"]).toBeGreaterThan(0);
  const triedByA = consortium.events.filter(
    ({ peer, event }) => peer !== "b0" && event.kind === "seed-failed",
  );
  expect(triedByA).toEqual([]);
});

const FOUR: ConsortiumSpec = {
  seed: 11,
  organisations: { A: peers("a", 2, 1), B: peers("b", 2, 1), C: peers("c", 2, 1), D: peers("d", 2, 1) },
  channels: {
    ab: { A: ["a0"], B: ["b0"] },
    ac: { A: ["a0"], C: ["c0"] },
    bc: { B: ["b0"], C: ["c0"] },
    bd: { B: ["b0"], D: ["d0"] },
  },
};

test("no organisation tells a second about a third: who shares no channel does not hear of each other", async () => {
  const consortium = await started(FOUR);
  const seen = (letter: string) => ids(consortium, letter).filter((id) => /[01]/.test(id));
  for (const [x, y] of ["AB", "AC", "BC", "BD"].map((name) => [...name]))
    await consortium.untilAcquainted([...seen(x!), ...seen(y!)]);
  for (const [channel, at] of Object.entries({ ab: "a2", ac: "c0", bc: "b1", bd: "d2" })) {
    await consortium.publishNext(channel, at, 400_000);
    const holders = ids(consortium, ...[...channel].map((letter) => letter.toUpperCase()));
    const holdIt = () => holders.every((id) => consortium.peer(id).height(channel) === 2);
    await consortium.until(holdIt, 30_000, `all of ${channel} hold it`);
  }
  await consortium.runFor(60_000);
  const isOfThird = (from: string, to: string) => (peer: string) =>
    ![from, to].map(organisationOf).includes(organisationOf(peer));
  expect(
    saidAcross(consortium, ({ from, to, message }) => peersTold(message).some(isOfThird(from, to))),
  ).toEqual([]);
  const neighbours: Record<string, readonly string[]> = {
    A: ["A", "B", "C"],
    B: ["A", "B", "C", "D"],
    C: ["A", "B", "C"],
    D: ["B", "D"],
  };
  for (const { id } of consortium.peers()) {
    const heardOf = new Set([id, ...everHeardOf(consortium, id)].map(organisationOf));
    const expected = /[01]/.test(id) ? neighbours[organisationOf(id)]! : [organisationOf(id)];
    expect([...heardOf].sort(), id).toEqual(expected);
  }
  expect(consortium.network.refused).toEqual({});
});

test("two peers of one view say no more than a hash to each other, of whatever organisations they are", async () => {
  const consortium = await started(TWO);
  for (const letter of ["A", "B"]) await consortium.untilAcquainted(ids(consortium, letter));
  await consortium.untilAcquainted(["a0", "a1", "b0", "b1"]);
  await consortium.runFor(20_000);
  const settled = consortium.said.length;
  await consortium.runFor(120_000);
  const since = consortium.said.slice(settled);
  const asked = since.filter(({ message }) => message.kind === "membership-request");
  expect(asked.some(({ from, to }) => organisationOf(from) !== organisationOf(to))).toBe(true);
  const answers = since.flatMap(({ message }) =>
    message.kind === "membership-response" ? [message.members.length] : [],
  );
  expect(new Set(answers)).toEqual(new Set([1]));
});
