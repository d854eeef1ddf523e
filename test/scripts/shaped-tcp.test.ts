import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { generateKeyPair } from "@libp2p/crypto/keys";
import type { Libp2p, Stream } from "@libp2p/interface";
import { expect, onTestFinished, test } from "vitest";
import { link } from "../../scripts/bench/link.ts";
import { monotonicMs } from "../../scripts/bench/monotonic-ms.ts";
import { shapedTcp } from "../../scripts/bench/shaped-tcp.ts";
import { createNode } from "../../node/transport/libp2p-node.ts";

const PROTOCOL = "/test/shaped/1.0.0";
const CHUNK_BYTES = 60_000;

async function shapedNode(text: string): Promise<Libp2p> {
  const node = await createNode({
    privateKey: await generateKeyPair("Ed25519"),
    listen: ["/ip4/127.0.0.1/tcp/0"],
    connectionsMax: 10,
    transport: shapedTcp(link(text)),
  });
  onTestFinished(async () => void (await node.stop()));
  return node;
}

/** Resolves with the hash of what a stream brought and when it had all come. */
async function receiver(node: Libp2p) {
  const done = Promise.withResolvers<{
    readonly hash: string;
    readonly bytes: number;
    readonly atMs: number;
  }>();
  await node.handle(PROTOCOL, (stream) => {
    const hash = createHash("sha256");
    let bytes = 0;
    stream.addEventListener("message", ({ data }) => {
      hash.update(data.subarray());
      bytes += data.byteLength;
    });
    stream.addEventListener("remoteCloseWrite", () =>
      done.resolve({ hash: hash.digest("hex"), bytes, atMs: monotonicMs() }),
    );
  });
  return done.promise;
}

async function write(stream: Stream, bytes: Uint8Array): Promise<number> {
  let mostWaiting = 0;
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
    const canSendMore = stream.send(bytes.subarray(start, start + CHUNK_BYTES));
    mostWaiting = Math.max(mostWaiting, stream.writeBufferLength);
    if (!canSendMore) await once(stream, "drain");
  }
  await stream.close();
  return mostWaiting;
}

test("two connections of one node share its uplink, complete and no faster than the link", async () => {
  const source = await shapedNode("40mbit,20ms");
  const sinks = [await shapedNode("1gbit,20ms"), await shapedNode("1gbit,20ms")];
  const received = sinks.map((sink) => receiver(sink));
  const streams = await Promise.all(
    sinks.map(async (sink) => await source.dialProtocol(sink.getMultiaddrs(), PROTOCOL)),
  );
  const bytes = randomBytes(700_000);
  const startMs = monotonicMs();
  await Promise.all(streams.map((stream) => write(stream, bytes)));
  const results = await Promise.all(received);
  const hash = createHash("sha256").update(bytes).digest("hex");
  expect(results.map((result) => [result.hash, result.bytes])).toEqual([
    [hash, bytes.length],
    [hash, bytes.length],
  ]);
  const lastMs = Math.max(...results.map(({ atMs }) => atMs)) - startMs;
  expect(lastMs).toBeGreaterThanOrEqual(20 + (2 * bytes.length) / 5_000);
});

test("who writes more than the uplink takes is told to wait, and a question takes two delays at least", async () => {
  const source = await shapedNode("8mbit,30ms");
  const sink = await shapedNode("1gbit,30ms");
  const received = receiver(sink);
  const askedMs = monotonicMs();
  const stream = await source.dialProtocol(sink.getMultiaddrs(), PROTOCOL);
  expect(monotonicMs() - askedMs).toBeGreaterThanOrEqual(2 * 30);
  const bytes = randomBytes(900_000);
  const before = monotonicMs();
  await write(stream, bytes);
  // What waits for the uplink, and what libp2p has under way.
  const waitingBytesMax = 262_144 + 2 * CHUNK_BYTES;
  expect(monotonicMs() - before).toBeGreaterThanOrEqual((bytes.length - waitingBytesMax) / 1_000);
  expect((await received).bytes).toBe(bytes.length);
});

test("a connection that is cut off is gone on both sides", async () => {
  const source = await shapedNode("8mbit,10ms");
  const sink = await shapedNode("8mbit,10ms");
  const [opened, gone] = [once(sink, "connection:open"), once(sink, "connection:close")];
  const connection = await source.dial(sink.getMultiaddrs());
  await opened;
  connection.abort(new Error("cut off"));
  await gone;
  expect([connection.status, sink.getConnections().length]).toEqual(["aborted", 0]);
});
