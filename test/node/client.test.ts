import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Client } from "../../node/client.ts";
import { EXIT_STATUS } from "../../node/commands/exit-status.ts";
import { fromBase64, toBase64 } from "../../node/http/base64.ts";
import type { PeerProcess } from "../../node/peer/peer-process.ts";
import { DemoChannel } from "../end-to-end/demo-channel.ts";
import { eventually, PATIENCE_MS, Processes } from "../end-to-end/processes.ts";
import { runInProcess } from "./in-process-cli.ts";

const CLI = fileURLToPath(new URL("../../node/cli.ts", import.meta.url));

const stack = new AsyncDisposableStack();
let processes: Processes;
let channel: DemoChannel;
let peer: PeerProcess;
let api: string;

beforeAll(async () => {
  processes = stack.use(new Processes());
  channel = await DemoChannel.create(processes.path);
  await start([]);
  api = peer.ready.api;
  for (let count = 0; count < 3; count++) await submit();
}, PATIENCE_MS);

afterAll(() => stack.disposeAsync());

async function start(flags: readonly string[]): Promise<void> {
  peer = await processes.start({ name: "served", genesis: [channel.genesis], flags });
}

async function submit() {
  const block = channel.next();
  expect(await peer.api.submit("demo", block.bytes)).toMatchObject({ kind: "accepted" });
  return block;
}

test("base64 there and back, by itself and as Node has it", () => {
  const bytes = new Uint8Array(100_000).map((_, index) => (index * 7 + (index >> 8)) & 0xff);
  expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
  expect(fromBase64(toBase64(bytes))).toEqual(bytes);
});

test("by fetch: what the peer is, its blocks, and what it refuses, with the next step", async () => {
  const client = new Client(`${api}/`);
  expect(client.url).toBe(api);
  expect(await client.status()).toMatchObject({ name: "served", channels: [{ height: channel.height }] });
  expect(await client.block("demo", "newest")).toEqual(new Uint8Array(channel.tip.bytes));
  expect(await client.block("demo", channel.tip.hash)).toEqual(new Uint8Array(channel.tip.bytes));
  await expect(client.block("demo", 1_000)).rejects.toMatchObject({
    code: "NOT_FOUND",
    problem: { status: 404, code: "NOT_HELD", hint: expect.stringContaining("height") },
  });
  expect(await client.submit("demo", new Uint8Array(3))).toMatchObject({
    kind: "refused",
    status: 422,
    code: "MALFORMED_BLOCK",
  });
  await expect(new Client("http://127.0.0.1:1").status()).rejects.toMatchObject({
    code: "API_UNREACHABLE",
    message: expect.stringContaining("no peer answers at http://127.0.0.1:1"),
  });
  await expect(client.blocks("other").next()).rejects.toMatchObject({ problem: { code: "NOT_FOUND" } });
});

test("the configuration, with where each value came from", async () => {
  const { settings } = await new Client(api).config();
  expect(settings["name"]).toEqual({ value: "served", origin: "flag --name" });
  expect(settings["gossip.roundIntervalMs"]).toEqual({
    value: 500,
    origin: "environment variable BLOCKGOSSIP_GOSSIP_ROUND_INTERVAL_MS",
  });
  expect(settings["followersMax"]).toEqual({ value: 1_024, origin: "default" });
});

test("by hand: block get", async () => {
  const file = join(processes.path, "block");
  const { number, hash, bytes } = channel.tip;
  const get = (...args: readonly string[]) => runInProcess("block", "get", "--api", api, ...args);
  const { status, stdout } = await get("newest", "-o", file);
  expect([status, stdout]).toEqual([0, `block ${number}  ${hash}  1 transaction\n`]);
  expect(new Uint8Array(readFileSync(file))).toEqual(new Uint8Array(bytes));
  expect(JSON.parse((await get(hash, "--json")).stdout)).toMatchObject({ number, hash });
  const unknown = await get("77");
  expect([unknown.status, unknown.stderr]).toEqual([
    EXIT_STATUS.notFound,
    expect.stringMatching(/Block 77 is not held.*NOT_HELD/),
  ]);
});

test("followers go on where they were when the peer has been away; a peer that leaves ends with status 0", async () => {
  const from = channel.height;
  const hasBroken = Promise.withResolvers<void>();
  const seen: Uint8Array[] = [];
  const all = (async () => {
    for await (const { bytes } of new Client(api).blocks("demo", {
      from,
      onBreak: () => hasBroken.resolve(),
    }))
      if (seen.push(bytes) === 3) return;
  })();
  const command = spawn(process.execPath, [
    CLI,
    "block",
    "follow",
    "--api",
    api,
    "--from",
    String(from),
    "--count",
    "3",
  ]);
  const output: string[] = [];
  command.stdout.setEncoding("utf8").on("data", (text: string) => output.push(text));
  const exited = once(command, "exit");
  const blocks = [await submit()];
  await eventually("both have seen the first", async () => seen.length === 1 && output.length === 1);
  await new Client(api).leave();
  expect(await peer.exited).toBe(0);
  await hasBroken.promise;
  await start(["--api", new URL(api).host]);
  blocks.push(await submit(), await submit());
  await all;
  expect(seen).toEqual(blocks.map(({ bytes }) => new Uint8Array(bytes)));
  expect(await exited).toEqual([0, null]);
  const lines = blocks.map(({ number, hash }) => `block ${number}  ${hash}  1 transaction\n`);
  expect(output.join("")).toBe(lines.join(""));
});
