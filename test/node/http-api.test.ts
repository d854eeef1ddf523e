import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { ApiClient } from "../../node/http/api-client.ts";
import type { Peer } from "../../node/peer/peer.ts";
import { eventually } from "../end-to-end/processes.ts";
import { DemoChannel } from "../end-to-end/demo-channel.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { runningPeer } from "./running-peer.ts";

interface Fixture extends AsyncDisposable {
  readonly channel: DemoChannel;
  readonly peer: Peer;
  readonly api: ApiClient;
  readonly directory: string;
}

/** A peer alone in a channel. */
async function fixture(flags: Readonly<Record<string, unknown>> = {}): Promise<Fixture> {
  const stack = new AsyncDisposableStack();
  const { path } = stack.use(temporaryDirectory());
  const channel = await DemoChannel.create(path);
  const peer = stack.use(await runningPeer(path, [channel.genesis], { name: "alone", ...flags }));
  const api = new ApiClient(peer.api);
  return { channel, peer, api, directory: path, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

test("the peer tells who and where it is", async () => {
  await using alone = await fixture();
  const status = await alone.api.status();
  expect(status).toMatchObject({
    peer: alone.peer.state.id,
    name: "alone",
    version: packageJson.version,
    multiaddrs: [expect.stringMatching(/^\/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\/12D3KooW/)],
    admission: "open",
    channels: [{ name: "demo", height: 1, tipHash: alone.channel.tip.hash, catchingUp: false }],
  });
  expect(status.process.pid).toBe(process.pid);
});

test("the peer is a member itself, with its height", async () => {
  await using alone = await fixture();
  const [self, ...others] = await alone.api.members("demo");
  expect(others).toEqual([]);
  expect(self).toMatchObject({
    peer: alone.peer.state.id,
    name: "alone",
    self: true,
    state: "alive",
    channels: [{ name: "demo", height: 1, lag: 0 }],
  });
});

test("a block comes back byte by byte, or as JSON with its parts", async () => {
  await using alone = await fixture();
  const block = alone.channel.next();
  await alone.api.submit("demo", block.bytes);
  const url = `${alone.peer.api}/v1/channels/demo/blocks/1`;
  const response = await fetch(url);
  expect(response.headers.get("content-type")).toBe("application/octet-stream");
  expect(new Uint8Array(await response.arrayBuffer())).toEqual(new Uint8Array(block.bytes));
  const asJson = await fetch(url, { headers: { accept: "application/json" } });
  expect(await asJson.json()).toEqual({
    number: 1,
    hash: block.hash,
    previousHash: block.previousHash,
    dataHash: block.dataHash,
    transactions: block.transactions.map((bytes) => Buffer.from(bytes).toString("base64")),
    metadata: block.metadata.map((bytes) => Buffer.from(bytes).toString("base64")),
  });
});

test("a new block is accepted, the same again is held, another of its number conflicts and is the proof of a fork", async () => {
  await using alone = await fixture();
  const second = alone.channel.sibling();
  const first = alone.channel.next();
  const { number, hash } = first;
  expect(await alone.api.submit("demo", first.bytes)).toEqual({ kind: "accepted", number, hash });
  expect(await alone.api.submit("demo", first.bytes)).toEqual({ kind: "held", number, hash });
  expect(await alone.api.submit("demo", second.bytes)).toMatchObject({ status: 409, code: "CONFLICT" });
  await eventually("the proof is written", async () => (await alone.api.channel("demo")).forks.length > 0);
  expect(await alone.api.channel("demo")).toMatchObject({
    height: 2,
    tipHash: hash,
    lastConfig: 0,
    peers: 0,
    bufferedBytes: 0,
    forks: [{ number: 1, first: hash, second: second.hash }],
  });
});

test("a block that is not the next is out of order, and is not kept", async () => {
  await using alone = await fixture();
  const [, later] = [alone.channel.next(), alone.channel.next()];
  const refused = await alone.api.submit("demo", later.bytes);
  expect(refused).toMatchObject({
    status: 409,
    code: "OUT_OF_ORDER",
    message: "block 2 does not follow: the next is 1",
  });
  expect(await alone.api.channel("demo")).toMatchObject({ height: 1, bufferedBytes: 0 });
});

test("a block that is signed but continues another chain breaks the link", async () => {
  await using alone = await fixture();
  const other = alone.channel.sibling(1_000, alone.channel.sibling().hash);
  const refused = await alone.api.submit("demo", other.bytes);
  expect(refused).toMatchObject({ status: 422, code: "BROKEN_LINK" });
  expect(await alone.api.submit("demo", alone.channel.next().bytes)).toMatchObject({ kind: "accepted" });
});

test("bytes that are no block, and none at all, are malformed", async () => {
  await using alone = await fixture();
  for (const bytes of [new Uint8Array(0), randomBytes(5_000)]) {
    expect(await alone.api.submit("demo", bytes)).toMatchObject({ status: 422, code: "MALFORMED_BLOCK" });
  }
});

test("a block above the limit is refused, whether its length is announced or not", async () => {
  await using alone = await fixture({ blockBytesMax: 4_096 });
  const large = alone.channel.sibling(100_000).bytes;
  const refusal = { status: 413, code: "BLOCK_TOO_LARGE" };
  expect(await alone.api.submit("demo", large)).toMatchObject(refusal);
  // Noise: a limit that holds only once all has been read would find that it is no block.
  const noise = randomBytes(100_000);
  const pieces = new ReadableStream({
    pull(controller) {
      controller.enqueue(noise.subarray(0, 10_000));
      controller.enqueue(noise.subarray(10_000));
      controller.close();
    },
  });
  const init: RequestInit & { duplex: "half" } = { method: "POST", body: pieces, duplex: "half" };
  const response = await fetch(`${alone.peer.api}/v1/channels/demo/blocks`, init);
  expect(response.status).toBe(413);
  expect(await alone.api.submit("demo", alone.channel.next(500).bytes)).toMatchObject({ kind: "accepted" });
});

test.each([
  ["/v1/channels/other", 404, "NOT_FOUND", "channel other is not joined here; joined: demo"],
  ["/v1/channels/other/blocks/0", 404, "NOT_FOUND", "channel other is not joined here; joined: demo"],
  ["/v1/channels/demo/blocks/1", 404, "NOT_HELD", "the height is 1"],
  ["/v1/channels/demo/blocks/-1", 400, "BAD_REQUEST", "-1 is no block number"],
  ["/v1/channels/demo/blocks/9007199254740993", 400, "BAD_REQUEST", "is no block number"],
  ["/v1/members?chanel=demo", 400, "BAD_REQUEST", 'the query: Unrecognized key: "chanel"'],
  ["/v1/members?channel=other", 404, "NOT_FOUND", "channel other is not joined here"],
  ["/nothing", 404, "NOT_FOUND", "there is no GET /nothing; GET /openapi.json has all"],
  ["/%zz", 400, "BAD_REQUEST", "/%zz"],
])("GET %s is refused with a sentence", async (path, status, code, words) => {
  await using alone = await fixture();
  const response = await fetch(alone.peer.api + path);
  expect(response.status).toBe(status);
  expect(response.headers.get("content-type")).toMatch(/^application\/problem\+json/);
  expect(await response.json()).toMatchObject({
    type: `urn:blockgossip:problem:${code}`,
    status,
    code,
    detail: expect.stringContaining(words),
  });
});

async function withHeaders(api: string, headers: Readonly<Record<string, string>>) {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: unknown }>();
  const asked = request(`${api}/healthz`, { headers }, (response) => {
    json(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
  });
  asked.once("error", reject).end();
  return await promise;
}

test("a web page of another host cannot use the API", async () => {
  await using alone = await fixture();
  const { port } = new URL(alone.peer.api);
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`, "localhost"]) {
    expect(await withHeaders(alone.peer.api, { host })).toEqual({ status: 200, body: { status: "OK" } });
  }
  for (const headers of [
    { host: "evil.example" },
    { host: `127.0.0.1.evil.example:${port}` },
    { host: `localhost:${port}`, origin: "http://evil.example" },
    { host: `localhost:${port}`, origin: "null" },
  ]) {
    expect(await withHeaders(alone.peer.api, headers)).toMatchObject({
      status: 403,
      body: { code: "FORBIDDEN" },
    });
  }
});

test("a block that is damaged on the disk is named, and not served", async () => {
  await using alone = await fixture();
  await alone.api.submit("demo", alone.channel.next().bytes);
  const file = join(alone.directory, "data", "channels", "demo", "ledger", "blockfile_000000");
  const bytes = readFileSync(file);
  bytes[bytes.length - 100]! ^= 1;
  writeFileSync(file, bytes);
  await expect(alone.api.block("demo", 1)).rejects.toThrow(/Block 1 .*blockfile_000000.*\(LEDGER_CORRUPT\)/);
  await alone.api.block("demo", 0);
});

test("a channel that has stopped is told by the health check, and takes nothing more", async () => {
  await using alone = await fixture();
  await alone.peer.state.channels[0]!.ledger.close();
  expect((await alone.api.submit("demo", alone.channel.next().bytes)).kind).toBe("refused");
  await expect(alone.peer.failed).rejects.toThrow();
  const response = await fetch(`${alone.peer.api}/healthz`);
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({
    failed_checks: [{ component: "channel demo", reason: expect.stringMatching(/./) }],
  });
  expect(await alone.api.submit("demo", alone.channel.tip.bytes)).toMatchObject({ kind: "refused" });
});

test("an address where nothing listens is named", async () => {
  const api = new ApiClient("http://127.0.0.1:1");
  await expect(api.status()).rejects.toThrow(
    expect.objectContaining({
      code: "API_UNREACHABLE",
      message: expect.stringContaining("http://127.0.0.1:1"),
    }),
  );
  expect(() => new ApiClient("")).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
});
