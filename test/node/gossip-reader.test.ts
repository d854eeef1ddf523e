import { expect, test } from "vitest";
import { GossipError } from "../../gossip/errors.ts";
import { encodeMessage } from "../../gossip/wire/message-codec.ts";
import { GOSSIP_PROTOCOL } from "../../node/transport/protocols.ts";
import { advert } from "../transport-messages.ts";
import { framed, HostilePeer } from "./hostile-peer.ts";
import { loopbackNetwork, waitFor } from "./loopback-network.ts";

test("What the inbox finds malformed ends the stream, and is not told to the inbox a second time", async () => {
  await using network = await loopbackNetwork(1);
  const [a] = network.peers;
  await using hostile = await HostilePeer.against(a!);
  a!.inbox.onReceive = () => {
    throw new GossipError("MALFORMED_MESSAGE", "a statement that is none");
  };
  const stream = await hostile.open(GOSSIP_PROTOCOL);
  stream.send(framed(encodeMessage(advert(1))));
  await waitFor(() => stream.status !== "open");
  expect(a!.transport.stats.refusals.MALFORMED_MESSAGE).toBe(1);
  expect(a!.inbox.turnedAway).toEqual([]);
});

test("What is no message is told to the inbox, which has seen nothing of it", async () => {
  await using network = await loopbackNetwork(1);
  const [a] = network.peers;
  await using hostile = await HostilePeer.against(a!);
  const stream = await hostile.open(GOSSIP_PROTOCOL);
  stream.send(framed(new Uint8Array(40).fill(0xff)));
  await waitFor(() => stream.status !== "open");
  expect(a!.inbox.turnedAway).toEqual([{ peer: hostile.id, code: "MALFORMED_MESSAGE" }]);
});
