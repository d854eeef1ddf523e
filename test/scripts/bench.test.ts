import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { catchUpBench } from "../../scripts/bench/catch-up-bench.ts";
import { disseminationBench } from "../../scripts/bench/dissemination-bench.ts";
import { idleBench } from "../../scripts/bench/idle-bench.ts";
import { ledgerBench } from "../../scripts/bench/ledger-bench.ts";
import { link } from "../../scripts/bench/link.ts";
import { codedTwoHopMs, lowerBoundMs } from "../../scripts/bench/lower-bound.ts";
import { formatRows, type BenchResult, type Row } from "../../scripts/bench/report.ts";
import { simulatedBench } from "../../scripts/bench/simulated-bench.ts";
import { maximum, median, percentile, sum } from "../../scripts/bench/statistics.ts";
import { sustainedBench } from "../../scripts/bench/sustained-bench.ts";
import { verifyBench } from "../../scripts/bench/verify-bench.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const BENCH = fileURLToPath(new URL("../../scripts/bench.ts", import.meta.url));

function run(args: readonly string[], temporary: string) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BENCH, ...args], {
    encoding: "utf8",
    env: { ...process.env, TMPDIR: temporary },
    timeout: 50_000,
  });
  return { status, stdout, stderr };
}

function rowsOf({ tables }: Pick<BenchResult, "tables">, name: string): readonly Row[] {
  expect(Object.keys(tables)).toContain(name);
  return tables[name]!;
}

// 12.5 MB/s: 1 MB takes 80 ms once. Source: 80 + 100 - 50/99 ms. All uplinks: (99 x 80 + 50 + 99 x 100) / 100 ms.
test.each([
  [{ receivers: 1, blockBytes: 1e6, bytesPerSecond: 12.5e6, delayMs: 50 }, 130],
  [{ receivers: 99, blockBytes: 1e6, bytesPerSecond: 12.5e6, delayMs: 50 }, 180 - 50 / 99],
  [{ receivers: 100, blockBytes: 1e5, bytesPerSecond: 12.5e6, delayMs: 50 }, 107.5],
  [{ receivers: 100, blockBytes: 4e6, bytesPerSecond: 12.5e6, delayMs: 50 }, 419.5],
  [{ receivers: 100, blockBytes: 1e6, bytesPerSecond: 12.5e6, delayMs: 5 }, 89.95],
  // So small that the source serves all itself: 10 x 0.08 + 50 ms.
  [{ receivers: 10, blockBytes: 1e3, bytesPerSecond: 12.5e6, delayMs: 50 }, 50.8],
  // Without delay, Kumar and Ross: all copies through the source alone, where it is the only one that sends.
  [{ receivers: 1, blockBytes: 1e6, bytesPerSecond: 1e6, delayMs: 0 }, 1_000],
])("the least time of %j is %d ms", (broadcast, expected) => {
  expect(lowerBoundMs(broadcast)).toBeCloseTo(expected, 6);
});

// gossip-systems.md, F9 for 100 receivers: 190, 199, 229 and 270 ms.
test.each([
  [0, 190],
  [0.1, 199],
  [0.33, 229],
  [0.5, 270],
])("with a share of %d silent, two hops of 800 coded chunks take %d ms", (share, expected) => {
  const broadcast = { receivers: 100, blockBytes: 1e6, bytesPerSecond: 12.5e6, delayMs: 50 };
  expect(Math.round(codedTwoHopMs(broadcast, share, 800))).toBe(expected);
});

