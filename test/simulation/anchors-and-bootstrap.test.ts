import { expect, test } from "vitest";
import type { GossipOptions } from "../../gossip/options.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { Consortium, type ConsortiumPeerSpec } from "../simulator/consortium.ts";
import { internalsTold } from "../simulator/told.ts";

/** Nobody compares views of itself: who is asked for members is asked for another reason. */
const NO_SYNC = { roundIntervalMs: 1_000_000_000 };

function requests(consortium: Consortium, from: string, to: string) {
  return consortium.saidBy(from, to).filter(({ kind }) => kind === "membership-request");
}

function seedFailures(consortium: Consortium, at: string): readonly string[] {
  const failures = consortium.events.flatMap(({ peer, event }) =>
    peer === at && event.kind === "seed-failed" ? [`${event.seed}: ${event.code}`] : [],
  );
  return [...new Set(failures)];
}

/** a1's bootstrap peers are one of its own organisation and one of another. */
async function withForeignBootstrap(a1: ConsortiumPeerSpec) {
  const consortium = await Consortium.create({
    seed: 3,
    organisations: { A: { a0: {}, a1: { ...a1, bootstrap: ["b0", "a0"] } }, B: { b0: { bootstrap: [] } } },
    channels: { trade: { A: [], B: [] } },
    options: NO_SYNC,
  });
  await consortium.start(["a0", "b0", "a1"]);
  await consortium.runFor(10_000);
  return consortium;
}

test("a bootstrap peer of another organisation is met and asked nothing; the one of our own is asked", async () => {
  const consortium = await withForeignBootstrap({});
  expect(seedFailures(consortium, "a1")).toEqual(["b0: UNKNOWN_ORGANISATION"]);
  expect(consortium.saidBy("a1", "b0").map(({ kind }) => kind)).not.toContain("membership-request");
  expect(consortium.saidBy("a1", "b0").flatMap(internalsTold)).toEqual([]);
  expect(requests(consortium, "a1", "a0").length).toBeGreaterThan(0);
  expect(consortium.peer("a1").knows("a0")).toBe(true);
});

test("a peer that is not to be seen outside says nothing at all to a bootstrap peer of another organisation", async () => {
  const consortium = await withForeignBootstrap({ external: [] });
  expect(seedFailures(consortium, "a1")).toEqual(["b0: HIDDEN"]);
  expect(consortium.saidBy("a1", "b0")).toEqual([]);
  expect(consortium.saidBy("b0", "a1")).toEqual([]);
  expect(requests(consortium, "a1", "a0").length).toBeGreaterThan(0);
  expect(consortium.peer("b0").membership.all()).toEqual([]);
});

test("internal endpoints are in the request to our own anchor peer, and not in that to another organisation's", async () => {
  const consortium = await Consortium.create({
    seed: 3,
    organisations: {
      A: { a0: {}, a1: { bootstrap: [], internal: ["/simulated/inside/a1"] } },
      B: { b0: {} },
    },
    channels: { trade: { A: ["a0"], B: ["b0"] } },
    options: NO_SYNC,
  });
  await consortium.start(["a0", "b0", "a1"]);
  await consortium.untilAcquainted(["a0", "a1", "b0"]);
  expect(requests(consortium, "a1", "a0").flatMap(internalsTold)).toContain("/simulated/inside/a1");
  expect(requests(consortium, "a1", "b0")).not.toEqual([]);
  expect(consortium.saidBy("a1", "b0").flatMap(internalsTold)).toEqual([]);
});

/** B knows A by one anchor peer only, at the address of a0; nobody of A knows where B is. */
async function withAnchorOfA(options: Partial<GossipOptions>) {
  const consortium = await Consortium.create({
    seed: 5,
    organisations: {
      A: { a0: { bootstrap: [] }, a9: { bootstrap: [] } },
      B: { b0: {} },
      C: { c0: {} },
    },
    channels: { trade: { A: ["a0"], B: [] }, other: { B: [], C: [] } },
    options: { ...options, forgetIntervals: 20 },
  });
  await consortium.start(["a0", "b0"]);
  await consortium.untilAcquainted(["a0", "b0"]);
  consortium.peer("a0").crash();
  return consortium;
}

