import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { EXIT_STATUS } from "../../node/commands/exit-status.ts";
import { ApiClient } from "../../node/http/api-client.ts";
import { MetricSamples } from "../../node/metrics/metric-samples.ts";
import type { Peer } from "../../node/peer/peer.ts";
import { poll } from "../../node/poll.ts";
import { DemoChannel } from "../end-to-end/demo-channel.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { runInProcess } from "./in-process-cli.ts";
import { runningPeer } from "./running-peer.ts";

const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const read = (path: string) => readFileSync(root(path), "utf8");

/** Two peers, of which the second has three blocks by the first. */
const stack = new AsyncDisposableStack();
let peers: readonly [Peer, Peer];
let api: ApiClient;
let text: string;

beforeAll(async () => {
  const { path } = stack.use(temporaryDirectory());
  const channel = await DemoChannel.create(path);
  const gossip = { aliveIntervalMs: 200, antiEntropyIntervalMs: 500 };
  const first = stack.use(await runningPeer(`${path}/a`, [channel.genesis], { name: "a", gossip }));
  const bootstrap = [...first.state.multiaddrs];
  const second = stack.use(
    await runningPeer(`${path}/b`, [channel.genesis], { name: "b", gossip, bootstrap }),
  );
  peers = [first, second];
  api = new ApiClient(second.api);
  await until(async () => first.state.channels[0]!.gossip.view.active().length === 1);
  for (let count = 0; count < 3; count++) await new ApiClient(first.api).submit("demo", channel.next().bytes);
  await until(async () => (await api.channel("demo")).height === 4);
  text = await api.metrics();
}, 60_000);

afterAll(() => stack.disposeAsync());

async function until(condition: () => Promise<boolean>): Promise<void> {
  const times = { intervalMs: 20, timeoutMs: 50_000 };
  const isSo = await poll(async () => ((await condition()) ? true : undefined), times);
  if (isSo !== true) throw new Error("it has not come true");
}

test("a peer tells what it has measured, each thing once", () => {
  const samples = MetricSamples.parse(text);
  const demo = { channel: "demo" };
  expect(samples.sum("ledger_blockchain_height", demo)).toBe(4);
  expect(samples.sum("gossip_state_height", demo)).toBe(4);
  expect(samples.sum("gossip_membership_total_peers_known", demo)).toBe(1);
  expect(samples.sum("gossip_leader_election_leader", demo)).toBe(0);
  expect(samples.sum("blockgossip_members", { state: "alive", organisation: "" })).toBe(1);
  expect(samples.sum("blockgossip_blocks_total", demo)).toBe(3);
  expect(samples.sum("blockgossip_blocks_total", { origin: "publish" })).toBe(0);
  expect(samples.sum("blockgossip_block_bytes_total")).toBeGreaterThan(3_000);
  expect(samples.sum("gossip_state_commit_duration_count", demo)).toBe(3);
  // Made a moment ago by a clock of this machine.
  expect(samples.sum("blockgossip_block_dissemination_seconds_count", demo)).toBe(3);
  expect(samples.quantile("blockgossip_block_dissemination_seconds", 0.99, demo)).toBeLessThan(60);
  const received = samples.sumsBy("blockgossip_traffic_bytes_total", "kind", { direction: "received" });
  expect(received["block"]).toBeGreaterThan(3_000);
  expect(samples.sum("gossip_comm_messages_received")).toBeGreaterThanOrEqual(3);
  expect(samples.sum("blockgossip_connections")).toBeGreaterThanOrEqual(1);
  expect(samples.sum("process_resident_memory_bytes")).toBeGreaterThan(1e6);
});

test("two peers in one process count apart", async () => {
  const samples = MetricSamples.parse(await new ApiClient(peers[0].api).metrics());
  expect(samples.sumsBy("blockgossip_blocks_total", "origin")).toEqual({ publish: 3 });
});

test("no peer's id is a label: there is no end of them", () => {
  expect(text).not.toContain("12D3KooW");
});

test("every metric that the dashboard and the alerts look at is there, and ours are all looked at or documented", () => {
  const there = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name!));
  const wanted = [...dashboardExpressions(), ...alertExpressions()].flatMap(metricsIn);
  expect(wanted.length).toBeGreaterThan(50);
  expect(wanted.filter((name) => name !== "up" && !there.has(name))).toEqual([]);
  const ours = [...there].filter((name) => /^(blockgossip|gossip|ledger)_/.test(name));
  const documented = [...read("docs/MONITORING.md").matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name!);
  expect(documented.toSorted()).toEqual(ours.toSorted());
});