test("medians and percentiles are of the sorted values", () => {
  const values = [10, 9, 1, 2];
  expect([median(values), percentile(values, 0.5), percentile(values, 0.9), maximum(values)]).toEqual([
    5.5, 2, 10, 10,
  ]);
  expect([median([]), percentile([], 0.9), maximum([])]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
});

test("a link is an uplink in bits and a delay, and nothing else", () => {
  expect(link("100mbit,50ms")).toEqual({ text: "100mbit,50ms", bytesPerSecond: 12.5e6, delayMs: 50 });
  expect(link("1.5gbit,0.5ms")).toMatchObject({ bytesPerSecond: 187.5e6, delayMs: 0.5 });
  for (const text of ["", "100,50", "0mbit,50ms", "100mbit", "100mbit,50ms,", "-1mbit,5ms"])
    expect(() => link(text)).toThrow("such as 100mbit,50ms");
});

test("tables are aligned and show what is missing as a dash", () => {
  expect(
    formatRows([
      { name: "a", ms: 1.23456, bytes: undefined },
      { name: "longer", ms: 12_345.6, bytes: 7 },
    ]),
  ).toEqual(["name       ms  bytes", "a        1.23      -", "longer  12346      7"]);
});

test("verification costs more than its floor, for each size", async () => {
  const rows = rowsOf(
    await verifyBench({ sizes: [2_000, 200_000], rounds: 3 }),
    "time of one block, medians of the rounds",
  );
  expect(rows.map(({ sizeBytes }) => sizeBytes)).toEqual([2_000, 200_000]);
  for (const { ratio } of rows) expect(ratio).toBeGreaterThan(0);
});

test("ledger appends are measured one at a time and in groups", async () => {
  const result = await ledgerBench({ size: 4_000, blocks: 11, rounds: 2 });
  const rows = rowsOf(result, "durable appends, medians of the rounds");
  expect(rows.map(({ group }) => group)).toEqual([1, 8]);
  for (const { ratio } of rows) expect(ratio).toBeGreaterThan(0);
});

test("no simulated block is faster than the bound or costs less than its bytes, and a seed repeats", async () => {
  const flags = { peers: 8, size: 50_000, blocks: 2, link: link("10mbit,20ms"), seed: 3, silent: 0 };
  const result = await simulatedBench(flags);
  const rows = rowsOf(result, "blocks");
  expect(rows.length).toBe(2);
  for (const { ratio, bytesRatio } of rows) {
    expect(ratio).toBeGreaterThanOrEqual(1);
    expect(bytesRatio).toBeGreaterThan(0.99);
    expect(bytesRatio).toBeLessThan(1.5);
  }
  expect(await simulatedBench(flags)).toEqual(result);
});

test("with silent peers the honest ones are measured, always from one source, and what each kind costs is shown", async () => {
  const flags = { peers: 10, size: 50_000, blocks: 2, link: link("10mbit,20ms"), seed: 3, silent: 0.33 };
  const result = await simulatedBench(flags);
  expect(result.parameters["silent"]).toBe(3);
  for (const { t100Ms, allT100Ms, f9Ms, ratioF9 } of rowsOf(result, "blocks")) {
    expect(Number(allT100Ms)).toBeGreaterThanOrEqual(Number(t100Ms));
    expect(Number(ratioF9)).toBeCloseTo(Number(t100Ms) / Number(f9Ms), 9);
  }
  for (const row of rowsOf(result, "bytes by kind / (block x receivers)"))
    expect(row["block"]).toBeGreaterThan(0.6);
});

test("a newcomer that catches up has all blocks, slower than a raw stream carries them", async () => {
  const result = await catchUpBench({ blocks: 30, size: 20_000, rounds: 1, timeout: 30_000 });
  const [row] = rowsOf(result, "rounds");
  expect(row!["share"]).toBeGreaterThan(0);
  expect(row!["share"]).toBeLessThan(1);
  expect(Number(row!["firstSeconds"])).toBeLessThanOrEqual(Number(row!["seconds"]));
});

test("idle peers send and check something, over sockets and in the simulator", async () => {
  const result = await idleBench({ peers: 3, seconds: 1, quiet: 500, simulated: [5] });
  const rows = rowsOf(result, "per peer");
  expect(rows.map(({ network, peers }) => [network, peers])).toEqual([
    ["sockets", 3],
    ["simulated", 5],
  ]);
  expect(rows[1]!["sentBytesPerSecond"]).toBeGreaterThan(0);
  expect(rows[1]!["signatureChecksPerSecond"]).toBeGreaterThanOrEqual(0);
});

test("both systems bring all blocks to all peers, and the command ends, cleans up, and prints one JSON document", () => {
  using folder = temporaryDirectory();
  const flags =
    "dissemination --peers 3 --blocks 2 --warm-up 1 --size 20000 --interval 50ms --rounds 1 --idle 100ms " +
    "--against gossipsub --json";
  const { status, stdout, stderr } = run(flags.split(" "), folder.path);
  expect(stderr).toMatch(
    /^round 1 of 1, blockgossip: 2 of 2 blocks complete.*\nround 1 of 1, gossipsub: 2 of 2/,
  );
  expect(status).toBe(0);
  const document = JSON.parse(stdout) as BenchResult & { readonly conditions: Row };
  expect(document.conditions["cores"]).toBeGreaterThan(0);
  const rows = rowsOf(document, "rounds");
  expect(rows.map(({ system, complete }) => [system, complete])).toEqual([
    ["blockgossip", 2],
    ["gossipsub", 2],
  ]);
  for (const row of rows) {
    expect(row["p50Ms"]).toBeGreaterThan(0);
    expect(Number(row["p50Ms"])).toBeLessThanOrEqual(Number(row["maxMs"]));
  }
  expect(rows[0]!["durableLastPeerMs"]).toBeGreaterThan(0);
  for (const { block1, block2 } of rowsOf(document, "ms to the last peer, block by block"))
    expect(Math.min(Number(block1), Number(block2))).toBeGreaterThan(0);
  expect(rowsOf(document, "blockgossip / gossipsub, median of the rounds' ratios").length).toBe(1);
  expect(readdirSync(folder.path)).toEqual([]);
});

test("no block crosses shaped links faster than the least time, and each receiver is sent it about once", async () => {
  const result = await disseminationBench({
    peers: 4,
    size: 100_000,
    blocks: 2,
    warmUp: 0,
    interval: 0,
    rounds: 1,
    idle: 100,
    timeout: 30_000,
    link: link("40mbit,10ms"),
  });
  const [row] = rowsOf(result, "rounds");
  // 100 kB take 20 ms once. Source: 20 + 20 - 10/3 ms.
  expect(row!["boundMs"]).toBeCloseTo(36.7, 0);
  expect(row!["complete"]).toBe(2);
  expect(row!["boundRatio"]).toBeGreaterThanOrEqual(1);
  const kinds = rowsOf(
    result,
    "blockgossip's frames by kind, bytes for each block and receiver, median of the rounds",
  );
  // What is said about blocks can be less than the idle network says; blocks themselves cannot.
  const shares = kinds.filter(({ kind }) => kind !== "all").map(({ share }) => Math.max(0, Number(share)));
  expect(sum(shares)).toBeGreaterThan(0.99);
});

test("the sustained rate is that of blocks that came to all peers, of both systems", async () => {
  const result = await sustainedBench({
    peers: 3,
    size: 20_000,
    window: 2,
    seconds: 1,
    warmUp: 100,
    rounds: 1,
    timeout: 30_000,
    against: "gossipsub",
  });
  const rows = rowsOf(result, "rounds");
  expect(rows.map(({ system, lost }) => [system, lost])).toEqual([
    ["blockgossip", 0],
    ["gossipsub", 0],
  ]);
  for (const { MBPerSecond, blocksPerSecond } of rows) {
    expect(blocksPerSecond).toBeGreaterThan(0);
    expect(Number(MBPerSecond) / Number(blocksPerSecond)).toBeCloseTo(0.02, 3);
  }
});

test("a newcomer's processes leave profiles where they are told to", async () => {
  using folder = temporaryDirectory();
  const profile = join(folder.path, "profiles");
  await catchUpBench({ blocks: 3, size: 2_000, rounds: 1, timeout: 30_000, profile });
  expect(readdirSync(profile).map((name) => extname(name))).toEqual([".cpuprofile", ".cpuprofile"]);
});

test("a wrong flag ends with status 2 and a sentence", () => {
  using folder = temporaryDirectory();
  const { status, stderr } = run(["dissemination", "--against", "x"], folder.path);
  expect(stderr).toContain("Allowed choices are gossipsub");
  expect(status).toBe(2);
  const wrongShare = run(["simulated", "--silent", "1"], folder.path);
  expect(wrongShare.stderr).toContain("from 0 to below 1");
  expect(wrongShare.status).toBe(2);
});
