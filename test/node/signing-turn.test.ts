import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Block } from "../../chain/block.ts";
import { transactionData } from "../../chain/transaction.ts";
import { ApiClient } from "../../node/http/api-client.ts";
import { startPeer, type Peer, type PeerOptions } from "../../node/index.ts";
import { Orderer, type BlockRequest } from "../../node/orderer/orderer.ts";
import { ordererDirectories } from "../../node/orderer/orderer-folder.ts";
import { OrdererMemory } from "../../node/orderer/orderer-memory.ts";
import { submitNext } from "../../node/orderer/submission.ts";
import { DemoChannel } from "../end-to-end/demo-channel.ts";
import { eventually } from "../end-to-end/processes.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const folder = temporaryDirectory();
const owned = new AsyncDisposableStack();
const BLOCK_BYTES_MAX = 100_000;
let demo: DemoChannel;
let one: Peer;
let other: Peer;
/** Knows no other peer. */
let alone: ApiClient;

beforeAll(async () => {
  demo = await DemoChannel.create(folder.path);
  const start = async (data: string, more: PeerOptions = {}) =>
    owned.use(
      await startPeer({
        data: join(folder.path, data),
        genesis: [demo.genesis],
        admission: "open",
        api: "127.0.0.1:0",
        blockBytesMax: BLOCK_BYTES_MAX,
        gossip: { aliveIntervalMs: 300, roundIntervalMs: 300, antiEntropyIntervalMs: 300 },
        ...more,
      }),
    );
  one = await start("one");
  other = await start("other", { bootstrap: one.multiaddrs });
  alone = apiOf(await start("alone"));
});

afterAll(async () => {
  await owned.disposeAsync();
  folder[Symbol.dispose]();
});

function apiOf({ api }: Peer): ApiClient {
  return new ApiClient(api!);
}