test("every alert has its section, and every section its alert", () => {
  const alerts = alertRules().map(({ alert }) => alert);
  const sections = [...read("docs/MONITORING.md").matchAll(/^### (Blockgossip\w+)/gm)].map(
    ([, name]) => name,
  );
  expect(sections).toEqual(alerts);
});

test("levels are shown and changed while the peer runs, as Fabric's are", async () => {
  const put = (body: string) => fetch(`${api.url}/logspec`, { method: "PUT", body });
  const answer = await put('{"spec":"gossip.state,transport=debug:error"}');
  expect([answer.status, await answer.text()]).toEqual([204, ""]);
  expect(await api.logSpec()).toMatchObject({
    spec: "gossip.state=debug:transport=debug:error",
    loggers: { "gossip.state": "debug", gossip: "error", libp2p: "error", transport: "debug" },
  });
  expect(peers[1].state.loggers.get("transport").level).toBe("debug");
  expect(peers[0].state.loggers.get("transport").level).toBe("silent");
  for (const body of ['{"spec":"loud"}', "{}", "no JSON"]) {
    const refused = await put(body);
    expect([refused.status, await refused.json()]).toEqual([
      400,
      expect.objectContaining({ error: expect.any(String), code: "BAD_REQUEST" }),
    ]);
  }
  expect((await api.logSpec()).spec).toBe("gossip.state=debug:transport=debug:error");
});

test("by hand: log and stats", async () => {
  const call = (...args: readonly string[]) => runInProcess(...args, "--api", api.url);
  const set = await call("log", "level", "gossip.block=trace:warn");
  expect(set).toEqual({ status: 0, stdout: "gossip.block=trace:warn\n", stderr: "" });
  expect((await call("log", "list")).stdout).toMatch(/^gossip\.block +trace +each block/m);
  const refused = await call("log", "level", "loud");
  expect(refused).toMatchObject({
    status: EXIT_STATUS.rejected,
    stderr: expect.stringContaining("bad segment 'loud'"),
  });
  const { stdout: stats } = await call("stats");
  expect(stats).toMatch(/^channel +demo, height 4$/m);
  expect(stats).toMatch(/^blocks +3, [\d.]+ kB: \w+/m);
  const watched = await call("stats", "--watch", "--interval", "50ms", "--count", "1", "--json");
  expect(JSON.parse(watched.stdout)).toMatchObject({
    seconds: expect.any(Number),
    channels: [{ name: "demo", height: 4, blocks: {} }],
  });
});

interface Rule {
  readonly alert: string;
  readonly expr: string;
}

function alertRules(): readonly Rule[] {
  const { groups } = parse(read("examples/monitoring/alerts.yml")) as { groups: { rules: Rule[] }[] };
  return groups.flatMap(({ rules }) => rules);
}

function alertExpressions(): readonly string[] {
  return alertRules().map(({ expr }) => expr);
}

/** Those of panels and of variables. */
function dashboardExpressions(): readonly string[] {
  return [
    ...read("examples/monitoring/dashboard.json").matchAll(/"(?:expr|query)": "((?:[^"\\]|\\.)*)"/g),
  ].map(([, expression]) => expression!.replaceAll('\\"', '"'));
}

const NO_METRICS = new Set(
  "sum by rate increase histogram_quantile max min count time and or unless offset label_values prometheus".split(
    " ",
  ),
);

/** The metrics' names in an expression: what is neither a label, nor a label's value, nor PromQL's own. */
function metricsIn(expression: string): readonly string[] {
  const bare = expression
    .replaceAll(/\{[^}]*\}/g, "")
    .replaceAll(/\[[^\]]*\]/g, "")
    .replaceAll(/\b(by|on) *\([^)]*\)/g, "")
    .replaceAll(/, *\w+\)$/g, ")");
  return [...bare.matchAll(/[A-Za-z_]\w*/g)]
    .map(([name]) => name)
    .filter((name) => !NO_METRICS.has(name) && !/^(e\d+|[mh])$/.test(name))
    .map((name) => name.replace(/_(bucket|sum)$/, ""));
}