test("where another peer of the same organisation answers at an anchor's address, it takes the old one's place", async () => {
  const consortium = await withAnchorOfA({});
  consortium.network.listen("/simulated/a0", "a9" as PeerId);
  await consortium.start(["a9"]);
  await consortium.until(() => !consortium.peer("b0").knows("a0"), 27_500, "the old one is dead");
  await consortium.untilAcquainted(["a9", "b0"]);
  expect(requests(consortium, "b0", "a9").length).toBeGreaterThan(0);
  expect(seedFailures(consortium, "b0").filter((failure) => !failure.endsWith("UNREACHABLE"))).toEqual([]);
  await consortium.runFor(300_000);
  expect(consortium.peer("b0").known()).toEqual(["a9"]);
  // No anchor any more: it may be forgotten.
  expect(consortium.peer("b0").membership.get("a0" as PeerId)).toBeUndefined();
});

test("where a peer of another organisation answers at an anchor's address, it is asked nothing", async () => {
  const consortium = await withAnchorOfA(NO_SYNC);
  consortium.peer("b0").crash();
  consortium.network.listen("/simulated/a0", "c0" as PeerId);
  await consortium.start(["c0", "b0"]);
  await consortium.until(
    () => seedFailures(consortium, "b0").includes("AMSP /simulated/a0: UNKNOWN_ORGANISATION"),
    60_000,
    "the wrong one is met",
  );
  await consortium.runFor(5_000);
  expect(requests(consortium, "b0", "c0")).toEqual([]);
  // When it is where it was, it is found again.
  consortium.peer("b0").crash();
  consortium.network.listen("/simulated/a0", "a0" as PeerId);
  await consortium.start(["a0", "b0"]);
  await consortium.untilAcquainted(["a0", "b0"]);
});

test("an anchor peer that is our own organisation's by its name only is asked nothing either", async () => {
  const consortium = await Consortium.create({
    seed: 5,
    organisations: { A: { a0: {}, a1: { bootstrap: [] } }, B: { b0: { bootstrap: [] } } },
    channels: { trade: { A: ["a0"], B: [] } },
    options: NO_SYNC,
  });
  consortium.network.listen("/simulated/a0", "b0" as PeerId);
  await consortium.start(["b0", "a1"]);
  await consortium.runFor(10_000);
  expect(seedFailures(consortium, "a1")).toEqual(["AMSP /simulated/a0: UNKNOWN_ORGANISATION"]);
  expect(requests(consortium, "a1", "b0")).toEqual([]);
});

test("peers whose anchors are all down find each other when one of those comes", async () => {
  const members = (letter: string) =>
    Object.fromEntries(Array.from({ length: 4 }, (_, index) => [`${letter}${index}`, { bootstrap: [] }]));
  const consortium = await Consortium.create({
    seed: 9,
    organisations: { A: members("a"), B: members("b") },
    channels: { trade: { A: ["a0", "a1"], B: ["b0"] } },
  });
  const others = ["a2", "a3", "b1", "b2", "b3"];
  await consortium.start(others);
  await consortium.runFor(30_000);
  for (const id of others) expect(consortium.peer(id).known()).toEqual([]);
  await consortium.start(["b0"]);
  await consortium.untilAcquainted([...others, "b0"], 15_000);
});

test("a request in another's name is not answered, neither to who sent it nor to whom it names", async () => {
  const consortium = await Consortium.create({
    seed: 13,
    organisations: { A: { a1: {}, a2: {}, a3: {} } },
    channels: { trade: { A: ["a1"] } },
    options: { ...NO_SYNC, aliveIntervalMs: 60_000, probeIntervalMs: 1_000_000, antiEntropy: false },
  });
  await consortium.start();
  await consortium.untilAcquainted(["a1", "a2", "a3"]);
  await consortium.runFor(10_000);
  const self = consortium.peer("a3").membership.own.latest();
  const request = { kind: "membership-request", self, viewHash: new Uint8Array(8) } as const;
  consortium.said.length = 0;
  consortium.peer("a2").transport.send("a1" as PeerId, request);
  await consortium.runFor(2_000);
  expect(consortium.said.filter(({ from }) => from === "a1")).toEqual([]);
  expect(consortium.network.refused).toEqual({ IMPERSONATION: 1 });
  expect(consortium.peer("a1").gossip.misconduct("a2" as PeerId)).toMatchObject({ code: "IMPERSONATION" });
  expect(consortium.peer("a1").gossip.misconduct("a3" as PeerId)).toBeUndefined();
  consortium.peer("a3").transport.send("a1" as PeerId, request);
  await consortium.runFor(2_000);
  expect(consortium.saidBy("a1", "a3").map(({ kind }) => kind)).toEqual(["membership-response"]);
});
