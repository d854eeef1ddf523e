import type { Socket } from "node:net";
import type { Libp2p, Stream } from "@libp2p/interface";
import { expect, test } from "vitest";
import type { Message } from "../../gossip/wire/messages.ts";
import { SPREAD_NONE } from "../../gossip/push/spread.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { Libp2pTransport } from "../../node/transport/libp2p-transport.ts";
import { FETCH_PROTOCOL, GOSSIP_PROTOCOL } from "../../node/transport/protocols.ts";
import { RecordingInbox } from "../recording-inbox.ts";
import { codeOf, fetchAll, settled } from "../settled.ts";
import { VirtualClock } from "../../node/testing/simulator/virtual-clock.ts";
import { doorAcceptance } from "../door-acceptance.ts";
import { transportAcceptance } from "../transport-acceptance.ts";
import { bytes, advert, block, CHANNEL, sameBlock, QUESTION } from "../transport-messages.ts";
import {
  addressesOf,
  admittedNode,
  handOverLate,
  loopbackNetwork,
  waitFor,
  type LoopbackPeer,
} from "./loopback-network.ts";

transportAcceptance("libp2p on loopback", loopbackNetwork);
doorAcceptance("libp2p on loopback", loopbackNetwork);

test("What was sent before closing arrives, and nothing is sent or fetched afterwards", async () => {
  await using network = await loopbackNetwork(2, { clock: new VirtualClock() });
  const [a, b] = pair(network.peers);
  const large = block(1, 5 << 20);
  a.transport.send(b.id, large);
  a.transport.send(b.id, advert(2));
  await a.transport.close();
  await waitFor(() => b.inbox.messagesFrom(a.id).length === 2);
  expect(sameBlock(b.inbox.messagesFrom(a.id)[0], large)).toBe(true);
  expect(a.transport.send(b.id, advert(3))).toBe(false);
  expect(await codeOf(network, fetchAll(a.transport, b.id, QUESTION))).toBe("UNREACHABLE");
  expect(a.transport.connections()).toBe(0);
});

test("A peer is met at an address by whoever is there, also where that is itself", async () => {
  await using network = await loopbackNetwork(2);
  const [a, b] = pair(network.peers);
  const addressOf = ({ node }: LoopbackPeer) => ({ address: addressesOf(node)[0]! });
  expect(await a.transport.meet(addressOf(b))).toBe(b.id);
  expect(await a.transport.meet(addressOf(a))).toBe(a.id);
  expect(await a.transport.meet(b.id)).toBe(b.id);
  await expect(a.transport.meet(network.unreachable)).rejects.toMatchObject({ code: "UNREACHABLE" });
  await expect(a.transport.meet({ address: "nowhere" })).rejects.toMatchObject({ code: "UNREACHABLE" });
  expect(b.inbox.received).toEqual([]);
});

test("Closing does not wait for a peer that takes nothing in longer than the grace", async () => {
  const clock = new VirtualClock();
  await using network = await loopbackNetwork(1, { clock, closeGraceMs: 700 });
  await using deaf = await admittedNode();
  const [a] = network.peers;
  await deaf.handle(GOSSIP_PROTOCOL, (stream) => stream.pause());
  const id = deaf.peerId.toString() as PeerId;
  a!.transport.learn({ peer: id, addresses: addressesOf(deaf) });
  a!.transport.send(id, block(1, 6 << 20));
  await waitFor(() => a!.transport.linkedPeers().includes(id));
  let isClosed = false;
  const closing = a!.transport.close().then(() => {
    isClosed = true;
  });
  await clock.runFor(699);
  expect(isClosed).toBe(false);
  await clock.runFor(1);
  await closing;
});

test("A peer that cannot be reached is tried again after a second, then after two, then after four", async () => {
  const clock = new VirtualClock();
  await using network = await loopbackNetwork(1, { clock });
  const [a] = network.peers;
  const failed = (times: number) => waitFor(() => a!.inbox.lost.length === times);
  const speak = () => a!.transport.send(network.unreachable, advert(1));
  for (const [times, delayMs] of [1000, 2000, 4000].entries()) {
    expect(speak()).toBe(true);
    await failed(times + 1);
    await clock.runFor(delayMs - 1);
    expect(speak()).toBe(false);
    await clock.runFor(1);
  }
  expect(a!.transport.stats.droppedMessages).toBe(6);
});

