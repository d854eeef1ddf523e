import type { MultiaddrConnection, Stream } from "@libp2p/interface";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { GossipError } from "../../gossip/errors.ts";
import { encodeFetchReply, encodeFetchRequest, encodeMessage } from "../../gossip/wire/message-codec.ts";
import { FETCH_PROTOCOL, GOSSIP_PROTOCOL } from "../../node/transport/protocols.ts";
import { codeOf, fetchAll, settled } from "../settled.ts";
import { VirtualClock } from "../../node/testing/simulator/virtual-clock.ts";
import { advert, block, bytes, CHANNEL, QUESTION } from "../transport-messages.ts";
import { flood, framed, HostilePeer } from "./hostile-peer.ts";
import {
  handOverLate,
  loopbackNetwork,
  waitFor,
  type LoopbackNetwork,
  type LoopbackPeer,
} from "./loopback-network.ts";

const PROTOCOLS = [GOSSIP_PROTOCOL, FETCH_PROTOCOL];

/** 4 GiB less one byte, as an unsigned varint. */
const FOUR_GIB = new Uint8Array([0xff, 0xff, 0xff, 0xff, 0x0f]);

test("A peer that stops reading costs a queue and no more, and is let go of when it has stalled", async () => {
  const clock = new VirtualClock();
  await using network = await loopbackNetwork(2, { clock });
  const [a] = peersOf(network);
  await using deaf = await HostilePeer.against(a);
  await deaf.node.unhandle(GOSSIP_PROTOCOL);
  await deaf.node.handle(GOSSIP_PROTOCOL, (stream) => stream.pause());
  let acceptedBytes = 0;
  for (let number = 0; number < 100; number++) {
    if (a.transport.send(deaf.id, block(number, 1 << 20))) acceptedBytes += 1 << 20;
    if (number === 0) await waitFor(() => a.transport.linkedPeers().includes(deaf.id));
  }
  expect(acceptedBytes).toBeLessThanOrEqual(10 << 20);
  await waitFor(() => streamsTo(a, deaf).some((stream) => stream.writeBufferLength > 500_000));
  for (const stream of streamsTo(a, deaf)) expect(stream.writeBufferLength).toBeLessThan(1 << 20);
  await expectService(network);
  await clock.runFor(20_000);
  expect(a.transport.linkedPeers()).not.toContain(deaf.id);
  expect(a.transport.stats.droppedMessages).toBe(100);
  await expectService(network);
});

test.each([
  [
    "more blocks than were asked for",
    () => framed(encodeFetchReply({ kind: "block", block: bytes(100, 1) })),
  ],
  [
    "blocks of more bytes than a reply may have",
    () => framed(encodeFetchReply({ kind: "block", block: bytes(900_000, 1) })),
  ],
  ["a frame of 4 GiB", () => FOUR_GIB],
])("An answer of %s is broken off", async (_what, next) => {
  await using network = await loopbackNetwork(2, { blockBytesMax: 1 << 20, replyBytesMax: 1 << 20 });
  const [a] = peersOf(network);
  await using liar = await HostilePeer.against(a);
  const flooded = Promise.withResolvers<void>();
  await liar.answer((stream) => void flood(stream, next).then(flooded.resolve));
  const fetching = fetchAll(a.transport, liar.id, { channel: CHANNEL, range: { first: 0, end: 10 } });
  expect(await codeOf(network, fetching)).toBe("BROKEN_PROMISE");
  await flooded.promise;
  await expectService(network);
});

test.each<[string, string, readonly Uint8Array[]]>([
  ["two blocks", "BROKEN_PROMISE", [blockReply(1), blockReply(2)]],
  ["noise", "MALFORMED_MESSAGE", [framed(bytes(100, 3))]],
  ["half a frame", "UNREACHABLE", [blockReply(1).slice(0, 3)]],
  ["an unknown refusal", "UNREACHABLE", [framed(encodeFetchReply({ kind: "refusal", code: "CONFLICT" }))]],
])("An answer of %s to the question for one block is refused as %s", async (_what, code, frames) => {
  await using network = await loopbackNetwork(2);
  const [a] = peersOf(network);
  await using liar = await HostilePeer.against(a);
  await liar.answer((stream) => {
    for (const frame of frames) stream.send(frame);
    void stream.close();
  });
  expect(await codeOf(network, fetchAll(a.transport, liar.id, QUESTION))).toBe(code);
});

