import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startPeer, transactionData, type Block, type Peer, type PeerOptions } from "../../node/index.ts";
import { DemoChannel } from "../end-to-end/demo-channel.ts";
import { eventually } from "../end-to-end/processes.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const directory = temporaryDirectory();
let channel: DemoChannel;
let peer: Peer;

const options = (data: string, more: PeerOptions = {}): PeerOptions => ({
  data: join(directory.path, data),
  genesis: [channel.genesis],
  admission: "open",
  gossip: { aliveIntervalMs: 300, roundIntervalMs: 300 },
  ...more,
});

beforeAll(async () => {
  channel = await DemoChannel.create(directory.path);
  peer = await startPeer(options("one"));
});

afterAll(async () => {
  await peer.stop();
  directory[Symbol.dispose]();
});

/** The numbers of the first so many blocks. */
async function numbers(blocks: AsyncIterable<Block>, count: number): Promise<readonly number[]> {
  return await Array.fromAsync(take(blocks, count), ({ number }) => number);
}

/** The first so many blocks. */
async function* take(blocks: AsyncIterable<Block>, count: number): AsyncGenerator<Block> {
  for await (const block of blocks) {
    yield block;
    if (--count === 0) return;
  }
}

const code = (expected: string) => expect.objectContaining({ code: expected });

test("blocks are read from the ledger and waited for, from wherever one likes", async () => {
  const start = peer.height();
  const all = numbers(peer.blocks(), start + 3);
  const later = numbers(peer.blocks({ from: start + 1 }), 2);
  const news = numbers(peer.blocks({ channel: "demo", from: "newest" }), 1);
  for (let count = 0; count < 3; count++) {
    const block = channel.next();
    expect(await peer.submit(count === 0 ? block : block.bytes)).toEqual({
      number: start + count,
      hash: block.hash,
      isNew: true,
    });
  }
  expect(await all).toEqual(Array.from({ length: start + 3 }, (_, number) => number));
  expect(await later).toEqual([start + 1, start + 2]);
  expect(await news).toEqual([start]);
  expect(peer.tip()).toEqual({
    channel: "demo",
    height: start + 3,
    tipHash: channel.tip.hash,
    lastConfig: 0,
  });
});

test("a signal ends a loop without an error; what is asked for in vain names the channels there are", async () => {
  const controller = new AbortController();
  const waiting = numbers(peer.blocks({ from: "newest", signal: controller.signal }), 1);
  controller.abort();
  expect(await waiting).toEqual([]);
  await expect(numbers(peer.blocks({ channel: "other" }), 1)).rejects.toThrow(/other.*joined: demo/);
  await expect(numbers(peer.blocks({ from: -1 }), 1)).rejects.toThrow(RangeError);
});

test("a block that is refused tells why by a code, and one that is held already is no error", async () => {
  const block = channel.next();
  await peer.submit(block);
  expect((await peer.submit(block)).isNew).toBe(false);
  await expect(peer.submit(new Uint8Array([1]))).rejects.toThrow(code("MALFORMED_BLOCK"));
  await expect(peer.submit(channel.sibling(10, "00".repeat(32) as never))).rejects.toThrow(
    code("BROKEN_LINK"),
  );
  await expect(peer.submit(block, { channel: "other" })).rejects.toThrow(code("NOT_FOUND"));
  await expect(peer.submit(block, { signal: AbortSignal.abort(new Error("too late")) })).rejects.toThrow(
    "too late",
  );
});

test("the other peers get the block, and who is there and what happens is told in types", async () => {
  await using other = await startPeer(options("other", { bootstrap: peer.multiaddrs, name: "other" }));
  const origins: string[] = [];
  using _listening = other.on("block-committed", ({ origin }) => void origins.push(origin));
  using _failing = other.on("block-committed", () => {
    throw new Error("a listener that fails harms nobody");
  });
  await eventually("they know each other", async () => peer.members("demo").length === 2);
  const block = channel.next(500);
  const seen = numbers(other.blocks({ from: block.number }), 1);
  await peer.submit(block);
  expect(await seen).toEqual([block.number]);
  expect(origins.length).toBeGreaterThan(0);
  expect(peer.members().find(({ isSelf }) => !isSelf)).toMatchObject({
    id: other.id,
    name: "other",
    state: "alive",
  });
  expect(peer.members()[0]).toMatchObject({ id: peer.id, isSelf: true, heights: { demo: peer.height() } });
  expect(transactionData(block.transactions[0]!)).toHaveLength(500);
});

test("a consumer goes on behind its checkpoint in the next life, and loops end with the life before", async () => {
  const data = options("consumer");
  const firstBlocks = (await Array.fromAsync(take(peer.blocks(), 4))).slice(1);
  const ended = await (async () => {
    await using first = await startPeer(data);
    for (const block of firstBlocks) await first.submit(block);
    const read: number[] = [];
    const loop = (async () => {
      for await (const { number } of first.blocks({ consumer: "app" })) {
        read.push(number);
        if (number <= 2) await first.checkpoint("app", number);
      }
    })();
    await eventually("all are read", async () => read.length === 4);
    return loop;
  })();
  await ended;
  await using second = await startPeer(data);
  expect(await numbers(second.blocks({ consumer: "app", from: "newest" }), 1)).toEqual([3]);
  expect(await numbers(second.blocks({ consumer: "another" }), 1)).toEqual([0]);
  await expect(second.checkpoint("../app", 1)).rejects.toThrow(code("CHECKPOINT_INVALID"));
  await expect(second.checkpoint("app", 4)).rejects.toThrow(/the newest block is 3/);
  await Promise.all([second.checkpoint("app", 0), second.checkpoint("app", 1)]);
  const file = join(directory.path, "consumer", "channels", "demo", "checkpoints", "app.json");
  expect(readFileSync(file, "utf8")).toBe('{"block":1}\n');
  writeFileSync(file, "{");
  await expect(numbers(second.blocks({ consumer: "app" }), 1)).rejects.toThrow(code("CHECKPOINT_INVALID"));
});

test("a signal stops a peer; wrong options are named as options, and there is an API only where one is asked for", async () => {
  const controller = new AbortController();
  const own = await startPeer(options("stopped", { signal: controller.signal, api: "127.0.0.1:0" }));
  expect((await fetch(`${own.api}/healthz`)).status).toBe(200);
  expect(peer.api).toBeUndefined();
  const loop = numbers(own.blocks({ from: "newest" }), 1);
  controller.abort();
  expect(await loop).toEqual([]);
  await own.stop();
  await expect(fetch(`${own.api}/healthz`)).rejects.toThrow();
  await expect(startPeer(options("stopped", { signal: controller.signal }))).rejects.toThrow("aborted");
  await expect(startPeer({ listen: ["nowhere"] })).rejects.toThrow(/listen.*"nowhere" \(option listen\)/);
});
