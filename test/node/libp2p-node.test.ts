import { once } from "node:events";
import { connect } from "node:net";
import { generateKeyPair } from "@libp2p/crypto/keys";
import { expect, test } from "vitest";
import { createNode } from "../../node/transport/libp2p-node.ts";
import { addressesOf, bareNode, waitFor } from "./loopback-network.ts";

test("An address that is in use is refused by name", async () => {
  await using first = await bareNode();
  const listen = addressesOf(first);
  const privateKey = await generateKeyPair("Ed25519");
  await expect(createNode({ privateKey, listen, connectionsMax: 10 })).rejects.toMatchObject({
    name: "NodeError",
    code: "PORT_TAKEN",
    message: expect.stringContaining(`127.0.0.1:${listen[0]?.split("/").at(-1)} is in use`),
  });
});

test("An address that is not this machine's is refused by name and reason", async () => {
  const privateKey = await generateKeyPair("Ed25519");
  const listen = ["/ip4/192.0.2.1/tcp/0"];
  await expect(createNode({ privateKey, listen, connectionsMax: 10 })).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    message: expect.stringMatching(/\/ip4\/192\.0\.2\.1\/tcp\/0.*EADDRNOTAVAIL/),
  });
});

test("One options object makes one peer again and again, and is not written to", async () => {
  const privateKey = await generateKeyPair("Ed25519");
  const options = Object.freeze({
    privateKey,
    listen: Object.freeze(["/ip4/127.0.0.1/tcp/0"]),
    connectionsMax: 10,
  });
  const first = await createNode(options);
  await first.stop();
  const second = await createNode(options);
  await second.stop();
  expect(second.peerId.toString()).toBe(first.peerId.toString());
});

test("More connections than allowed are not accepted", async () => {
  const privateKey = await generateKeyPair("Ed25519");
  const node = await createNode({ privateKey, listen: ["/ip4/127.0.0.1/tcp/0"], connectionsMax: 2 });
  await using stack = new AsyncDisposableStack();
  stack.defer(async () => void (await node.stop()));
  const others = [await bareNode(), await bareNode(), await bareNode()];
  for (const other of others) stack.use(other);
  // Connections on which nothing goes on would make room.
  await node.handle("/kept/1.0.0", () => undefined);
  for (const other of others.slice(0, 2)) await other.dialProtocol(node.getMultiaddrs(), "/kept/1.0.0");
  await waitFor(() => node.getConnections().length === 2);
  await expect(others[2]!.dial(node.getMultiaddrs())).rejects.toThrow();
  expect(node.getConnections()).toHaveLength(2);
  const socket = connect(Number(addressesOf(node)[0]?.split("/").at(-1)), "127.0.0.1");
  await once(socket, "close");
  expect(socket.bytesRead).toBe(0);
});

test("Forty sockets that say nothing keep nobody out", async () => {
  await using node = await bareNode();
  await using other = await bareNode();
  const port = Number(addressesOf(node)[0]?.split("/").at(-1));
  const sockets = await Promise.all(
    Array.from({ length: 40 }, async () => {
      const socket = connect(port, "127.0.0.1");
      await once(socket, "connect");
      return socket;
    }),
  );
  await other.dial(node.getMultiaddrs());
  for (const socket of sockets) socket.destroy();
});

test("Twenty peers from one address are accepted at once", async () => {
  await using node = await bareNode();
  await using stack = new AsyncDisposableStack();
  const others = await Promise.all(Array.from({ length: 20 }, () => bareNode()));
  for (const other of others) stack.use(other);
  await Promise.all(others.map((other) => other.dial(node.getMultiaddrs())));
  await waitFor(() => node.getConnections().length === others.length);
});