test("A peer that cannot be reached is spoken to at once when it connects by itself", async () => {
  await using network = await loopbackNetwork(2, { clock: new VirtualClock() });
  const [a, b] = pair(network.peers);
  a.transport.learn({ peer: b.id, addresses: ["/ip4/127.0.0.1/tcp/9"] });
  a.transport.send(b.id, advert(1));
  await waitFor(() => a.inbox.lost.includes(b.id));
  expect(a.transport.send(b.id, advert(2))).toBe(false);
  b.transport.send(a.id, advert(3));
  await waitFor(() => a.inbox.messagesFrom(b.id).length === 1);
  expect(a.transport.send(b.id, advert(4))).toBe(true);
  await waitFor(() => b.inbox.messagesFrom(a.id).length === 1);
});

test("A peer that cannot be reached is tried at once at a new address, but not at the same one", async () => {
  await using network = await loopbackNetwork(2, { clock: new VirtualClock() });
  const [a, b] = pair(network.peers);
  const nobody = ["/ip4/127.0.0.1/tcp/9", "no address", "/dnsaddr/example.invalid"];
  a.transport.learn({ peer: b.id, addresses: nobody });
  a.transport.send(b.id, advert(1));
  await waitFor(() => a.inbox.lost.includes(b.id));
  a.transport.learn({ peer: b.id, addresses: nobody });
  expect(a.transport.send(b.id, advert(2))).toBe(false);
  a.transport.learn({ peer: b.id, addresses: [...nobody, ...addressesOf(b.node)] });
  expect(a.transport.send(b.id, advert(3))).toBe(true);
  await waitFor(() => b.inbox.messagesFrom(a.id).length === 1);
});

test("The end of a peer's process ends its link, which is told; it is found unreachable by the next message, and greeted when it is back", async () => {
  const clock = new VirtualClock();
  await using network = await loopbackNetwork(2, { clock });
  const [a, b] = pair(network.peers);
  a.transport.send(b.id, advert(1));
  await waitFor(() => b.inbox.messagesFrom(a.id).length === 1);
  await b.transport.close();
  await b.node.stop();
  await waitFor(() => a.transport.connections() === 0 && a.transport.linkedPeers().length === 0);
  expect(a.inbox.disconnects).toEqual([b.id]);
  a.transport.send(b.id, advert(2));
  await waitFor(() => a.inbox.lost.includes(b.id));
  await b.node.start();
  const inbox = new RecordingInbox(b.id);
  await using reborn = new Libp2pTransport(b.node, inbox, { clock }, () => undefined);
  a.transport.learn({ peer: b.id, addresses: addressesOf(b.node) });
  a.transport.send(b.id, advert(3));
  await waitFor(() => inbox.messagesFrom(a.id).length === 1);
  expect(inbox.received.map(({ message }) => message.kind)).toEqual(["alive", "advert"]);
  await waitFor(() => reborn.linkedPeers().length === 1);
  expect(reborn.linkedPeers()).toEqual([a.id]);
});

test("A fetch is given up with its signal though the other side never answers", async () => {
  await using network = await loopbackNetwork(2);
  const [a, b] = pair(network.peers);
  const asked = Promise.withResolvers<void>();
  b.inbox.blocks = () => {
    asked.resolve();
    return new Promise(() => undefined);
  };
  const controller = new AbortController();
  const fetching = fetchAll(
    a.transport,
    b.id,
    { channel: CHANNEL, range: { first: 0, end: 1 } },
    controller.signal,
  );
  await asked.promise;
  controller.abort(new Error("enough"));
  await expect(fetching).rejects.toThrow("enough");
});

test.each<[string, (peer: LoopbackPeer) => void]>([
  [
    "the connection is lost",
    ({ node }) => node.getConnections().forEach((one) => one.abort(new Error("cut"))),
  ],
  ["the other side's process is killed", ({ node }) => socketsOf(node).forEach((socket) => socket.destroy())],
  ["the other side stops", ({ transport }) => void transport.close()],
])("A fetch is rejected as unreachable when %s before the answer's end", async (_what, stop) => {
  await using network = await loopbackNetwork(2);
  const [a, b] = pair(network.peers);
  b.inbox.blocks = async () => {
    stop(b);
    return [];
  };
  const fetching = fetchAll(a.transport, b.id, { channel: CHANNEL, range: { first: 0, end: 1 } });
  expect(await codeOf(network, fetching)).toBe("UNREACHABLE");
});

test("Thirty questions at once are all answered", async () => {
  await using network = await loopbackNetwork(2, { answersPerPeerMax: 30 });
  const [a, b] = pair(network.peers);
  b.inbox.blocks = async () => [bytes(3, 1)];
  const asking = Array.from({ length: 30 }, () => fetchAll(a.transport, b.id, QUESTION));
  for (const blocks of await Promise.all(asking)) expect(blocks).toEqual([bytes(3, 1)]);
});

