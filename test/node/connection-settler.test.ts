import type { Connection } from "@libp2p/interface";
import { expect, test } from "vitest";
import type { Message } from "../../gossip/wire/messages.ts";
import { GOSSIP_PROTOCOL } from "../../node/transport/protocols.ts";
import { VirtualClock } from "../../node/testing/simulator/virtual-clock.ts";
import { fetchAll } from "../settled.ts";
import { advert, CHANNEL } from "../transport-messages.ts";
import { loopbackNetwork, waitFor, type LoopbackNetwork, type LoopbackPeer } from "./loopback-network.ts";

type Pair = readonly [LoopbackPeer, LoopbackPeer];

test.each<[string, (small: LoopbackPeer, large: LoopbackPeer) => Pair]>([
  ["the one with the smaller id dials first", (small, large) => [small, large]],
  ["the one with the greater id dials first", (small, large) => [large, small]],
])("Of two connections one is left, and no message is lost: %s", async (_what, order) => {
  const clock = new VirtualClock();
  await using network = await loopbackNetwork(2, { clock });
  const [small, large] = bySize(network);
  const [first, second] = order(small, large);
  let sent = 0;
  const speak = () => {
    sent++;
    for (const [from, to] of pairsOf(first, second))
      expect(from.transport.send(to.id, advert(sent))).toBe(true);
  };
  const areLinked = () =>
    pairsOf(first, second).every(([from, to]) => from.transport.linkedPeers().includes(to.id));
  first.transport.send(second.id, advert(0));
  await waitFor(areLinked);
  await second.node.dial(first.node.getMultiaddrs(), { force: true });
  for (let round = 0; round < 50; round++) {
    speak();
    await waitFor(() => second.inbox.messagesFrom(first.id).length > round);
  }
  await waitFor(() => small.node.getConnections().length === 2);
  await waitFor(() => gossipDirections(small).every((direction) => direction === "outbound") && areLinked());
  await waitFor(() => gossipDirections(large).every((direction) => direction === "inbound"));
  await clock.runFor(5_000);
  await waitFor(() => [small, large].every(({ node }) => node.getConnections().length === 1));
  speak();
  await waitFor(() =>
    pairsOf(first, second).every(([from, to]) => hasLast(to.inbox.messagesFrom(from.id), sent)),
  );
  const numbers = Array.from({ length: sent }, (_, index) => index + 1);
  expect(numbersOf(second.inbox.messagesFrom(first.id))).toEqual([0, ...numbers]);
  expect(numbersOf(first.inbox.messagesFrom(second.id))).toEqual(numbers);
  expect(small.node.getConnections().map(({ direction }) => direction)).toEqual(["outbound"]);
  expect([...small.inbox.lost, ...large.inbox.lost]).toEqual([]);
  // Once they have settled, nothing moves any more.
  const [kept] = small.node.getConnections();
  await clock.runFor(60_000);
  expect(small.node.getConnections()).toEqual([kept]);
});

test("Two peers that dial each other at once settle on one connection", async () => {
  const clock = new VirtualClock();
  await using network = await loopbackNetwork(2, { clock });
  const [small, large] = bySize(network);
  small.transport.send(large.id, advert(1));
  large.transport.send(small.id, advert(1));
  await waitFor(() =>
    pairsOf(small, large).every(([from, to]) => to.inbox.messagesFrom(from.id).length === 1),
  );
  await clock.runFor(10_000);
  await waitFor(() => [small, large].every(({ node }) => node.getConnections().length === 1));
});

test("A second connection is not closed while an answer is on its way on it", async () => {
  const clock = new VirtualClock();
  await using network = await loopbackNetwork(2, { clock });
  const [small, large] = bySize(network);
  const answer = Promise.withResolvers<readonly Uint8Array[]>();
  small.inbox.blocks = () => answer.promise;
  await large.node.dial(small.node.getMultiaddrs());
  const fetching = fetchAll(large.transport, small.id, { channel: CHANNEL, range: { first: 0, end: 1 } });
  await waitFor(() => small.transport.stats.receivedBytes.fetch !== undefined);
  await small.node.dial(large.node.getMultiaddrs(), { force: true });
  await small.transport.meet(large.id);
  await clock.runFor(20_000);
  expect(small.node.getConnections()).toHaveLength(2);
  answer.resolve([new Uint8Array([7])]);
  expect(await fetching).toEqual([new Uint8Array([7])]);
  await waitFor(() => small.node.getConnections().every((one) => one.streams.length === 0));
  await clock.runFor(5_000);
  await waitFor(() => small.node.getConnections().length === 1);
});

function bySize({ peers }: LoopbackNetwork): Pair {
  const [small, large] = peers.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return [small!, large!];
}

function pairsOf(a: LoopbackPeer, b: LoopbackPeer): readonly Pair[] {
  return [
    [a, b],
    [b, a],
  ];
}

/** The directions of the connections that a peer has gossip streams on. */
function gossipDirections({ node }: LoopbackPeer): readonly Connection["direction"][] {
  return node
    .getConnections()
    .filter(({ streams }) => streams.some(({ protocol }) => protocol === GOSSIP_PROTOCOL))
    .map(({ direction }) => direction);
}

function numbersOf(messages: readonly Message[]): readonly number[] {
  return messages.map((message) => (message.kind === "advert" ? message.height : -1));
}

function hasLast(messages: readonly Message[], number: number): boolean {
  return numbersOf(messages).at(-1) === number;
}
