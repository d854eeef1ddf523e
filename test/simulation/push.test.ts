import { expect, test } from "vitest";
import { FABRIC_PUSH_OPTIONS } from "../../gossip/options.ts";
import { Simulation } from "../../node/testing/simulator/simulation.ts";

const PUSH_ALONE = { antiEntropy: false, stateTransfer: false } as const;

test("push alone brings every block to all of 100 peers, each with about one copy, and then falls silent", async () => {
  const simulation = new Simulation({ seed: 1, peerCount: 100, options: PUSH_ALONE });
  await simulation.start();
  for (let count = 0; count < 10; count++) {
    await simulation.publishNext(10_000, simulation.peers[count * 7]);
    await simulation.runFor(1_000);
    expect(simulation.peers.filter((peer) => peer.height < count + 2)).toEqual([]);
  }
  const copies = simulation.network.traffic.count("block") / (10 * 99);
  expect(copies).toBeLessThanOrEqual(1.1);
  expect(copies).toBeGreaterThanOrEqual(1);
  const silence = {
    blocks: simulation.network.traffic.count("block"),
    adverts: simulation.network.traffic.count("advert"),
  };
  await simulation.runFor(60_000);
  expect({
    blocks: simulation.network.traffic.count("block"),
    adverts: simulation.network.traffic.count("advert"),
  }).toEqual(silence);
});

test.each([2, 5, 16, 50])(
  "push alone reaches all of %i peers with about one copy each",
  async (peerCount) => {
    const simulation = new Simulation({ seed: peerCount, peerCount, options: PUSH_ALONE });
    await simulation.start();
    for (let count = 0; count < 20; count++) {
      await simulation.publishNext(10_000);
      await simulation.runFor(500);
      expect(simulation.peers.filter((peer) => peer.height < count + 2)).toEqual([]);
    }
    expect(simulation.network.traffic.count("block") / (20 * (peerCount - 1))).toBeLessThanOrEqual(1.1);
  },
);

test("push reaches everybody in two hops, however the peers are linked", async () => {
  for (const [peerCount, neighboursMax] of [
    [30, 100],
    [60, 20],
  ] as const) {
    const latencyMs = 100;
    const simulation = new Simulation({
      seed: 3,
      peerCount,
      options: { ...PUSH_ALONE, neighboursMax, pushDirectBytesMax: 1 },
      weather: { latencyMs, jitterMs: 0, bytesPerSecond: 1e12 },
      // To meet takes three times as long as to speak.
      startKnown: true,
      startLinked: true,
    });
    await simulation.start();
    const startMs = simulation.elapsedMs;
    await simulation.publishNext();
    await simulation.untilHeight(2, 10_000);
    expect(simulation.elapsedMs - startMs).toBeLessThan(2 * latencyMs + 50);
  }
});

test("large blocks on slow links cost one copy each, whole or in chunks", async () => {
  for (const chunks of [true, false]) {
    const simulation = new Simulation({
      seed: 4,
      peerCount: 50,
      options: { ...PUSH_ALONE, chunks },
      weather: { latencyMs: 50, jitterMs: 20, bytesPerSecond: 12_500_000 },
    });
    await simulation.start();
    const before = simulation.network.traffic.bytes();
    for (let count = 0; count < 5; count++) {
      await simulation.publishNext(1_000_000);
      await simulation.runFor(10_000);
    }
    expect(simulation.peers.filter((peer) => peer.height < 6)).toEqual([]);
    // Of 245 one may come twice, where a peer is out of another's reach for a moment: their grids differ.
    expect(simulation.network.traffic.count("block")).toBeLessThanOrEqual(chunks ? 0 : 5 * 49 + 1);
    const copies = (simulation.network.traffic.bytes() - before) / (5 * 49 * 1_000_000);
    // Fifty seconds of a membership's traffic included.
    expect(copies).toBeLessThan(chunks ? 1.35 : 1.3);
  }
});