test("Bytes without an end after a question are not kept", async () => {
  await using network = await loopbackNetwork(2);
  const [a] = peersOf(network);
  await using pest = await HostilePeer.against(a);
  const served = Promise.withResolvers<void>();
  a.inbox.blocks = async () => {
    await served.promise;
    return [bytes(1000, 1)];
  };
  const stream = await pest.open(FETCH_PROTOCOL);
  stream.send(framed(encodeFetchRequest({ channel: CHANNEL, range: { first: 0, end: 1 } })));
  await waitFor(() => a.transport.stats.receivedBytes.fetch !== undefined);
  for (let mebibyte = 0; mebibyte < 8; mebibyte++) stream.send(bytes(1 << 20, 1));
  // What does not fit the window stays with the sender.
  await waitFor(() => streamsTo(a, pest).some((inbound) => inbound.readBufferLength > 100_000));
  await settled(network, fetchAll(a.transport, network.peers[1]!.id, QUESTION));
  expect(stream.writeBufferLength).toBeGreaterThan(6 << 20);
  served.resolve();
  await waitFor(() => stream.status !== "open");
  await expectService(network);
});

test.each(PROTOCOLS)(
  "A length of 4 GiB closes the stream, and the third time the connection: %s",
  async (protocol) => {
    await using network = await loopbackNetwork(2);
    const [a] = peersOf(network);
    await using liar = await HostilePeer.against(a);
    const connection = await liar.connect();
    for (let strike = 1; strike <= 3; strike++) {
      expect(connection.status).toBe("open");
      const stream = await liar.open(protocol);
      stream.send(FOUR_GIB);
      await waitFor(() => stream.status !== "open");
      await waitFor(() => a.transport.stats.refusals.FRAME_TOO_LARGE === strike);
    }
    await waitFor(() => connection.status !== "open");
    await expectService(network);
  },
);

test.each(PROTOCOLS)("Noise crashes nothing and is not delivered: %s", async (protocol) => {
  await using network = await loopbackNetwork(2);
  const [a] = peersOf(network);
  await using noisy = await HostilePeer.against(a);
  const noise = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 5000 }),
    fc.uint8Array({ maxLength: 200 }).map(framed),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(noise, { minLength: 1, maxLength: 4 }), async (pieces) => {
      const stream = await noisy.open(protocol);
      for (const piece of pieces) if (stream.status === "open") stream.send(piece);
      await stream.close().catch(() => undefined);
      await waitFor(() => stream.status !== "open");
    }),
    { numRuns: 40 },
  );
  expect(a.events.filter(({ kind }) => kind === "crashed")).toEqual([]);
  expect(a.inbox.received).toEqual([]);
  await expectService(network);
});

test.each(PROTOCOLS)("A hundred streams at once disturb nobody else: %s", async (protocol) => {
  await using network = await loopbackNetwork(2);
  const [a] = peersOf(network);
  await using pest = await HostilePeer.against(a);
  const opened = await Promise.allSettled(Array.from({ length: 100 }, () => pest.open(protocol)));
  expect(opened.length).toBe(100);
  await expectService(network);
  const inbound = streamsTo(a, pest).filter((stream) => stream.direction === "inbound");
  expect(inbound.length).toBeLessThanOrEqual(64);
});

test("A peer that opens a fetch stream and asks nothing is cut off after five seconds", async () => {
  const clock = new VirtualClock();
  await using network = await loopbackNetwork(2, { clock });
  const [a] = peersOf(network);
  await using silent = await HostilePeer.against(a);
  const stream = await silent.open(FETCH_PROTOCOL);
  await waitFor(() => inboundFetches(a, silent) === 1);
  await expectService(network);
  await clock.runFor(4_999);
  expect(inboundFetches(a, silent)).toBe(1);
  await clock.runFor(1);
  await waitFor(() => stream.status !== "open");
  await expectService(network);
});

test("A peer that asks and does not take the answer is cut off, and its place is free again", async () => {
  const clock = new VirtualClock();
  await using network = await loopbackNetwork(2, { clock, answersPerPeerMax: 1 });
  const [a, b] = peersOf(network);
  await using deaf = await HostilePeer.against(a);
  a.inbox.blocks = async () => [bytes(4 << 20, 1)];
  const question = framed(encodeFetchRequest({ channel: CHANNEL, range: { first: 0, end: 1 } }));
  const stream = await deaf.open(FETCH_PROTOCOL);
  stream.pause();
  stream.send(question);
  await waitFor(() => streamsTo(a, deaf).some((inbound) => inbound.writeBufferLength > 500_000));
  const [others] = await settled(
    network,
    fetchAll(b.transport, a.id, { channel: CHANNEL, range: { first: 0, end: 1 } }),
  );
  expect(others).toHaveLength(4 << 20);
  await clock.runFor(20_000);
  await waitFor(() => inboundFetches(a, deaf) === 0);
  const third = await deaf.open(FETCH_PROTOCOL);
  let received = 0;
  third.addEventListener("message", (event) => {
    received += event.data.byteLength;
  });
  third.send(question);
  await waitFor(() => received > 4 << 20);
});

