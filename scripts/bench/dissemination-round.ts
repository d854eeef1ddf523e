import { setTimeout as pause } from "node:timers/promises";
import type { Block } from "../../chain/block.ts";
import { BenchNetwork, type NetworkUsage } from "./bench-network.ts";
import { monotonicMs } from "./monotonic-ms.ts";
import { maximum, median, percentile, sum } from "./statistics.ts";
import type { Stage } from "./bench-peer.ts";
import { scratchDirectory } from "./scratch-directory.ts";
import type { Arrival, SystemName } from "./worker-protocol.ts";

export interface RoundSpec {
  readonly system: SystemName;
  readonly peers: number;
  readonly genesis: string;
  readonly blocks: readonly Block[];
  /** How many of the blocks, the first ones, are carried before anything is measured. */
  readonly warmUp: number;
  readonly intervalMs: number;
  /** For how long the network is left alone before the first block, to see what it uses up without blocks. */
  readonly idleMs: number;
  /** How long after the last submit all blocks must be everywhere. */
  readonly limitMs: number;
}

/** What one round has shown; times in milliseconds from the submit of the block. A figure may be NaN. */
export type RoundFigures = Readonly<Record<(typeof FIGURES)[number], number>>;

/** The figures of a round, in the order of the table. */
export const FIGURES = [
  "p50Ms",
  "p90Ms",
  "p99Ms",
  "maxMs",
  "lastPeerMs",
  "lastPeerMaxMs",
  "durableLastPeerMs",
  "complete",
  "bytesRatio",
  "cpuMs",
  "checks",
  "rssMB",
] as const;

/** Starts a network, lets it carry the blocks from its first peer, and ends it. */
export async function disseminationRound(spec: RoundSpec): Promise<RoundFigures> {
  using directory = scratchDirectory();
  await using network = await BenchNetwork.start({ ...spec, directory: directory.path });
  await network.worker(0).call(
    "load",
    spec.blocks.map(({ bytes }) => bytes),
  );
  await carry(network, spec, { first: 1, end: spec.warmUp + 1 });
  const before = await network.usage();
  await pause(spec.idleMs);
  const start = await network.usage();
  const submits = await carry(network, spec, { first: spec.warmUp + 1, end: spec.blocks.length + 1 });
  const end = await network.usage();
  const arrivals = await network.arrivals();
  return { ...timeFigures(arrivals, submits, spec), ...costFigures({ before, start, end }, spec) };
}

/** Numbers of blocks, the end not included. */
interface Range {
  readonly first: number;
  readonly end: number;
}

/** When each block was handed in, by number. */
type Submits = ReadonlyMap<number, number>;

/** Hands the blocks in and waits for them to arrive. A block is late where the one before was not taken in time. */
async function carry(network: BenchNetwork, spec: RoundSpec, { first, end }: Range): Promise<Submits> {
  const startMs = monotonicMs();
  const submits = new Map<number, number>();
  for (let number = first; number < end; number++) {
    await pause(Math.max(0, startMs + (number - first) * spec.intervalMs - monotonicMs()));
    submits.set(number, await network.worker(0).call("submit", { index: 0, number }));
  }
  await allArrived(network, spec, end - 1);
  return submits;
}

const LOOK_INTERVAL_MS = 100;

async function allArrived(network: BenchNetwork, spec: RoundSpec, blocks: number): Promise<void> {
  const stages = spec.system === "blockgossip" ? 2 : 1;
  const expected = stages * blocks * (spec.peers - 1);
  const endMs = monotonicMs() + spec.limitMs;
  while (monotonicMs() < endMs && (await network.usage()).arrivals < expected) await pause(LOOK_INTERVAL_MS);
}

function timeFigures(arrivals: readonly Arrival[], submits: Submits, { peers }: RoundSpec) {
  const verified = timesByBlock(arrivals, submits, "verified");
  const durable = timesByBlock(arrivals, submits, "durable");
  const all = verified.flat();
  const whole = verified.filter((times) => times.length === peers - 1);
  return {
    p50Ms: median(all),
    p90Ms: percentile(all, 0.9),
    p99Ms: percentile(all, 0.99),
    maxMs: maximum(all),
    lastPeerMs: median(whole.map(maximum)),
    lastPeerMaxMs: maximum(whole.map(maximum)),
    durableLastPeerMs: median(durable.filter((times) => times.length === peers - 1).map(maximum)),
    complete: whole.length,
  };
}

/** For each block, how long it took to each peer that has it. */
function timesByBlock(arrivals: readonly Arrival[], submits: Submits, stage: Stage) {
  return [...submits].map(([number, submitMs]) =>
    arrivals
      .filter((arrival) => arrival.block === number && arrival.stage === stage)
      .map(({ atMs }) => atMs - submitMs),
  );
}

interface Usages {
  /** Before and after the time without blocks, and when all was over. */
  readonly before: NetworkUsage;
  readonly start: NetworkUsage;
  readonly end: NetworkUsage;
}

function costFigures({ before, start, end }: Usages, { peers, ...spec }: RoundSpec) {
  const blocks = spec.blocks.slice(spec.warmUp);
  const needed = sum(blocks.map(({ bytes }) => bytes.length)) * (peers - 1);
  /** What went by over the blocks' time, less what goes by in such a time anyway. */
  const lessIdle = (value: (usage: NetworkUsage) => number) =>
    value(end) -
    value(start) -
    ((value(start) - value(before)) * (end.atMs - start.atMs)) / (start.atMs - before.atMs);
  return {
    bytesRatio: lessIdle(({ bytes }) => bytes ?? Number.NaN) / needed,
    cpuMs: lessIdle(({ cpuMs }) => cpuMs) / (blocks.length * peers),
    checks: lessIdle(({ signatureChecks }) => signatureChecks) / (blocks.length * peers),
    rssMB: end.rssBytes / peers / 1e6,
  };
}
