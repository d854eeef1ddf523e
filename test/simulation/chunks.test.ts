import { expect, test } from "vitest";
import { blockNumber, type Block } from "../../chain/block.ts";
import { CutBlock } from "../../gossip/push/cut-block.ts";
import { roundsOf } from "../../gossip/push/cut.ts";
import type { ChunkMessage } from "../../gossip/wire/messages.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { SPREAD_EVERYBODY, SPREAD_NONE } from "../../gossip/push/spread.ts";
import { lowerBoundMs } from "../../scripts/bench/lower-bound.ts";
import { Liar } from "../simulator/liar.ts";
import { SimulatedKeyring } from "../../node/testing/simulator/simulated-keyring.ts";
import type { SimulatedPeer } from "../../node/testing/simulator/simulated-peer.ts";
import { Simulation, type SimulationOptions } from "../../node/testing/simulator/simulation.ts";

const PUSH_ALONE = { antiEntropy: false, stateTransfer: false } as const;
const WAN = { latencyMs: 50, jitterMs: 0, bytesPerSecond: 12_500_000 } as const;
const BYTES = 500_000;

async function started(options: SimulationOptions): Promise<Simulation> {
  const simulation = new Simulation({ startKnown: true, startLinked: true, weather: WAN, ...options });
  await simulation.start();
  return simulation;
}

/** How long the block takes to all honest peers. */
async function spreadMs(simulation: Simulation): Promise<number> {
  const startMs = simulation.elapsedMs;
  await simulation.publishNext(BYTES);
  const { height } = simulation.peers[0]!;
  const honest = simulation.peers.filter((peer) => !peer.isSilent);
  await simulation.untilHeight(height, 30_000, honest);
  const elapsedMs = simulation.elapsedMs - startMs;
  await simulation.runFor(3_000);
  return elapsedMs;
}

function origins(simulation: Simulation, number: number): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { event } of simulation.events) {
    if (event.kind === "block-verified" && event.number === number)
      counts[event.origin] = (counts[event.origin] ?? 0) + 1;
  }
  return counts;
}

test("a large block reaches all in chunks, close to the least time, with about one copy each", async () => {
  const simulation = await started({ seed: 41, peerCount: 40, options: PUSH_ALONE });
  const before = simulation.network.traffic.bytes();
  const elapsedMs = await spreadMs(simulation);
  const boundMs = lowerBoundMs({
    receivers: 39,
    blockBytes: BYTES,
    bytesPerSecond: WAN.bytesPerSecond,
    delayMs: WAN.latencyMs,
  });
  expect(elapsedMs / boundMs).toBeLessThan(1.2);
  expect((simulation.network.traffic.bytes() - before) / (39 * BYTES)).toBeLessThan(1.12);
  expect(origins(simulation, 1)).toEqual({ publish: 1, chunks: 39 });
  expect(simulation.network.refused).toEqual({});
});

test("above the greatest number of neighbours relays form one more level, and nobody needs links to all", async () => {
  const simulation = await started({
    seed: 42,
    peerCount: 90,
    options: { ...PUSH_ALONE, neighboursMax: 30 },
  });
  const partners = new Map<PeerId, Set<PeerId>>();
  simulation.network.wiretap = (from, to, { kind }) => {
    if (kind !== "chunk" && kind !== "cut" && kind !== "advert") return;
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const)
      partners.set(one, (partners.get(one) ?? new Set()).add(other));
  };
  for (let count = 0; count < 3; count++) {
    await simulation.publishNext(BYTES, simulation.peers[count * 29]);
    await simulation.untilHeight(count + 2, 5_000);
  }
  expect(origins(simulation, 3)).toEqual({ publish: 1, chunks: 89 });
  await simulation.runFor(5_000);
  const most = Math.max(...[...partners.values()].map((peers) => peers.size));
  // A row and a column of a grid of 90.
  expect(most).toBeLessThanOrEqual(19);
});

