import * as fc from "fast-check";
import { Registry } from "prom-client";
import { expect, test } from "vitest";
import type { Block, BlockHash } from "../../chain/block.ts";
import { producedMs } from "../../chain/produced-ms.ts";
import type { BlockOrigin } from "../../gossip/events.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { BlockMetrics } from "../../node/metrics/block-metrics.ts";
import { MetricSamples } from "../../node/metrics/metric-samples.ts";
import { peerStats } from "../../node/metrics/peer-stats.ts";
import { statsLines } from "../../node/metrics/stats-lines.ts";
import { DemoChannel } from "../end-to-end/demo-channel.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const PEER = "12D3KooWpeer" as PeerId;
const HASH = "00" as BlockHash;

/** The metrics of one channel, with clocks that stand still. */
function measured() {
  const registry = new Registry();
  const clock = { steadyMs: 1_000, nowMs: 1e12 };
  const metrics = new BlockMetrics({
    registry,
    channels: ["demo"],
    now: () => clock.nowMs,
    steadyNow: () => clock.steadyMs,
  });
  const at = { channel: "demo", from: PEER, hash: HASH };
  return {
    clock,
    announced: (number: number) => metrics.observe({ kind: "block-announced", ...at, number }),
    received: (number: number, origin: BlockOrigin, duplicate: boolean) =>
      metrics.observe({ kind: "block-received", ...at, number, origin, duplicate }),
    verified: (number: number, origin: BlockOrigin) =>
      metrics.observe({ kind: "block-verified", ...at, number, origin }),
    committed: (number: number, origin: BlockOrigin, made?: number) =>
      metrics.observe({ kind: "block-committed", ...at, number, origin, bytes: 500, producedMs: made }),
    samples: async () => MetricSamples.parse(await registry.metrics()),
  };
}

test("a hop is from the first that was heard of a block, whoever told, to its verification", async () => {
  const { clock, announced, received, verified, samples } = measured();
  announced(7);
  clock.steadyMs += 40;
  announced(7);
  received(7, "chunks", false);
  clock.steadyMs += 10;
  verified(7, "chunks");
  // Nothing was heard of it before.
  verified(8, "state-transfer");
  const seen = await samples();
  expect(seen.sum("blockgossip_block_hop_seconds_sum", { origin: "chunks" })).toBeCloseTo(0.05);
  expect(seen.sum("blockgossip_block_hop_seconds_count")).toBe(1);
});

test("writing is from when a block and all before it were good, not from when it came early", async () => {
  const { clock, verified, committed, samples } = measured();
  verified(2, "push");
  clock.steadyMs += 5_000;
  verified(1, "push");
  clock.steadyMs += 20;
  committed(1, "push");
  committed(2, "push");
  const seen = await samples();
  expect(seen.sum("gossip_state_commit_duration_sum")).toBeCloseTo(0.04);
});

test("dissemination is by the producer's time, never negative, and not of old blocks", async () => {
  const { clock, committed, samples } = measured();
  committed(1, "push", clock.nowMs - 300);
  committed(2, "push", clock.nowMs + 60_000);
  committed(3, "state-transfer", clock.nowMs - 9e9);
  committed(4, "push");
  const seen = await samples();
  expect(seen.sum("blockgossip_block_dissemination_seconds_sum")).toBeCloseTo(0.3);
  expect(seen.sum("blockgossip_block_dissemination_seconds_count")).toBe(2);
});

test("a copy that came again counts by its way, and is no news of the block", async () => {
  const { received, verified, samples } = measured();
  received(1, "push", true);
  verified(1, "push");
  const seen = await samples();
  expect(seen.sumsBy("blockgossip_duplicate_blocks_total", "origin")).toEqual({ push: 1 });
  expect(seen.sum("blockgossip_block_hop_seconds_count")).toBe(0);
});

test("a block's time is that of its last transaction, to the millisecond", async () => {
  using directory = temporaryDirectory();
  const channel = await DemoChannel.create(directory.path);
  const beforeMs = Date.now();
  const made = producedMs(channel.next());
  expect(made).toBeGreaterThanOrEqual(beforeMs);
  expect(made).toBeLessThanOrEqual(Date.now());
});

test("bytes that are no transaction have no time, and do no harm", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const made = producedMs({ transactions: [bytes] } as unknown as Block);
      expect(made === undefined || Number.isFinite(made)).toBe(true);
    }),
  );
});

const TEXT = `# HELP h_seconds x
h_seconds_bucket{le="1",a="x"} 2
h_seconds_bucket{le="2",a="x"} 6
h_seconds_bucket{le="+Inf",a="x"} 8
h_seconds_bucket{le="1",a="y"} 2
h_seconds_bucket{le="2",a="y"} 2
h_seconds_bucket{le="+Inf",a="y"} 2
c_total{n="with \\"quotes\\", {braces} and \\\\"} 5
g 7
`;

test("quantiles are as Prometheus estimates them", () => {
  const samples = MetricSamples.parse(TEXT);
  expect(samples.quantile("h_seconds", 0.5, { a: "x" })).toBe(1.5);
  expect(samples.quantile("h_seconds", 0.5)).toBe(1.25);
  expect(samples.quantile("h_seconds", 0.99)).toBe(2);
  expect(samples.quantile("h_seconds", 0.5, { a: "z" })).toBeUndefined();
  expect(samples.sumsBy("c_total", "n")).toEqual({ 'with "quotes", {braces} and \\': 5 });
});

test("since an earlier look counters are what came on top, gauges what they are", () => {
  const before = MetricSamples.parse(TEXT);
  const now = MetricSamples.parse(TEXT.replaceAll("} 5", "} 9").replace("g 7", "g 4"));
  expect([now.since(before).sum("c_total"), now.since(before).sum("g")]).toEqual([4, 4]);
});

test("numbers of an interval are shown per second", async () => {
  const { committed, samples } = measured();
  for (let number = 1; number <= 4; number++) committed(number, number === 4 ? "want" : "push");
  const text = 'ledger_blockchain_height{channel="demo"} 5\nblockgossip_known_height{channel="demo"} 7\n';
  const seen = MetricSamples.parse(text);
  expect(statsLines(peerStats(seen))[0]).toBe("channel    demo, height 5, 2 behind");
  const { blocks, blockBytes } = peerStats(seen).channels[0]!;
  expect([blocks, blockBytes]).toEqual([{}, 0]);
  const stats = { blocks: (await samples()).sumsBy("blockgossip_blocks_total", "origin"), blockBytes: 2_000 };
  const channels = [{ ...peerStats(seen).channels[0]!, ...stats }];
  expect(statsLines({ ...peerStats(seen), channels }, 2)[1]).toBe(
    "blocks     2.0/s, 1.0 kB/s: push 3 (75.0 %), want 1 (25.0 %)",
  );
});