async function run(program: string, ...args: readonly string[]) {
  const child = spawn(process.execPath, [path(program), ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const [[status, signal], stdout, stderr] = await Promise.all([
    once(child, "exit"),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { status, signal, stdout, stderr };
}

const memoryFile = () => join(demo.orderers, "orderer0", "last-signed.block");
const remembered = () => Block.parse(new Uint8Array(readFileSync(memoryFile())));
const made = (content = "file") => ({
  orderers: demo.orderers,
  files: [Buffer.from(content)],
  timeoutMs: 100,
});

/** Matches the NodeError of this code with these words. */
function refused(code: string, words: string): Error {
  return expect.objectContaining({ name: "NodeError", code, message: expect.stringContaining(words) });
}

test("two processes that submit at two peers at a time make one chain", async () => {
  const start = one.height();
  const flags = ["--orderer", demo.orderers, "--count", "10", "--size", "100"];
  const outcomes = await Promise.all(
    [one, other].map(({ api }) => run("../../node/cli.ts", "submit", "--api", api!, ...flags)),
  );
  expect(outcomes).toMatchObject([
    { status: 0, stderr: "" },
    { status: 0, stderr: "" },
  ]);
  const lines = outcomes.flatMap(({ stdout }) => stdout.trimEnd().split("\n"));
  const numbers = lines.map((line) => Number(/^block (\d+) {2}[0-9a-f]{64} {2}accepted$/.exec(line)?.[1]));
  expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => start + index));
  await eventually("both hold all", async () => [one, other].every((peer) => peer.height() === start + 20));
  const [here, there] = await Promise.all([one, other].map((peer) => apiOf(peer).channel("demo")));
  expect(here).toMatchObject({ forks: [], tipHash: there!.tipHash });
  expect(there!.forks).toEqual([]);
});

test("what was signed by a process that was killed is handed in by the next, wherever that asks", async () => {
  const start = one.height();
  const killed = await run("signing-child.ts", one.api!, "demo", demo.orderers, "the killed one's");
  expect(killed).toMatchObject({ signal: "SIGKILL", stderr: "" });
  const { block, result } = await submitNext(apiOf(other), "demo", { ...made(), timeoutMs: 5_000 });
  expect(result).toMatchObject({ kind: "accepted", number: start + 1 });
  const before = Block.parse(await apiOf(other).block("demo", start));
  expect(new TextDecoder().decode(transactionData(before.transactions[0]!))).toBe("the killed one's");
  expect(block.previousHash).toBe(before.hash);
});

test("at a peer that lags nothing is signed", async () => {
  const before = remembered();
  await expect(submitNext(alone, "demo", made())).rejects.toThrow(
    refused(
      "TIMED_OUT",
      `has block 0 of channel demo, and these orderers have signed block ${before.number}`,
    ),
  );
  expect(remembered().hash).toBe(before.hash);
});

test("a block that the peer refuses for what it is was never signed", async () => {
  const before = remembered();
  const files = [Buffer.alloc(BLOCK_BYTES_MAX)];
  const { result } = await submitNext(apiOf(one), "demo", { ...made(), files });
  expect(result).toMatchObject({ kind: "refused", code: "BLOCK_TOO_LARGE" });
  expect(remembered().hash).toBe(before.hash);
  expect((await submitNext(apiOf(one), "demo", made())).result).toMatchObject({ kind: "accepted" });
});

test("where the peer has another chain, or refuses what was signed, nothing is signed, and it is said what to do", async () => {
  const bytes = readFileSync(memoryFile());
  const { number, previousHash, hash } = remembered();
  const stranger = await DemoChannel.create(join(folder.path, "stranger"));
  const request = { channel: "demo", lastConfig: 0, files: [Buffer.from("file")] };
  const sign = ({ orderers }: DemoChannel, parts: Pick<BlockRequest, "number" | "previousHash">) =>
    Orderer.load(orderers).createBlock({ ...request, ...parts });
  const cases = [
    ["ORDERER_INVALID", "two chains", sign(demo, { number, previousHash })],
    ["ORDERER_INVALID", "two chains", sign(demo, { number: number + 1, previousHash })],
    ["REJECTED", "UNSATISFIED_POLICY", sign(stranger, { number: number + 1, previousHash: hash })],
  ] as const;
  for (const [code, words, block] of cases) {
    writeFileSync(memoryFile(), block.bytes);
    const signing = submitNext(apiOf(one), "demo", made());
    await expect(signing).rejects.toThrow(refused(code, words));
    await expect(signing).rejects.toThrow(`remove ${memoryFile()}`);
  }
  writeFileSync(memoryFile(), bytes);
  expect(one.height()).toBe(number + 1);
});

test("who waits for longer than allowed is told who signs", async () => {
  using _held = await OrdererMemory.open(ordererDirectories(demo.orderers), 0);
  await expect(submitNext(apiOf(one), "demo", made())).rejects.toThrow(
    refused("BUSY", `is in use by process ${process.pid}`),
  );
});

test("folders that cannot be written, and a damaged memory, are told by name", async () => {
  const bytes = readFileSync(memoryFile());
  const lock = join(demo.orderers, "orderer0", "lock");
  mkdirSync(lock);
  await expect(submitNext(apiOf(one), "demo", made())).rejects.toThrow(
    refused("FILE_UNWRITABLE", join(demo.orderers, "orderer0")),
  );
  rmSync(lock, { recursive: true });
  writeFileSync(memoryFile(), "noise");
  await expect(submitNext(apiOf(one), "demo", made())).rejects.toThrow(
    refused("ORDERER_INVALID", memoryFile()),
  );
  writeFileSync(memoryFile(), bytes);
});

test("what one of several remembers counts for all", async () => {
  using several = temporaryDirectory();
  const directories = ["a", "b"].map((name) => join(several.path, name));
  for (const directory of directories) mkdirSync(directory);
  const [first, second] = [demo.next(), demo.next()];
  {
    using memory = await OrdererMemory.open(directories, 0);
    expect(memory.last).toBeUndefined();
    await memory.remember(first);
  }
  writeFileSync(join(directories[1]!, "last-signed.block"), second.bytes);
  using memory = await OrdererMemory.open(directories, 0);
  expect(memory.last!.hash).toBe(second.hash);
  await memory.remember(demo.next());
  await memory.forget();
  expect(memory.last!.hash).toBe(second.hash);
});
