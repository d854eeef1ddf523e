import { expect, test } from "vitest";
import { Consortium, type ConsortiumSpec } from "../simulator/consortium.ts";
import { organisationOf } from "../simulator/told.ts";

const PEER = { sources: ["orderer0"] };
const peers = (letter: string, count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${letter}${index}`, PEER]));

const TWO: ConsortiumSpec = {
  seed: 22,
  organisations: { A: peers("a", 5), B: peers("b", 5) },
  channels: { trade: { A: ["a0"], B: ["b0"] } },
};

async function started(spec: ConsortiumSpec): Promise<Consortium> {
  const consortium = await Consortium.create(spec);
  await consortium.start();
  const leads = () => ["A", "B"].every((name) => leadersOf(consortium, name).length === 1);
  await consortium.until(leads, 20_000, "each organisation has a leader");
  await consortium.runFor(10_000);
  return consortium;
}

function leadersOf(consortium: Consortium, organisation: string): readonly string[] {
  return consortium
    .peers()
    .filter(({ id }) => organisationOf(id) === organisation)
    .filter((peer) => peer.isUp && peer.channel("trade").leadership.leader === peer.id)
    .map(({ id }) => id);
}

/** Blocks come to be at the source, this many of this size. */
async function order(consortium: Consortium, count: number, bytes: number): Promise<void> {
  const source = consortium.source("trade", "orderer0");
  for (let made = 0; made < count; made++) {
    source.add(consortium.ordering("trade").next(bytes));
    await consortium.runFor(500);
  }
  const height = source.blocks.length;
  const haveAll = () => consortium.peers().every((peer) => !peer.isUp || peer.height("trade") === height);
  await consortium.until(haveAll, 5_000, "all have all");
}

const BYTES = 100_000;
const COUNT = 40;

test("two organisations have a leader each, and together one copy of a block for each peer", async () => {
  const consortium = await started(TWO);
  const before = consortium.network.traffic.bytes();
  await order(consortium, COUNT, BYTES);
  const sent = consortium.network.traffic.bytes() - before;
  const { given } = consortium.source("trade", "orderer0");
  const fetched = [...given.values()].reduce((sum, count) => sum + count, 0);
  const copies = (sent / (COUNT * BYTES) + fetched / COUNT) / consortium.peers().length;
  console.log(`${copies.toFixed(3)} copies a peer; given ${JSON.stringify([...given])}`);
  expect(copies).toBeLessThan(1.1);
  expect(fetched).toBe(COUNT);
  expect(leadersOf(consortium, "A")).toHaveLength(1);
  expect(leadersOf(consortium, "B")).toHaveLength(1);
  expect(consortium.noted()).toEqual({});
});

test("where one organisation's leader is gone the other's brings its blocks, until it has a leader again", async () => {
  const consortium = await started(TWO);
  await order(consortium, 4, 1_000);
  const [first] = leadersOf(consortium, "A") as [string];
  consortium.peer(first).crash();
  await order(consortium, 10, 1_000);
  expect(leadersOf(consortium, "A")).toHaveLength(1);
  expect(leadersOf(consortium, "A")).not.toContain(first);
});

test("organisations that give each other no blocks fetch each for itself, by one leader", async () => {
  const consortium = await started({ ...TWO, options: { crossOrgBlocks: false } });
  await order(consortium, 10, 1_000);
  const { given } = consortium.source("trade", "orderer0");
  expect([...given].map(([peer, count]) => [organisationOf(peer), count]).sort()).toEqual([
    ["A", 10],
    ["B", 10],
  ]);
});
