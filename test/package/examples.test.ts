import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { json, text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startPeer, type Peer } from "../../node/index.ts";
import { DemoChannel } from "../end-to-end/demo-channel.ts";
import { eventually, FAST } from "../end-to-end/processes.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const directory = temporaryDirectory();
let channel: DemoChannel;
let peer: Peer;
const running = new Set<ChildProcess>();

beforeAll(async () => {
  channel = await DemoChannel.create(directory.path);
  peer = await startPeer({
    data: join(directory.path, "peer"),
    genesis: [channel.genesis],
    admission: "open",
    gossip: { aliveIntervalMs: 500, roundIntervalMs: 500, antiEntropyIntervalMs: 500 },
  });
});

afterAll(async () => {
  for (const child of running) child.kill("SIGKILL");
  await peer.stop();
  directory[Symbol.dispose]();
});

/** Runs an example in a process of its own, on the package's sources. */
function run(name: string, flags: readonly string[]) {
  const child = spawn(
    process.execPath,
    [
      "--conditions=blockgossip-source",
      join(ROOT, "examples", name, `${name}.ts`),
      `--genesis=${channel.genesis}`,
      `--bootstrap=${peer.multiaddrs[0]}`,
      `--data=${join(directory.path, name)}`,
      ...flags,
    ],
    {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, ...FAST },
    },
  );
  running.add(child);
  const output = text(child.stdout);
  const end = async (signal: "SIGKILL" | "SIGTERM") => {
    const exited = once(child, "exit");
    child.kill(signal);
    const [status] = await exited;
    running.delete(child);
    return { status, output: await output };
  };
  return { end };
}

async function submit(count: number): Promise<void> {
  for (let block = 0; block < count; block++) await peer.submit(channel.next(100));
}

test("the indexer, killed and started again, has each block once", async () => {
  const path = join(directory.path, "blocks.db");
  const first = run("indexer", [`--database=${path}`]);
  await submit(20);
  const held = () => {
    try {
      using database = new DatabaseSync(path, { readOnly: true });
      return database.prepare("SELECT number, hash FROM blocks ORDER BY number").all();
    } catch {
      // Not made yet.
      return [];
    }
  };
  await eventually("some blocks are indexed", async () => held().length > 5);
  await first.end("SIGKILL");
  await submit(20);
  const second = run("indexer", [`--database=${path}`]);
  await eventually("all blocks are indexed", async () => held().length === peer.height());
  const { status, output } = await second.end("SIGTERM");
  expect(status).toBe(0);
  // Of six blocks that were indexed, the last one's checkpoint may not have been written.
  expect(Number(/^indexing from block (\d+)$/m.exec(output)?.[1])).toBeGreaterThanOrEqual(5);
  const blocks: unknown[] = [];
  for await (const { number, hash } of peer.blocks()) {
    blocks.push({ number, hash });
    if (number === peer.height() - 1) break;
  }
  expect(held()).toEqual(blocks);
  using database = new DatabaseSync(path, { readOnly: true });
  const { count } = database.prepare("SELECT count(*) AS count FROM transactions").get()!;
  expect(count).toBe(peer.height());
}, 180_000);

test("the webhook posts each block in order until it is taken, and goes on after a crash", async () => {
  const taken: number[] = [];
  let refusals = 0;
  await using server = createServer(async (request, response) => {
    const { number } = (await json(request)) as { number: number };
    const isRefused = number === 2 && refusals < 2;
    if (isRefused) refusals++;
    else taken.push(number);
    response.writeHead(isRefused ? 503 : 204).end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/blocks`;
  await submit(5);
  const first = run("webhook", [`--url=${url}`]);
  await eventually("all blocks are posted", async () => taken.at(-1) === peer.height() - 1);
  await first.end("SIGKILL");
  const before = taken.length;
  await submit(5);
  const second = run("webhook", [`--url=${url}`]);
  await eventually("the new blocks are posted", async () => taken.at(-1) === peer.height() - 1);
  expect((await second.end("SIGTERM")).status).toBe(0);
  expect(refusals).toBe(2);
  // The one that was under way may come twice.
  expect([...new Set(taken)]).toEqual(Array.from({ length: peer.height() }, (_, number) => number));
  expect(taken.length - before).toBeLessThanOrEqual(6);
}, 180_000);