test("Somebody of whom nothing was believed cannot make a peer keep a large frame", async () => {
  await using network = await loopbackNetwork(2);
  const [a] = peersOf(network);
  await using stranger = await HostilePeer.against(a);
  a.inbox.onReceive = (from) => {
    if (from === stranger.id) throw new GossipError("NOT_ADMITTED", "nobody knows you");
  };
  const large = framed(encodeMessage(block(1, 1 << 20)));
  const stream = await stranger.open(GOSSIP_PROTOCOL);
  stream.send(framed(encodeMessage(advert(1))));
  await waitFor(() => a.transport.stats.refusals.NOT_ADMITTED === 1);
  stream.send(large.subarray(0, 8));
  await waitFor(() => stream.status !== "open");
  a.inbox.onReceive = () => undefined;
  const greeted = await stranger.openGreeted();
  greeted.send(large);
  await waitFor(() => a.inbox.messagesFrom(stranger.id).length === 1);
  await expectService(network);
});

test("A second gossip stream of one peer takes the place of the first", async () => {
  await using network = await loopbackNetwork(2);
  const [a] = peersOf(network);
  await using twin = await HostilePeer.against(a);
  const first = await twin.openGreeted();
  const second = await twin.open(GOSSIP_PROTOCOL);
  await waitFor(() => first.status !== "open");
  second.send(framed(encodeMessage(advert(1))));
  await waitFor(() => a.inbox.messagesFrom(twin.id).length === 1);
});

test("A stream that is reset before libp2p hands it over does not stand in the way of the next", async () => {
  const clock = new VirtualClock();
  await using network = await loopbackNetwork(1, { clock });
  const a = network.peers[0]!;
  await using fickle = await HostilePeer.against(a);
  let isWelcome = false;
  await fickle.node.unhandle(GOSSIP_PROTOCOL);
  await fickle.node.handle(GOSSIP_PROTOCOL, (stream) => stream.abort(new Error("changed my mind")));
  handOverLate(a.node, GOSSIP_PROTOCOL, (stream) => stream.status !== "open" || isWelcome);
  a.transport.send(fickle.id, advert(1));
  await waitFor(() => a.transport.stats.droppedMessages === 1);
  expect(a.transport.linkedPeers()).toEqual([]);
  isWelcome = true;
  await fickle.node.unhandle(GOSSIP_PROTOCOL);
  await fickle.node.handle(GOSSIP_PROTOCOL, () => undefined);
  expect(a.transport.send(fickle.id, advert(2))).toBe(true);
  await waitFor(() => (a.transport.stats.sentBytes.advert ?? 0) > 0);
  expect(a.transport.linkedPeers()).toEqual([fickle.id]);
});

test("A connection that has gone silent is replaced, and what waited is sent over the new one", async () => {
  const clock = new VirtualClock();
  await using network = await loopbackNetwork(1, { clock });
  const a = network.peers[0]!;
  await using frozen = await HostilePeer.against(a);
  let isHeard = false;
  await frozen.node.unhandle(GOSSIP_PROTOCOL);
  await frozen.node.handle(GOSSIP_PROTOCOL, () => {
    isHeard = true;
  });
  const connection = await frozen.connect();
  // As when a firewall has forgotten the connection: it is open on both sides, and nothing passes.
  (connection as unknown as { readonly maConn: MultiaddrConnection }).maConn.pause();
  const streamsBefore = streamsTo(a, frozen);
  expect(a.transport.send(frozen.id, advert(1))).toBe(true);
  await waitFor(() => streamsTo(a, frozen).some((stream) => !streamsBefore.includes(stream)));
  await clock.runFor(9_999);
  expect(a.node.getConnections().map(({ direction }) => direction)).toEqual(["inbound"]);
  await clock.runFor(1);
  await waitFor(() => isHeard);
  expect(a.node.getConnections().map(({ direction }) => direction)).toEqual(["outbound"]);
  expect(a.inbox.lost).toEqual([]);
});

/** The honest peers still speak with each other, and fetch from each other. */
async function expectService(network: LoopbackNetwork): Promise<void> {
  const [a, b] = peersOf(network);
  const number = a.inbox.received.length + b.inbox.received.length;
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    expect(from.transport.send(to.id, advert(number))).toBe(true);
    await waitFor(() =>
      to.inbox.messagesFrom(from.id).some((one) => one.kind === "advert" && one.height === number),
    );
    const served = await to.inbox.blocks(from.id, CHANNEL, QUESTION.range);
    expect(await settled(network, fetchAll(from.transport, to.id, QUESTION))).toEqual(served);
  }
}

function peersOf(network: LoopbackNetwork): readonly [LoopbackPeer, LoopbackPeer] {
  return [network.peers[0]!, network.peers[1]!];
}

function blockReply(seed: number): Uint8Array {
  return framed(encodeFetchReply({ kind: "block", block: bytes(10, seed) }));
}

function streamsTo(peer: LoopbackPeer, other: HostilePeer): readonly Stream[] {
  return peer.node.getConnections(other.node.peerId).flatMap((connection) => connection.streams);
}

function inboundFetches(peer: LoopbackPeer, other: HostilePeer): number {
  return streamsTo(peer, other).filter(
    (stream) => stream.direction === "inbound" && stream.protocol === FETCH_PROTOCOL,
  ).length;
}