test("relays that stay silent delay one block and are given nothing after that, and parity makes up for them", async () => {
  const simulation = await started({ seed: 43, peerCount: 40, options: PUSH_ALONE });
  const calmMs = await spreadMs(simulation);
  const silent = simulation.peers.slice(27);
  for (const peer of silent) peer.isSilent = true;
  const first = simulation.network.traffic.count("chunk");
  expect(await spreadMs(simulation)).toBeLessThan(calmMs + 700);
  const given = new Set<PeerId>();
  simulation.network.wiretap = (_from, to, message) => {
    if (message.kind === "chunk" && message.spread.step === "everybody") given.add(to);
  };
  // F9 of the reference: a third of the uplinks are missing.
  expect(await spreadMs(simulation)).toBeLessThan(calmMs * 1.3);
  expect(silent.filter((peer) => given.has(peer.id))).toEqual([]);
  expect(given.size).toBe(26);
  expect(first).toBeGreaterThan(0);
  // The silent ones get every block as well.
  expect(simulation.peers.map((peer) => peer.height)).toEqual(simulation.peers.map(() => 4));
  expect(simulation.network.refused).toEqual({});
});

test("in a network that loses one message in ten, parity and answers still bring two blocks in three by chunks", async () => {
  const simulation = await started({
    seed: 44,
    peerCount: 30,
    weather: { ...WAN, lossRate: 0.1 },
  });
  for (let count = 0; count < 5; count++) await spreadMs(simulation);
  const chunks = [1, 2, 3, 4, 5].map((number) => origins(simulation, number).chunks ?? 0);
  expect(chunks.reduce((sum, count) => sum + count) / chunks.length).toBeGreaterThanOrEqual((2 / 3) * 29);
  // Who asks for more than the others while blocks come is told to ask elsewhere; nothing else is refused.
  const { RATE_LIMITED: _, ...refused } = simulation.network.refused;
  expect(refused).toEqual({});
});

/** The chunks of a block as this cutter would send them. */
function chunksOf(
  { number, hash }: Pick<Block, "number" | "hash">,
  bytes: Uint8Array,
  liar: Liar,
  lanes: number,
) {
  const named = { channel: liar.channel, number, hash };
  const chunkBytes = Math.ceil(bytes.length / lanes);
  const cut = CutBlock.make(bytes, named, { chunkBytes, lanes }, new SimulatedKeyring(liar.id));
  const messages: ChunkMessage[] = [];
  for (let round = 0; round < roundsOf(cut.cut); round++) {
    for (let lane = 0; lane < lanes; lane++) {
      const data = cut.chunk(lane, round);
      const proof = cut.proof(lane, round);
      messages.push({
        kind: "chunk",
        cut: cut.cut.id,
        lane,
        round,
        data,
        proof,
        spread: SPREAD_NONE,
        served: [],
      });
    }
  }
  const notice = {
    kind: "cut",
    channel: liar.channel,
    cutter: undefined,
    statement: cut.cut.signed,
  } as const;
  return { notice, messages };
}

async function withLiar(seed: number): Promise<{ simulation: Simulation; liar: Liar }> {
  const simulation = new Simulation({ seed, peerCount: 12, options: PUSH_ALONE });
  await simulation.start();
  const liar = new Liar(simulation);
  await liar.join();
  return { simulation, liar };
}

test("chunks that are not the block that their cut names blame the cutter alone, and the block comes by another way", async () => {
  const { simulation, liar } = await withLiar(45);
  const block = simulation.orderer.next(BYTES);
  const { notice, messages } = chunksOf(
    block,
    block.bytes.map((byte, at) => (at === 777 ? byte ^ 1 : byte)),
    liar,
    11,
  );
  liar.tellAll(notice);
  // As a cutter does it: each chunk to another relay.
  for (const [index, message] of messages.entries())
    liar.transport.send(simulation.peers[index]!.id, { ...message, spread: SPREAD_EVERYBODY });
  await simulation.runFor(2_000);
  const rejected = simulation.events.flatMap(({ event }) => (event.kind === "rejected" ? [event] : []));
  expect(rejected.filter(({ code }) => code === "BAD_CUT").length).toBe(12);
  expect(rejected.filter(({ peer }) => peer !== liar.id)).toEqual([]);
  expect(simulation.peers.every((peer) => peer.height === 1)).toBe(true);
  await simulation.publish(block);
  await simulation.untilHeight(2, 5_000);
  expect(origins(simulation, 1).chunks).toBe(11);
});