test("A question that has come in full before libp2p hands its stream over is answered", async () => {
  await using network = await loopbackNetwork(2);
  const [a, b] = pair(network.peers);
  b.inbox.blocks = async () => [bytes(3, 1)];
  handOverLate(b.node, FETCH_PROTOCOL, isEnded);
  expect(await fetchAll(a.transport, b.id, QUESTION)).toEqual([bytes(3, 1)]);
});

test("Messages that have come in full before libp2p hands their stream over are heard, and the sender can stop", async () => {
  await using network = await loopbackNetwork(2, { clock: new VirtualClock() });
  const [a, b] = pair(network.peers);
  handOverLate(b.node, GOSSIP_PROTOCOL, isEnded);
  a.transport.send(b.id, advert(1));
  await a.transport.close();
  expect(b.inbox.received.map(({ message }) => message.kind)).toEqual(["alive", "advert"]);
});

test.each([{ answersMax: 1 }, { answersPerPeerMax: 1 }])(
  "No more answers are made at a time than %o",
  async (limit) => {
    await using network = await loopbackNetwork(3, limit);
    const [a, b, c] = trio(network.peers);
    const fetchFrom = (asker: LoopbackPeer) =>
      fetchAll(asker.transport, a.id, { channel: CHANNEL, range: { first: 0, end: 1 } });
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<readonly Uint8Array[]>();
    a.inbox.blocks = () => {
      asked.resolve();
      return answer.promise;
    };
    const first = fetchFrom(b);
    await asked.promise;
    expect(await codeOf(network, fetchFrom(b))).toBe("UNREACHABLE");
    const other = fetchFrom(c);
    if (limit.answersMax !== undefined) expect(await codeOf(network, other)).toBe("UNREACHABLE");
    answer.resolve([]);
    expect(await first).toEqual([]);
    if (limit.answersPerPeerMax !== undefined) expect(await other).toEqual([]);
    await waitFor(() =>
      a.node.getConnections(b.node.peerId).every(({ streams }) => streams.every(isNoFetch)),
    );
    expect(await fetchFrom(b)).toEqual([]);
  },
);

test("A message that goes to many is encoded once", async () => {
  await using network = await loopbackNetwork(3);
  const [a, b, c] = trio(network.peers);
  let reads = 0;
  const message: Message = {
    kind: "block",
    channel: CHANNEL,
    spread: SPREAD_NONE,
    get block() {
      reads++;
      return new Uint8Array([1]);
    },
  };
  for (const peer of [b, c]) a.transport.send(peer.id, message);
  for (const peer of [b, c]) await waitFor(() => peer.inbox.messagesFrom(a.id).length === 1);
  expect(reads).toBe(1);
});

test("Counted are bytes by kind, messages dropped and refusals", async () => {
  await using network = await loopbackNetwork(2, { sendQueueBytesMax: 1000 });
  const [a, b] = pair(network.peers);
  a.transport.send(b.id, block(1, 2000));
  expect(a.transport.send(b.id, block(2, 2000))).toBe(false);
  await settled(network, fetchAll(b.transport, a.id, QUESTION));
  await waitFor(() => b.inbox.messagesFrom(a.id).length === 1);
  expect(a.transport.stats).toMatchObject({ droppedMessages: 1, receivedBytes: { fetch: 22 } });
  expect(a.transport.stats.sentBytes.block).toBe(b.transport.stats.receivedBytes.block);
  expect(a.transport.stats.sentBytes.block).toBeGreaterThan(2000);
  expect(a.events).toContainEqual(
    expect.objectContaining({ kind: "dropped", peer: b.id, messages: 1, message: "its queue is full" }),
  );
});

/** The sockets under a node's connections, to be cut off without a word. */
function socketsOf(node: Libp2p): readonly Socket[] {
  return node
    .getConnections()
    .map(
      (connection) =>
        (connection as unknown as { readonly maConn: { readonly socket: Socket } }).maConn.socket,
    );
}

function isEnded(stream: Stream): boolean {
  return stream.remoteWriteStatus === "closed";
}

function isNoFetch(stream: Stream): boolean {
  return stream.protocol !== FETCH_PROTOCOL;
}

function trio(peers: readonly LoopbackPeer[]): readonly [LoopbackPeer, LoopbackPeer, LoopbackPeer] {
  return [peers[0]!, peers[1]!, peers[2]!];
}

function pair(peers: readonly LoopbackPeer[]): readonly [LoopbackPeer, LoopbackPeer] {
  return [peers[0]!, peers[1]!];
}
