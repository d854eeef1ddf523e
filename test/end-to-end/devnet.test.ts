import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { ApiClient } from "../../node/http/api-client.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { eventually } from "./processes.ts";

const SCRIPTS = fileURLToPath(new URL("../../scripts/", import.meta.url));

function start(script: string, ...args: string[]): ChildProcess {
  return spawn(process.execPath, [join(SCRIPTS, script), ...args], { stdio: ["ignore", "pipe", "pipe"] });
}

async function run(script: string, ...args: string[]) {
  const child = start(script, ...args);
  const [[status], stdout, stderr] = await Promise.all([
    once(child, "exit"),
    text(child.stdout!),
    text(child.stderr!),
  ]);
  return { status, stdout, stderr };
}

test.each(["raft", "bft"])(
  "a %s network on one machine carries its blocks to every peer and ends",
  async (consensus) => {
    using directory = temporaryDirectory();
    const dir = join(directory.path, "devnet");
    const flags = ["--dir", dir, "--consensus", consensus, "--interval", "1ms", "--exit"];
    const { status, stdout, stderr } = await run("devnet.ts", "--peers", "3", "--blocks", "5", ...flags);
    expect(stderr).toBe("");
    // A loaded machine may have one of them suspected for a moment.
    expect(stdout).toMatch(/PEER +ORG +HEIGHT +LAG +NEIGHBOURS\norg1-peer0 +Org1MSP +6 +0 +\d [^\n]*\n/);
    expect(stdout).toContain("every peer holds all 5 blocks");
    expect(status).toBe(0);
  },
);

test("a network in whose folder is something else is not made", async () => {
  using directory = temporaryDirectory();
  writeFileSync(join(directory.path, "precious"), "");
  const { status, stderr } = await run("devnet.ts", "--dir", directory.path, "--exit");
  expect(stderr).toContain("is not empty");
  expect(status).toBe(1);
});

test("blocks are submitted and asked for by hand, and no peer outlives a network that was killed", async () => {
  using directory = temporaryDirectory();
  const dir = join(directory.path, "devnet");
  const devnet = start("devnet.ts", "--dir", dir, "--peers", "3", "--blocks", "1", "--block-every", "0s");
  try {
    const urls: string[] = [];
    for await (const line of createInterface({ input: devnet.stdout! })) {
      const url = /^org\d-peer\d {2}(http:\S+)$/.exec(line)?.[1];
      if (url !== undefined) urls.push(url);
      if (urls.length === 3) break;
    }
    devnet.stdout!.resume();
    const apis = urls.map((url) => new ApiClient(url));
    const pids = await Promise.all(apis.map(async (api) => (await api.status()).process.pid));
    await submitByHand(urls, dir);
    devnet.kill("SIGKILL");
    await eventually("all peers have ended", async () => pids.every((pid) => !isRunning(pid)));
  } finally {
    devnet.kill("SIGKILL");
  }
});

async function submitByHand(urls: readonly string[], dir: string): Promise<void> {
  const [first, second] = urls as [string, string];
  const files = ["a", "b"].map((name) => join(dir, name));
  mkdirSync(dir, { recursive: true });
  for (const file of files) writeFileSync(file, file);
  const orderer = ["--orderer", join(dir, "orderers")];
  const accepted = await run("submit-block.ts", "--api", first, ...orderer, "--wait", "all", ...files);
  expect(accepted.stderr).toBe("");
  expect(accepted.stdout).toMatch(
    /^block 2 {2}[0-9a-f]{64} {2}accepted\nall 3 members are known to hold it after \d+ ms\n$/,
  );

  const block = join(dir, "2.block");
  writeFileSync(block, await new ApiClient(second).block("devnet", 2));
  const held = await run("submit-block.ts", "--api", second, "--block", block);
  expect(held.stdout).toMatch(/^block 2 {2}[0-9a-f]{64} {2}already held\n$/);
  writeFileSync(block, "no block");
  const refused = await run("submit-block.ts", "--api", second, "--block", block);
  expect(refused).toMatchObject({ status: 5, stdout: "" });
  expect(refused.stderr).toContain("MALFORMED_BLOCK");

  const heights = await run("ledger-height.ts", "--api", ...urls, "--json");
  expect(heights.status).toBe(0);
  const rows = heights.stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(rows.map(({ height }) => height)).toEqual([3, 3, 3]);
  expect(new Set(rows.map(({ tipHash }) => tipHash)).size).toBe(1);
  const missing = await run("ledger-height.ts", "--api", first, "http://127.0.0.1:1");
  expect(missing.status).toBe(3);
  expect(missing.stdout).toMatch(
    /^http:\S+ {2}org1-peer0 {2}3 {2}[0-9a-f]{64}\nhttp:\/\/127\.0\.0\.1:1 {2}no peer answers/,
  );
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