test("a chunk that its cut does not prove is passed on by nobody and blames its sender, not the cutter", async () => {
  const { simulation, liar } = await withLiar(46);
  const block = simulation.orderer.next(BYTES);
  const startedMs = simulation.elapsedMs;
  await simulation.publish(block);
  // The liar is a relay like the others; it passes on what it was given with one bit changed.
  await simulation.until(
    () => liar.heard.some(({ message }) => message.kind === "chunk"),
    2_000,
    "the liar is a relay",
  );
  for (const { message } of liar.heard) {
    if (message.kind !== "chunk") continue;
    const data = message.data.map((byte, at) => (at === 5 ? byte ^ 1 : byte));
    liar.tellAll({ ...message, data, spread: SPREAD_NONE });
  }
  await simulation.untilHeight(2, 5_000);
  expect(simulation.network.refused.BAD_CHUNK ?? 0).toBeGreaterThan(0);
  expect(simulation.events.filter(({ event }) => event.kind === "rejected")).toEqual([]);
  expect(simulation.elapsedMs - startedMs).toBeLessThan(5_000);
});

test("a peer that has a chunk spread to all that is not its own cut is refused", async () => {
  const { simulation, liar } = await withLiar(47);
  const block = simulation.orderer.next(BYTES);
  await simulation.publish(block);
  await simulation.untilHeight(2, 5_000);
  const chunk = liar.heard.find(({ message }) => message.kind === "chunk")!.message;
  const before = simulation.network.traffic.count("chunk");
  liar.tellAll({ ...(chunk as ChunkMessage), spread: SPREAD_EVERYBODY });
  await simulation.runFor(2_000);
  expect(simulation.network.refused.EXCESSIVE_SPREAD).toBe(11);
  expect(simulation.network.traffic.count("chunk") - before).toBeLessThanOrEqual(12);
});

test("what a cutter announces costs no memory before it comes, and one cutter cannot announce without end", async () => {
  const { simulation, liar } = await withLiar(48);
  const bytes = new Uint8Array(6_000_000);
  const next = simulation.orderer.next();
  for (let number = 1; number < 200; number++) {
    const named = { number: blockNumber(number), hash: next.hash };
    const { notice, messages } = chunksOf(named, bytes, liar, 6);
    liar.tellAll(notice);
    liar.transport.send(simulation.peers[0]!.id, messages[0]!);
  }
  await simulation.runFor(200);
  for (const peer of simulation.peers.slice(1)) expect(peer.gossip.bufferedBytes).toBe(0);
  expect(simulation.peers[0]!.gossip.bufferedBytes).toBeLessThanOrEqual(64 << 20);
  simulation.checker.published(next, simulation.peers[0]!);
  await simulation.publish(next);
  await simulation.untilHeight(2, 5_000);
});

test("a cutter that cuts one block in two ways is found out by whoever hears of both, and whoever passed it on is not blamed", async () => {
  const { simulation, liar } = await withLiar(50);
  const block = simulation.orderer.next(BYTES);
  const [one, other] = [6, 7].map((lanes) => chunksOf(block, block.bytes, liar, lanes));
  liar.tellAll(one!.notice);
  // The second one comes by an honest peer, which had heard of no other.
  const [relay, ...others] = simulation.peers;
  for (const peer of others) peer.gossip.receive(relay!.id, { ...other!.notice, cutter: liar.id });
  await simulation.runFor(1_000);
  const rejected = simulation.events.flatMap(({ event }) => (event.kind === "rejected" ? [event] : []));
  expect(rejected.map(({ code, peer }) => `${code} ${peer}`)).toEqual(others.map(() => `BAD_CUT ${liar.id}`));
  expect(simulation.network.refused).toEqual({});
  await simulation.publish(block);
  await simulation.untilHeight(2, 5_000);
});

