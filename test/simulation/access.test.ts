import { expect, test } from "vitest";
import type { PeerId } from "../../gossip/ports.ts";
import { digestOf } from "../simulator/lying-answer.ts";
import { Consortium } from "../simulator/consortium.ts";
import { ConsortiumLiar } from "../simulator/consortium-liar.ts";

/** What of the channels' blocks was sent to a peer. */
function blockMessagesTo(consortium: Consortium, id: string) {
  const kinds = new Set(["block", "cut", "chunk", "advert", "state-info", "want"]);
  return consortium.said.filter(({ to, message }) => to === id && kinds.has(message.kind));
}

test("blocks come to those peers of their channel that its Readers policy names, and to no others", async () => {
  const ids = Array.from({ length: 10 }, (_, index) => `a${index}`);
  const peers = Object.fromEntries(
    ids.map((id, index) => [
      id,
      {
        channels: [index % 2 === 0 ? "red" : "blue"],
        bootstrap: ["a0", "a1"],
        // Of the five in each channel, three.
        role: index < 6 ? ("peer" as const) : ("client" as const),
      },
    ]),
  );
  const consortium = await Consortium.create({
    seed: 19,
    organisations: { A: peers },
    channels: { red: { A: [] }, blue: { A: [] } },
    readers: ["peer"],
  });
  await consortium.start();
  await consortium.untilAcquainted(ids.slice(0, 6));
  await consortium.runFor(20_000);
  const from = { red: consortium.ordering("red"), blue: consortium.ordering("blue") };
  for (let count = 0; count < 5; count++) {
    await consortium.publishNext("red", "a0", count === 2 ? 300_000 : 1_000);
    await consortium.publishNext("blue", "a3");
    await consortium.runFor(3_000);
  }
  await consortium.runFor(20_000);
  expect(from.red.tip.number).toBe(5);
  const heights = ids.map((id) => [consortium.peer(id).height("red"), consortium.peer(id).height("blue")]);
  expect(heights.slice(0, 6)).toEqual([0, 1, 2, 3, 4, 5].map((index) => (index % 2 === 0 ? [6, 0] : [0, 6])));
  expect(heights.slice(6)).toEqual([6, 7, 8, 9].map((index) => (index % 2 === 0 ? [1, 0] : [0, 1])));
  for (const id of ids.slice(6)) {
    // They know of each other, and are known: only the channel is closed to them.
    expect(consortium.peer(id).knows("a0")).toBe(true);
    expect(blockMessagesTo(consortium, id).filter(({ from: sender }) => sender < "a6")).toEqual([]);
  }
  expect(consortium.events.filter(({ event }) => event.kind === "misconduct")).toEqual([]);
});

/** Two organisations of three in one channel, all acquainted. */
async function twoOrganisations(seed: number, crossOrgBlocks: boolean) {
  const consortium = await Consortium.create({
    seed,
    organisations: { A: { a0: {}, a1: {}, a2: {} }, B: { b0: {}, b1: {}, b2: {} } },
    channels: { trade: { A: ["a0"], B: ["b0"] } },
    options: { crossOrgBlocks },
  });
  await consortium.start();
  const ids = ["a0", "a1", "a2", "b0", "b1", "b2"];
  await consortium.untilAcquainted(ids);
  return { consortium, ids };
}

test("where blocks may not cross organisations, none does, and the other organisation gets its own way", async () => {
  const { consortium, ids } = await twoOrganisations(20, false);
  const blocks = [];
  for (let count = 0; count < 4; count++) {
    blocks.push(await consortium.publishNext("trade", "a1", count === 1 ? 300_000 : 1_000));
    await consortium.runFor(2_000);
  }
  await consortium.runFor(20_000);
  expect(ids.map((id) => consortium.peer(id).height("trade"))).toEqual([5, 5, 5, 1, 1, 1]);
  const isForeign = ({ from, to }: { readonly from: string; readonly to: string }) => from[0] !== to[0];
  const crossing = new Set(consortium.said.filter(isForeign).map(({ message }) => message.kind));
  expect(
    [...crossing].filter((kind) => !/^(alive|membership-|identit|accusations|p[io]ng)/.test(kind)),
  ).toEqual([]);
  // Nobody has even asked.
  expect(consortium.network.refused).toEqual({});
  for (const block of blocks) {
    await consortium.publish("trade", "b2", block);
    await consortium.runFor(2_000);
  }
  await consortium.runFor(5_000);
  expect(ids.map((id) => consortium.peer(id).height("trade"))).toEqual([5, 5, 5, 5, 5, 5]);
});

test("a foreign peer that asks all the same gets a refusal, and of what it sends nothing is taken in", async () => {
  const { consortium } = await twoOrganisations(21, false);
  const held = await consortium.publishNext("trade", "a1");
  await consortium.runFor(2_000);
  const liar = await ConsortiumLiar.join(consortium, { organisation: "B", channels: ["trade"] });
  const channel = liar.channelId("trade");
  const never = new AbortController().signal;
  const got: Uint8Array[] = [];
  const range = { first: 0, end: 2 };
  const outcomes: unknown[] = [];
  const settled = (outcome: unknown) => void outcomes.push((outcome as { readonly code?: string }).code);
  liar.tell("a0", {
    kind: "syn",
    channel,
    session: 1,
    digest: digestOf({ height: 1, early: [] }),
    end: 9,
    gives: true,
  });
  liar.transport
    .fetchBlocks("a0" as PeerId, { channel, range }, (bytes) => got.push(bytes), never)
    .then(settled, settled);
  liar.tell("a0", { kind: "want", channel, number: held.number, hash: held.hash });
  const next = consortium.ordering("trade").next();
  liar.tell("a0", liar.block("trade", next.bytes));
  await consortium.runFor(5_000);
  expect(outcomes).toEqual(["NOT_A_MEMBER"]);
  expect(got).toEqual([]);
  expect(liar.asked.filter(({ from }) => from.startsWith("a"))).toEqual([]);
  const fromA = liar.heard.filter(({ from }) => from.startsWith("a")).map(({ message }) => message.kind);
  expect(fromA.filter((kind) => !/^(alive|membership-|identit|accusations|p[io]ng)/.test(kind))).toEqual([]);
  expect(consortium.peer("a0").height("trade")).toBe(2);
  expect(consortium.network.refused).toEqual({ NOT_A_MEMBER: 4 });
});

test("by default blocks do cross organisations", async () => {
  const { consortium, ids } = await twoOrganisations(22, true);
  await consortium.publishNext("trade", "a1");
  await consortium.until(
    () => ids.every((id) => consortium.peer(id).height("trade") === 2),
    5_000,
    "all hold it",
  );
});
