import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ApiFollowedBlock } from "../../node/http/api-types.ts";
import { ApiClient } from "../../node/http/api-client.ts";
import type { Peer } from "../../node/peer/peer.ts";
import { RawFollower } from "../../scripts/bench/raw-follower.ts";
import { DemoChannel } from "../end-to-end/demo-channel.ts";
import { eventually, PATIENCE_MS, Processes } from "../end-to-end/processes.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { runningPeer } from "./running-peer.ts";

const FOLLOWERS_MAX = 4;
const ORIGIN = "https://explorer.example.org";

const stack = new AsyncDisposableStack();
let channel: DemoChannel;
let peer: Peer;
let directory: string;

beforeAll(async () => {
  directory = stack.use(temporaryDirectory()).path;
  channel = await DemoChannel.create(directory);
  const flags = { followersMax: FOLLOWERS_MAX, apiOrigins: [ORIGIN] };
  peer = stack.use(await runningPeer(directory, [channel.genesis], flags));
  for (let count = 0; count < 3; count++) await submit();
}, PATIENCE_MS);

afterAll(() => stack.disposeAsync());

async function submit(bytes?: number) {
  const block = channel.next(bytes);
  await new ApiClient(peer.api).submit("demo", block.bytes);
  return block;
}

/** What a follower is sent until the text ends with the given end. */
async function followed(query: string, headers: Record<string, string>, end: (text: string) => boolean) {
  const controller = new AbortController();
  const { signal } = controller;
  const response = await fetch(`${peer.api}/v1/channels/demo/blocks${query}`, { headers, signal });
  expect(response.status).toBe(200);
  let text = "";
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (end(text)) break;
  }
  controller.abort();
  return { type: response.headers.get("content-type"), text };
}

const LINES = { accept: "application/x-ndjson" };

function lines(text: string): readonly ApiFollowedBlock[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

test("lines of JSON: what is held from a number on, then what comes, with the exact bytes", async () => {
  const last = channel.tip.number + 1;
  const asked = followed(
    "?from=1",
    LINES,
    (text) => text.includes(`"number":${last}`) && text.endsWith("\n"),
  );
  const block = await submit();
  const { type, text } = await asked;
  expect(type).toBe("application/x-ndjson");
  const blocks = lines(text);
  expect(blocks.map(({ number }) => number)).toEqual(Array.from({ length: last }, (_, index) => index + 1));
  expect(blocks.at(-1)).toEqual({
    number: block.number,
    hash: block.hash,
    previousHash: block.previousHash,
    dataHash: block.dataHash,
    transactions: 1,
    bytes: Buffer.from(block.bytes).toString("base64"),
  });
});

test("server-sent events: a browser goes on behind the last one that it has seen", async () => {
  const tip = channel.tip.number;
  const end = (text: string) => text.includes(`id: ${tip}\n`) && text.endsWith("\n\n");
  const { type, text } = await followed("?from=oldest&bytes=false", {}, end);
  expect(type).toBe("text/event-stream");
  expect(text).toMatch(/^:\n\nid: 0\nevent: block\ndata: \{"number":0,[^\n]*\}\n\nid: 1\nevent: block\n/);
  expect(text).not.toContain('"bytes"');
  const again = await followed("?from=oldest", { "last-event-id": "1" }, end);
  expect(again.text).toMatch(/^id: 1\n\nid: 2\nevent: block\n/);
});

test("the newest is the next one, and a connection that has seen none says where it began", async () => {
  const next = channel.tip.number + 1;
  const begun = Promise.withResolvers<void>();
  const asked = followed("?from=newest", {}, (text) => {
    begun.resolve();
    return text.includes("}\n\n");
  });
  await begun.promise;
  await submit();
  expect((await asked).text).toMatch(new RegExp(`^id: ${next - 1}\n\nid: ${next}\nevent: block\n`));
});

/** How many more may follow. */
async function slots(): Promise<number> {
  const followers: RawFollower[] = [];
  try {
    for (;;) followers.push(await RawFollower.open(peer.api, "/v1/channels/demo/blocks", true));
  } catch {
    return followers.length;
  } finally {
    for (const follower of followers) follower[Symbol.dispose]();
  }
}

test("as many follow as may; the others are served, and there is room again when one has gone", async () => {
  await eventually("all have gone", async () => (await slots()) === FOLLOWERS_MAX);
  using followers = new DisposableStack();
  await eventually("all are taken", async () => {
    const opened = RawFollower.open(peer.api, "/v1/channels/demo/blocks", true);
    return await opened.then(
      (follower) => (followers.use(follower), false),
      () => true,
    );
  });
  const refused = await fetch(`${peer.api}/v1/channels/demo/blocks`);
  expect([refused.status, await refused.text()]).toEqual([503, expect.stringContaining("BUSY")]);
  await new ApiClient(peer.api).status();
});

test.each(["from=-1", "from=x", "from=9999999999999999", "bytes=no", "until=5"])(
  "?%s is refused",
  async (query) => {
    const response = await fetch(`${peer.api}/v1/channels/demo/blocks?${query}`);
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining("BAD_REQUEST")]);
  },
);