test("a cut by somebody who is not in the channel is not heeded, whoever passes it on", async () => {
  const { simulation, liar } = await withLiar(51);
  const outsider = new Liar(simulation, "outsider", false);
  const { notice, messages } = chunksOf(simulation.orderer.next(BYTES), new Uint8Array(BYTES), outsider, 6);
  liar.tellAll({ ...notice, cutter: outsider.id });
  for (const message of messages.slice(0, 3)) liar.tellAll(message);
  await simulation.runFor(300);
  expect(simulation.peers.map((peer) => peer.gossip.bufferedBytes)).toEqual(simulation.peers.map(() => 0));
});

test("a cut whose chunks never come keeps nobody from asking for the block otherwise", async () => {
  const { simulation, liar } = await withLiar(52);
  const [source, victim] = simulation.peers;
  simulation.network.cut(source!.id, victim!.id);
  const block = simulation.orderer.next(BYTES);
  liar.tellAll(chunksOf(block, block.bytes, liar, 6).notice);
  await simulation.runFor(100);
  await simulation.publish(block);
  await simulation.untilHeight(2, 4_000);
});

test("a peer that asks for the same chunks again and again is answered a few times only", async () => {
  const { simulation, liar } = await withLiar(53);
  await simulation.publishNext(BYTES);
  await simulation.untilHeight(2, 5_000);
  await simulation.runFor(2_000);
  const { cut } = liar.heard.map(({ message }) => message).find((message) => message.kind === "chunk")!;
  liar.heard.length = 0;
  for (let count = 0; count < 50; count++) {
    liar.tellAll({ kind: "chunk-want", channel: liar.channel, cut, present: new Uint8Array(0), needed: 0 });
    await simulation.runFor(200);
  }
  const bytes = liar.heard.reduce(
    (sum, { message }) => sum + (message.kind === "chunk" ? message.data.length : 0),
    0,
  );
  // Four times from each of twelve.
  expect(bytes).toBeLessThanOrEqual(4 * 12 * 1.1 * BYTES);
});

test("chunks that overtake their cut are kept for it", async () => {
  const { simulation, liar } = await withLiar(54);
  const block = simulation.orderer.next(BYTES);
  simulation.checker.published(block, simulation.peers[0]!);
  const { notice, messages } = chunksOf(block, block.bytes, liar, 11);
  for (const message of messages.slice(0, 10)) liar.tellAll(message);
  await simulation.runFor(200);
  liar.tellAll(notice);
  liar.tellAll(messages[10]!);
  // Before anybody asks for what it lacks.
  await simulation.runFor(150);
  expect(origins(simulation, 1)).toEqual({ chunks: 12 });
});

test("with the fast path off, no block is cut", async () => {
  const simulation = await started({ seed: 49, peerCount: 20, options: { ...PUSH_ALONE, chunks: false } });
  await spreadMs(simulation);
  expect(simulation.network.traffic.count("chunk")).toBe(0);
  expect(origins(simulation, 1).push).toBeGreaterThan(0);
});

test("a block whose cutter crashes when some have it comes to the others from those, within half a second", async () => {
  const weather = { ...WAN, latencyMs: 30, jitterMs: 40 };
  const simulation = await started({ seed: 55, peerCount: 20, options: PUSH_ALONE, weather });
  const [cutter, ...others] = simulation.peers as [SimulatedPeer, ...SimulatedPeer[]];
  await simulation.publishNext(BYTES, cutter);
  await simulation.runFor(43);
  cutter.crash();
  await simulation.runFor(200);
  const holders = others.filter(({ height }) => height === 2).length;
  expect(holders).toBeGreaterThan(0);
  expect(holders).toBeLessThan(10);
  await simulation.untilHeight(2, 300, others);
});
