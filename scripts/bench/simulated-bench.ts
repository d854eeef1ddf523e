import type { SimulatedPeer } from "../../test/simulator/simulated-peer.ts";
import { Simulation } from "../../test/simulator/simulation.ts";
import type { Link } from "./link.ts";
import { lowerBoundMs } from "./lower-bound.ts";
import type { BenchResult, Row } from "./report.ts";
import { maximum, median, percentile } from "./statistics.ts";

export interface SimulatedFlags {
  readonly peers: number;
  readonly size: number;
  readonly blocks: number;
  readonly link: Link;
  readonly seed: number;
}

/** Virtual time in which a block must have reached everybody. */
const LIMIT_MS = 120_000;
/** Over which the traffic without blocks is measured. */
const IDLE_MS = 10_000;

/** How the shipped protocol spreads blocks in the simulator, beside the least time and the least bytes there are. */
export async function simulatedBench(flags: SimulatedFlags): Promise<BenchResult> {
  const { peers: peerCount, seed, size, link } = flags;
  const { bytesPerSecond, delayMs } = link;
  const weather = { latencyMs: delayMs, jitterMs: 0, bytesPerSecond };
  const simulation = new Simulation({ seed, peerCount, weather });
  await simulation.start();
  await simulation.runFor(IDLE_MS);
  const idleBytesPerMs = await idle(simulation);
  const receivers = peerCount - 1;
  const rows: Row[] = [];
  for (let index = 0; index < flags.blocks; index++) {
    const source = simulation.peers[(index * 7) % peerCount];
    if (source === undefined) break;
    const { block, blockBytes, times, bytes, elapsedMs } = await spread(simulation, source, size);
    const boundMs = lowerBoundMs({ receivers, blockBytes, bytesPerSecond, delayMs });
    rows.push({
      block,
      t50Ms: median(times),
      t99Ms: percentile(times, 0.99),
      t100Ms: maximum(times),
      boundMs,
      ratio: maximum(times) / boundMs,
      bytesRatio: (bytes - idleBytesPerMs * elapsedMs) / (blockBytes * receivers),
    });
  }
  return {
    bench: "simulated",
    parameters: { peers: peerCount, sizeBytes: size, blocks: flags.blocks, link: link.text, seed },
    tables: { blocks: rows, median: [medians(rows)] },
    notes: [
      "Time from the submit until a peer has verified the block, the source not counted; bound: the greatest of F2 to F4.",
      "bytesRatio: bytes sent less those of idle peers / (block x receivers). Receivers are all peers but the source.",
    ],
  };
}

async function idle(simulation: Simulation): Promise<number> {
  const { traffic } = simulation.network;
  const bytes = traffic.bytes();
  await simulation.runFor(IDLE_MS);
  return (traffic.bytes() - bytes) / IDLE_MS;
}

async function spread(simulation: Simulation, source: SimulatedPeer, size: number) {
  const { network, events, orderer, peers } = simulation;
  const startMs = simulation.elapsedMs;
  const bytes = network.traffic.bytes();
  events.length = 0;
  const block = orderer.next(size - orderer.sibling(orderer.tip, size).bytes.length + size);
  await simulation.publish(block, source);
  const times: number[] = [];
  let seen = 0;
  const isEverywhere = () => {
    for (; seen < events.length; seen++) {
      const { peer, atMs, event } = events[seen] ?? {};
      if (event?.kind !== "block-verified" || event.number !== block.number) continue;
      if (peer !== source.id && atMs !== undefined) times.push(atMs - startMs);
    }
    return times.length === peers.length - 1;
  };
  await simulation.until(isEverywhere, LIMIT_MS, `block ${block.number} at all peers`);
  const sent = network.traffic.bytes() - bytes;
  const elapsedMs = simulation.elapsedMs - startMs;
  // What is still on its way would delay the next block.
  await simulation.runFor(2_000);
  return { block: block.number, blockBytes: block.bytes.length, times, bytes: sent, elapsedMs };
}

function medians(rows: readonly Row[]): Row {
  const columns = Object.keys(rows[0] ?? {}).filter((column) => column !== "block");
  return Object.fromEntries(
    columns.map((column) => [column, median(rows.map((row) => Number(row[column])))]),
  );
}