test("a block that was given is not given back, and its giver is told once that it is held", async () => {
  const simulation = new Simulation({ seed: 9, peerCount: 30, options: PUSH_ALONE });
  await simulation.start();
  const gave = new Set<string>();
  const back: string[] = [];
  simulation.network.wiretap = (from, to, message) => {
    if (message.kind === "block" && gave.has(`${to} ${from}`)) back.push(`block ${from} to ${to}`);
    if (message.kind === "advert" && gave.has(`${to} ${from}`)) back.push(`advert ${from} to ${to}`);
    if (message.kind === "block") gave.add(`${from} ${to}`);
  };
  await simulation.publishNext(100_000);
  await simulation.runFor(5_000);
  expect(gave.size).toBe(29);
  expect(new Set(back).size).toBe(back.length);
  expect(back.filter((what) => what.startsWith("block"))).toEqual([]);
});

test("Fabric's push, whole blocks to three peers once, reaches about 94 of 100 with almost three copies each", async () => {
  const simulation = new Simulation({
    seed: 5,
    peerCount: 100,
    options: { ...FABRIC_PUSH_OPTIONS, ...PUSH_ALONE },
  });
  await simulation.start();
  let reached = 0;
  let copies = 0;
  for (let count = 0; count < 20; count++) {
    const before = simulation.network.traffic.count("block");
    const block = await simulation.publishNext();
    await simulation.runFor(2_000);
    reached += simulation.peers.filter((peer) => peer.isUp && peer.gossip.holds(block.number)).length;
    copies += simulation.network.traffic.count("block") - before;
  }
  expect(reached / 20).toBeGreaterThan(92);
  expect(reached / 20).toBeLessThan(97);
  expect(copies / 20 / 99).toBeGreaterThan(2.7);
});

test("with push and mail off, no block is sent unasked", async () => {
  const simulation = new Simulation({ seed: 6, peerCount: 10, options: { push: false, directMail: false } });
  await simulation.start();
  await simulation.publishNext();
  await simulation.untilHeight(2, 20_000);
  expect(simulation.network.traffic.count("block")).toBe(0);
  expect(simulation.network.traffic.count("advert")).toBe(0);
});

test("a block is nowhere on the network before the peer that it was handed in at holds it durably", async () => {
  const simulation = new Simulation({ seed: 7, peerCount: 10 });
  await simulation.start();
  const [source] = simulation.peers;
  source!.diskSpeed = { writeMs: 5_000 };
  const block = simulation.orderer.next();
  simulation.checker.published(block, source!);
  const published = source!.gossip.publish(block);
  await simulation.runFor(4_000);
  expect(simulation.network.traffic.count("block")).toBe(0);
  expect(simulation.peers.every((peer) => peer.height === 1)).toBe(true);
  await simulation.runFor(4_000);
  expect(await published).toBe(true);
  await simulation.untilHeight(2, 10_000);
});

test("a relay passes a block on before its own slow disk has it", async () => {
  const simulation = new Simulation({ seed: 8, peerCount: 30, options: PUSH_ALONE });
  await simulation.start();
  for (const peer of simulation.peers.slice(1)) peer.diskSpeed = { writeMs: 10_000 };
  await simulation.publishNext();
  await simulation.runFor(2_000);
  const verified = simulation.events.filter(({ event }) => event.kind === "block-verified");
  expect(verified.length).toBe(30);
  expect(simulation.peers.filter((peer) => peer.height === 2).length).toBe(1);
});

test("where relays of whole blocks stay silent, adverts bring the block to nearly all others, and the pull to the rest", async () => {
  const simulation = new Simulation({
    seed: 10,
    peerCount: 30,
    startKnown: true,
    options: { chunks: false, pushDirectBytesMax: 1, antiEntropyIntervalMs: 5_000 },
  });
  for (const peer of simulation.peers.slice(25)) peer.isSilent = true;
  await simulation.start();
  for (let count = 1; count <= 10; count++) {
    await simulation.publishNext(50_000);
    await simulation.untilHeight(count + 1, 30_000, simulation.peers.slice(0, 25));
  }
  const came = (origin: string) =>
    simulation.events.filter(({ event }) => event.kind === "block-verified" && event.origin === origin)
      .length;
  expect(came("want")).toBeGreaterThan(20);
  expect(came("pull")).toBeLessThan(came("want") / 2);
});