test("a block by its hash, the newest and the oldest", async () => {
  const api = `${peer.api}/v1/channels/demo/blocks`;
  const bytesOf = async (which: string) =>
    new Uint8Array(await (await fetch(`${api}/${which}`)).arrayBuffer());
  const block = await submit();
  const tip = await submit();
  expect(await bytesOf("newest")).toEqual(new Uint8Array(tip.bytes));
  expect(await bytesOf(block.hash.toUpperCase())).toEqual(new Uint8Array(block.bytes));
  const genesis = await bytesOf("oldest");
  expect(genesis).toEqual(new Uint8Array(readFileSync(channel.genesis)));
  const { hash } = (await (await fetch(`${api}/0`, { headers: { accept: "application/json" } })).json()) as {
    readonly hash: string;
  };
  expect(await bytesOf(hash)).toEqual(genesis);
  const unknown = await fetch(`${api}/${"0".repeat(64)}`);
  expect([unknown.status, await unknown.text()]).toEqual([404, expect.stringContaining("NOT_HELD")]);
  expect(await bytesOf((await submit()).hash)).toEqual(new Uint8Array(channel.tip.bytes));
});

test("pages of the origins that are named may use the API, others may not", async () => {
  const url = `${peer.api}/v1/status`;
  const of = (origin: string, init: RequestInit = {}) =>
    fetch(url, { ...init, headers: { origin, "access-control-request-method": "POST" } });
  const preflight = await of(ORIGIN, { method: "OPTIONS" });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get("access-control-allow-headers")).toContain("authorization");
  const answer = await of(ORIGIN);
  expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([200, ORIGIN]);
  for (const method of ["GET", "OPTIONS"]) {
    const foreign = await of("https://evil.example", { method });
    expect([foreign.status, foreign.headers.get("access-control-allow-origin")]).toEqual([403, null]);
  }
  const stream = await fetch(`${peer.api}/v1/channels/demo/blocks`, { headers: { origin: ORIGIN } });
  expect(stream.headers.get("access-control-allow-origin")).toBe(ORIGIN);
  await stream.body?.cancel();
  // Nobody needs credentials here, and yet such a page cannot stop the peer.
  const leave = await fetch(`${peer.api}/v1/leave`, { method: "POST", headers: { origin: ORIGIN } });
  expect([leave.status, await leave.text()]).toEqual([403, expect.stringContaining("RIGHT_MISSING")]);
  const own = await fetch(url, { headers: { origin: peer.api } });
  expect(own.status).toBe(200);
});

test("a large block comes whole in its pieces, and a damaged one ends the stream with a word", async () => {
  const block = await submit(300_000);
  const from = `?from=${block.number}`;
  const { text } = await followed(from, LINES, (read) => read.endsWith("}\n"));
  expect(lines(text)[0]?.bytes).toBe(Buffer.from(block.bytes).toString("base64"));
  const next = await submit();
  const file = join(directory, "data", "channels", "demo", "ledger", "blockfile_000000");
  const bytes = readFileSync(file);
  bytes[bytes.length - 100]! ^= 1;
  writeFileSync(file, bytes);
  const cut = await followed(`${from}&bytes=false`, {}, (read) => read.includes("event: cut"));
  expect(cut.text).toMatch(new RegExp(`\nevent: cut\ndata: .*LEDGER_CORRUPT.*Block ${next.number} `));
});

test("a channel that stops ends the stream with a word", async () => {
  const error = new Error("the disk is full");
  const cut = await followed("", {}, (read) => {
    if (!read.includes("cut")) peer.state.observers.observe({ kind: "failed", channel: "demo", error });
    return read.includes("event: cut");
  });
  expect(cut.text).toMatch(/event: cut\ndata: .*the channel has stopped: the disk is full.*STOPPED/);
});

test("followers that do not read cost little memory, and keep nobody waiting", async () => {
  await using processes = new Processes();
  const made = await DemoChannel.create(processes.path);
  const other = await processes.start({ name: "followed", genesis: [made.genesis] });
  for (let count = 0; count < 2; count++) await other.api.submit("demo", made.next(5_000_000).bytes);
  const rssMB = async () => (await other.api.status()).process.rssBytes / 1e6;
  const before = await rssMB();
  using followers = new DisposableStack();
  const open = async (from: string, reads: boolean) =>
    followers.use(await RawFollower.open(other.ready.api, `/v1/channels/demo/blocks?from=${from}`, reads));
  await Promise.all(Array.from({ length: 100 }, () => open("oldest", false)));
  const fast = await Promise.all(Array.from({ length: 100 }, () => open("newest", true)));
  for (let count = 1; count <= 8; count++) {
    await other.api.submit("demo", made.next(10_000).bytes);
    // All the fast ones have it, while there is much that the slow ones have not been given.
    await eventually(`block ${count} has come`, async () =>
      fast.every(({ arrivalsMs }) => arrivalsMs.length === count),
    );
  }
  // The message of such a block has 6.7 MB, of which each may keep a sixteenth; all of it would be 670 MB.
  expect((await rssMB()) - before).toBeLessThan(250);
});

test("the peer's end ends the streams, also that of who does not read", async () => {
  using followers = new DisposableStack();
  const path = "/v1/channels/demo/blocks?from=oldest";
  followers.use(await RawFollower.open(peer.api, path, false));
  const begun = Promise.withResolvers<void>();
  const reading = followed("", LINES, () => {
    begun.resolve();
    return false;
  });
  await begun.promise;
  const startMs = performance.now();
  await peer.stop();
  await reading;
  expect(performance.now() - startMs).toBeLessThan(2_500);
});
