import { setTimeout as pause } from "node:timers/promises";
import type { Block } from "../../chain/block.ts";
import { BenchNetwork, type NetworkUsage } from "./bench-network.ts";
import type { Stage } from "./bench-peer.ts";
import type { Link } from "./link.ts";
import { lowerBoundMs } from "./lower-bound.ts";
import { monotonicMs } from "./monotonic-ms.ts";
import { scratchDirectory } from "./scratch-directory.ts";
import { maximum, median, percentile, sum } from "./statistics.ts";
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
  readonly link?: Link | undefined;
  readonly profile?: string | undefined;
}

/** What one round has shown; times in milliseconds from the submit of the block. A figure may be NaN. */
export interface RoundResult {
  readonly figures: Readonly<Record<RoundFigure, number>>;
  /** For each block in turn, the time to the last peer; NaN where it did not reach all. */
  readonly lastPeerMs: readonly number[];
  /** Bytes of sent frames by their kind, less idle, for each block and receiver. */
  readonly sentBytes: Readonly<Record<string, number>>;
}

/** The figures of a round, in the order of the table. */
export const ROUND_FIGURES = [
  "p50Ms",
  "p90Ms",
  "p99Ms",
  "maxMs",
  "lastPeerMs",
  "lastPeerMaxMs",
  "boundMs",
  "boundRatio",
  "durableLastPeerMs",
  "complete",
  "bytesRatio",
  "cpuMs",
  "checks",
  "rssMB",
] as const;

export type RoundFigure = (typeof ROUND_FIGURES)[number];

/** What goes on for a moment after a block is everywhere belongs to the block, and not to the idle network. */
const TAIL_MS_MAX = 1_000;

/** Starts a network, lets it carry the blocks from its first peer, and ends it. */
export async function disseminationRound(spec: RoundSpec): Promise<RoundResult> {
  using directory = scratchDirectory();
  await using network = await BenchNetwork.start({ ...spec, directory: directory.path });
  const tailMs = Math.min(TAIL_MS_MAX, spec.idleMs);
  await carry(network, spec, spec.blocks.slice(0, spec.warmUp));
  await pause(tailMs);
  const before = await network.usage();
  await pause(spec.idleMs);
  const start = await network.usage();
  const measured = spec.blocks.slice(spec.warmUp);
  const submits = await carry(network, spec, measured);
  await pause(tailMs);
  const end = await network.usage();
  const arrivals = await network.arrivals();
  const verified = timesByBlock(arrivals, submits, "verified");
  const lastPeerMs = verified.map((times) => lastOf(times, spec));
  const costs = new Costs({ before, start, end }, spec);
  const durable = timesByBlock(arrivals, submits, "durable").map((times) => lastOf(times, spec));
  return {
    figures: {
      ...timeFigures(verified.flat(), lastPeerMs),
      ...boundFigures(lastPeerMs, measured, spec),
      durableLastPeerMs: median(durable.filter(Number.isFinite)),
      ...costs.figures(),
    },
    lastPeerMs,
    sentBytes: costs.sentBytes(),
  };
}

/** When each block was handed in, by number. */
type Submits = ReadonlyMap<number, number>;

/** Hands the blocks in and waits for them to arrive. A block is late where the one before was not taken in time. */
async function carry(
  network: BenchNetwork,
  { intervalMs, limitMs, system }: RoundSpec,
  blocks: readonly Block[],
): Promise<Submits> {
  const startMs = monotonicMs();
  const submits = new Map<number, number>();
  for (const [index, block] of blocks.entries()) {
    await pause(Math.max(0, startMs + index * intervalMs - monotonicMs()));
    submits.set(block.number, await network.submit(block));
  }
  const stage = system === "blockgossip" ? "durable" : "verified";
  const isComplete = ({ number }: Block) => network.completions.atMs(number, stage) !== undefined;
  const endMs = monotonicMs() + limitMs;
  while (monotonicMs() < endMs && !blocks.every(isComplete))
    await network.completions.next(endMs - monotonicMs());
  return submits;
}

/** For each block, how long it took to each peer that has it. */
function timesByBlock(arrivals: readonly Arrival[], submits: Submits, stage: Stage) {
  return [...submits].map(([number, submitMs]) =>
    arrivals
      .filter((arrival) => arrival.block === number && arrival.stage === stage)
      .map(({ atMs }) => atMs - submitMs),
  );
}

function lastOf(times: readonly number[], { peers }: RoundSpec): number {
  return times.length === peers - 1 ? maximum(times) : Number.NaN;
}

function timeFigures(all: readonly number[], lastPeerMs: readonly number[]) {
  const whole = lastPeerMs.filter(Number.isFinite);
  return {
    p50Ms: median(all),
    p90Ms: percentile(all, 0.9),
    p99Ms: percentile(all, 0.99),
    maxMs: maximum(all),
    lastPeerMs: median(whole),
    lastPeerMaxMs: maximum(whole),
    complete: whole.length,
  };
}

/** The time to the last peer beside the least that the link allows, over the blocks that reached everybody. */
function boundFigures(lastPeerMs: readonly number[], blocks: readonly Block[], { link, peers }: RoundSpec) {
  if (link === undefined) return { boundMs: Number.NaN, boundRatio: Number.NaN };
  const bounds = blocks.map(({ bytes }) =>
    lowerBoundMs({ ...link, receivers: peers - 1, blockBytes: bytes.length }),
  );
  const ratios = lastPeerMs.map((lastMs, index) => lastMs / (bounds[index] ?? Number.NaN));
  return { boundMs: median(bounds), boundRatio: median(ratios.filter(Number.isFinite)) };
}

interface Usages {
  /** Before and after the time without blocks, and when all was over. */
  readonly before: NetworkUsage;
  readonly start: NetworkUsage;
  readonly end: NetworkUsage;
}

/** What the blocks have cost: what went by over their time, less what goes by in such a time without blocks. */
class Costs {
  readonly #usages: Usages;
  readonly #peers: number;
  readonly #blocks: readonly Block[];

  constructor(usages: Usages, { peers, blocks, warmUp }: RoundSpec) {
    this.#usages = usages;
    this.#peers = peers;
    this.#blocks = blocks.slice(warmUp);
  }

  figures() {
    const needed = sum(this.#blocks.map(({ bytes }) => bytes.length)) * (this.#peers - 1);
    const perPeer = this.#blocks.length * this.#peers;
    return {
      bytesRatio: this.#lessIdle(({ bytes }) => bytes ?? Number.NaN) / needed,
      cpuMs: this.#lessIdle(({ cpuMs }) => cpuMs) / perPeer,
      checks: this.#lessIdle(({ signatureChecks }) => signatureChecks) / perPeer,
      rssMB: this.#usages.end.rssBytes / this.#peers / 1e6,
    };
  }

  /** For each block and receiver, by kind. */
  sentBytes(): Readonly<Record<string, number>> {
    const per = this.#blocks.length * (this.#peers - 1);
    const kinds = Object.keys(this.#usages.end.sentBytes);
    const entries = kinds.map(
      (kind) => [kind, this.#lessIdle(({ sentBytes }) => sentBytes[kind] ?? 0) / per] as const,
    );
    return Object.fromEntries(entries);
  }

  #lessIdle(value: (usage: NetworkUsage) => number): number {
    const { before, start, end } = this.#usages;
    const idlePerMs = (value(start) - value(before)) / (start.atMs - before.atMs);
    return value(end) - value(start) - idlePerMs * (end.atMs - start.atMs);
  }
}
