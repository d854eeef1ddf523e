import { sample } from "../../gossip/random.ts";
import { seededRandom } from "../../node/testing/simulator/seeded-random.ts";
import { Simulation } from "../../node/testing/simulator/simulation.ts";
import type { Link } from "./link.ts";
import { codedTwoHopMs, lowerBoundMs } from "./lower-bound.ts";
import type { BenchResult, Row } from "./report.ts";
import { spreadBlock, type Spread } from "./simulated-spread.ts";
import { maximum, median, percentile, sum } from "./statistics.ts";

export interface SimulatedFlags {
  /** All peers, the source among them. */
  readonly peers: number;
  readonly size: number;
  readonly blocks: number;
  readonly link: Link;
  readonly seed: number;
  /** The share of the receivers that pass nothing on. */
  readonly silent: number;
  /** Whether every two peers have a link before the first block; otherwise links are made when they are needed. */
  readonly linked?: boolean;
  /** The smallest block that is cut, where another than by default. */
  readonly cutFrom?: number;
}

/** Over which the traffic without blocks is measured, and how long it has to settle before. */
const IDLE_MS = 10_000;
/** Chunks of the schedule that spreads with silent relays are compared with. */
const CODED_CHUNKS = 800;

/** How the shipped protocol spreads blocks in the simulator, beside the least time and the least bytes there are. */
export async function simulatedBench(flags: SimulatedFlags): Promise<BenchResult> {
  const { peers: peerCount, seed, size, link, linked = false, cutFrom } = flags;
  const { bytesPerSecond, delayMs } = link;
  const weather = { latencyMs: delayMs, jitterMs: 0, bytesPerSecond };
  const options = cutFrom === undefined ? {} : { chunkBlockBytesMin: cutFrom };
  const simulation = new Simulation({
    seed,
    peerCount,
    options,
    weather,
    startKnown: true,
    startLinked: linked,
  });
  const silent = silence(simulation, flags);
  await simulation.start();
  // That a thousand peers know a thousand others is a million events, which nobody reads.
  simulation.events.length = 0;
  await simulation.runFor(IDLE_MS);
  const idleBytesPerMs = await idle(simulation);
  const spreads: Spread[] = [];
  for (let index = 0; index < flags.blocks; index++) {
    const source = simulation.peers[silent > 0 ? 0 : (index * 7) % peerCount];
    if (source !== undefined) spreads.push(await spreadBlock(simulation, source, size));
  }
  const rows = spreads.map((spread) => blockRow(spread, flags, { silent, idleBytesPerMs }));
  const receivers = peerCount - 1;
  return {
    bench: "simulated",
    parameters: { peers: peerCount, sizeBytes: size, blocks: flags.blocks, link: link.text, seed, silent },
    tables: {
      blocks: rows,
      median: [medians(rows)],
      "bytes by kind / (block x receivers)": kindRows(
        spreads,
        ({ bytes }, { blockBytes }) => bytes / (blockBytes * receivers),
      ),
      "messages by kind, sent per peer": kindRows(spreads, ({ messages }) => messages / peerCount),
    },
    notes: notes(silent),
  };
}

/** Chooses the peers that pass nothing on, never the first; how many they are. */
function silence(simulation: Simulation, { silent, seed }: SimulatedFlags): number {
  const others = simulation.peers.slice(1);
  const chosen = sample(others, Math.round(silent * others.length), seededRandom(seed));
  for (const peer of chosen) peer.isSilent = true;
  return chosen.length;
}

async function idle(simulation: Simulation): Promise<number> {
  const { traffic } = simulation.network;
  const bytes = traffic.bytes();
  await simulation.runFor(IDLE_MS);
  return (traffic.bytes() - bytes) / IDLE_MS;
}

function blockRow(
  { block, blockBytes, honestMs, allMs, elapsedMs, sent, honestBytes }: Spread,
  { peers, link }: SimulatedFlags,
  { silent, idleBytesPerMs }: { readonly silent: number; readonly idleBytesPerMs: number },
): Row {
  const { bytesPerSecond, delayMs } = link;
  const receivers = peers - 1;
  const broadcast = { receivers, blockBytes, bytesPerSecond, delayMs };
  const t100Ms = maximum(honestMs);
  const boundMs = lowerBoundMs(broadcast);
  const bytes = sum([...sent.values()].map((cost) => cost.bytes)) - idleBytesPerMs * elapsedMs;
  const row: Row = {
    block,
    t50Ms: median(honestMs),
    t99Ms: percentile(honestMs, 0.99),
    t100Ms,
    boundMs,
    ratio: t100Ms / boundMs,
    bytesRatio: bytes / (blockBytes * receivers),
  };
  if (silent === 0) return row;
  const f9Ms = codedTwoHopMs(broadcast, silent / receivers, CODED_CHUNKS);
  const honestIdle = (idleBytesPerMs * elapsedMs * honestMs.length) / peers;
  return {
    ...row,
    honestBytesRatio: (honestBytes - honestIdle) / (blockBytes * honestMs.length),
    f9Ms,
    ratioF9: t100Ms / f9Ms,
    allT100Ms: maximum(allMs),
  };
}

/** A row for each block, with a column for each kind of message that any block has needed. */
function kindRows(
  spreads: readonly Spread[],
  figure: (cost: { readonly messages: number; readonly bytes: number }, spread: Spread) => number,
): readonly Row[] {
  const kinds = new Set(spreads.flatMap(({ sent }) => [...sent.keys()]));
  return spreads.map((spread) => {
    const figures = [...kinds].map((kind) => [
      kind,
      figure(spread.sent.get(kind) ?? { messages: 0, bytes: 0 }, spread),
    ]);
    return { number: spread.block, ...Object.fromEntries(figures) };
  });
}

function notes(silent: number): readonly string[] {
  const always = [
    "Time from the submit until a peer has verified the block, the source not counted; bound: the greatest of F2 to F4.",
    "bytesRatio: bytes sent until two seconds after, less those of idle peers / (block x receivers).",
    "Bytes and messages by kind: all that was sent until then, with what idle peers say. Receivers: all but the source.",
  ];
  if (silent === 0) return always;
  return [
    ...always,
    `${silent} receivers pass nothing on; t50, t99 and t100 are of the honest ones.`,
    `honestBytesRatio: bytes sent to honest receivers / (block x these). f9: two hops, ${CODED_CHUNKS} coded chunks, as many silent.`,
    "allT100: until the silent receivers had it too.",
  ];
}

function medians(rows: readonly Row[]): Row {
  const columns = Object.keys(rows[0] ?? {}).filter((column) => column !== "block");
  return Object.fromEntries(
    columns.map((column) => [column, median(rows.map((row) => Number(row[column])))]),
  );
}
