import { expect, test } from "vitest";
import { VirtualClock } from "../../node/testing/simulator/virtual-clock.ts";
import { advert } from "../transport-messages.ts";
import { loopbackNetwork, waitFor, type LoopbackPeer } from "./loopback-network.ts";

test("Above the target the links that were used least recently are closed, once they are idle for a minute", async () => {
  const clock = new VirtualClock();
  await using network = await loopbackNetwork(5, { clock, connectionsTarget: 2 });
  const [hub, first, second, third, speaker] = network.peers as readonly [
    LoopbackPeer,
    LoopbackPeer,
    LoopbackPeer,
    LoopbackPeer,
    LoopbackPeer,
  ];
  const say = async (from: LoopbackPeer, to: LoopbackPeer, number: number) => {
    from.transport.send(to.id, advert(number));
    await waitFor(() =>
      to.inbox.messagesFrom(from.id).some((one) => one.kind === "advert" && one.height === number),
    );
  };
  const linked = () => hub.transport.linkedPeers().toSorted();
  for (const peer of [first, second, third]) await say(hub, peer, 1);
  await say(speaker, hub, 1);
  await waitFor(() => linked().length === 4);
  await clock.runFor(40_000);
  expect(linked()).toHaveLength(4);
  await say(hub, second, 2);
  await say(speaker, hub, 2);
  await clock.runFor(35_000);
  await waitFor(() => hub.node.getConnections().length === 2);
  expect(linked()).toEqual([second.id, speaker.id].toSorted());
  await waitFor(() => first.transport.connections() + third.transport.connections() === 0);
  expect(network.peers.flatMap(({ inbox }) => inbox.lost)).toEqual([]);
  expect(hub.transport.stats.droppedMessages).toBe(0);
  await say(first, hub, 3);
  await say(hub, first, 3);
});

test("As many links as the target stay, however idle they are", async () => {
  const clock = new VirtualClock();
  await using network = await loopbackNetwork(3, { clock, connectionsTarget: 2 });
  const [hub, ...others] = network.peers;
  for (const { id } of others) hub!.transport.send(id, advert(1));
  await waitFor(() => hub!.transport.linkedPeers().length === 2);
  await clock.runFor(600_000);
  expect(hub!.transport.linkedPeers()).toHaveLength(2);
});
