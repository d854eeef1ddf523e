import { sample } from "../../gossip/random.ts";
import { ANTI_ENTROPY_MODES, type GossipOptions } from "../../gossip/options.ts";
import { CALM, type LinkWeather } from "../../node/testing/simulator/link-weather.ts";
import { Simulation } from "../../node/testing/simulator/simulation.ts";
import type { SimulatedPeer } from "../../node/testing/simulator/simulated-peer.ts";
import { seededRandom } from "../../node/testing/simulator/seeded-random.ts";

export interface SwarmRun {
  readonly seed: number;
  readonly peerCount: number;
  readonly minutes: number;
}

/** What came of a run. */
export interface SwarmReport {
  readonly blocks: number;
  readonly crashes: number;
  readonly cuts: number;
  /** How long after the weather had calmed all peers held all blocks. */
  readonly settledMs: number;
  /** Block messages sent per block and peer. */
  readonly copies: number;
  readonly fingerprint: string;
}

/** Within this time after the faults have stopped all peers must hold all blocks. */
const LIVENESS_LIMIT_MS = 120_000;

/**
 * A run in which every knob is drawn from the seed. First safety: blocks are handed in at a peer that stays up, while
 * links lose, repeat and reorder messages, links are cut, peers crash and restart, disks are slow or lost; the checker
 * looks at every step. Then the faults stop, and liveness: every peer must hold every block before long.
 */
export async function runSwarm({ seed, peerCount, minutes }: SwarmRun): Promise<SwarmReport> {
  const random = seededRandom(seed ^ 0x5eed);
  const simulation = new Simulation({
    seed,
    peerCount,
    options: drawOptions(random),
    weather: drawWeather(random),
  });
  const source = simulation.peers[0]!;
  const faults = { crashes: 0, cuts: 0 };
  await simulation.start();
  const faultRate = 0.3 * random();
  const sizeMax = 10 ** (2 + 3 * random());
  const end = simulation.elapsedMs + minutes * 60_000;
  while (simulation.elapsedMs < end) {
    if (random() < 0.7) await simulation.publishNext(1 + Math.floor(sizeMax * random()), source);
    if (random() < faultRate) await disturb(simulation, random, faults);
    await simulation.runFor(2_000 * random());
  }
  const settledMs = await settle(simulation);
  const blocks = simulation.orderer.tip.number;
  const copies = simulation.network.traffic.count("block") / Math.max(1, blocks * (peerCount - 1));
  return { blocks, ...faults, settledMs, copies, fingerprint: simulation.fingerprint };
}

/** Anything from a fast network that keeps everything to a slow one that loses much. */
export function drawWeather(random: () => number): LinkWeather {
  return {
    latencyMs: 100 * random(),
    jitterMs: 100 * random(),
    bytesPerSecond: 10 ** (5 + 3 * random()),
    lossRate: random() < 0.5 ? 0 : 0.3 * random(),
    repeatMs: 0,
    duplicationRate: random() < 0.5 ? 0 : 0.2 * random(),
    reorderRate: random() < 0.5 ? 0 : 0.3 * random(),
  };
}

/** Options that make every part of the protocol work, at small sizes. */
export function drawOptions(random: () => number): Partial<GossipOptions> {
  return {
    windowBlocks: 4 + Math.floor(60 * random()),
    pushFanout: random() < 0.8 ? "auto" : 1 + Math.floor(4 * random()),
    pushDirectBytesMax: random() < 0.5 ? 1 : 512 << 10,
    // From every block in chunks to none.
    chunks: random() < 0.7,
    chunkBlockBytesMin: random() < 0.7 ? 1_500 : 20_000,
    neighboursMax: random() < 0.5 ? 4 : 100,
    antiEntropyMode: ANTI_ENTROPY_MODES[Math.floor(ANTI_ENTROPY_MODES.length * random())]!,
    antiEntropyIntervalMs: 500 + Math.floor(4_000 * random()),
    stateTransferBatchBlocks: 1 + Math.floor(32 * random()),
    stateTransferParallel: 1 + Math.floor(4 * random()),
  };
}

async function disturb(
  simulation: Simulation,
  random: () => number,
  faults: { crashes: number; cuts: number },
): Promise<void> {
  const others = simulation.peers.slice(1);
  const [peer] = sample(others, 1, random) as [SimulatedPeer];
  const kind = random();
  if (kind < 0.4) {
    if (peer.isUp) {
      peer.crash();
      // One in five comes back with an empty disk.
      if (random() < 0.2) peer.disk.blocks.splice(1);
    } else await simulation.restart(peer);
    faults.crashes++;
  } else if (kind < 0.7) {
    const [other] = sample(simulation.peers, 1, random) as [SimulatedPeer];
    if (other !== peer) simulation.network.cut(peer.id, other.id);
    faults.cuts++;
  } else if (kind < 0.85) {
    simulation.network.healAll();
  } else {
    peer.diskSpeed = { writeMs: 10 ** (3.3 * random()) };
  }
}

async function settle(simulation: Simulation): Promise<number> {
  const calmMs = simulation.elapsedMs;
  simulation.network.healAll();
  simulation.network.weather = CALM;
  for (const peer of simulation.peers) {
    peer.diskSpeed = { writeMs: 1 };
    if (!peer.isUp) await simulation.restart(peer);
  }
  await simulation.untilHeight(simulation.orderer.tip.number + 1, LIVENESS_LIMIT_MS);
  return simulation.elapsedMs - calmMs;
}
