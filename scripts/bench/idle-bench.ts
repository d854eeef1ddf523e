import { setTimeout as pause } from "node:timers/promises";
import { SimulatedKeyring } from "../../test/simulator/simulated-keyring.ts";
import { Simulation } from "../../test/simulator/simulation.ts";
import { BenchNetwork } from "./bench-network.ts";
import { BlockMaker } from "./block-maker.ts";
import { isAloneOnLoopback } from "./network-namespace.ts";
import type { BenchResult, Row } from "./report.ts";
import { scratchDirectory } from "./scratch-directory.ts";

export interface IdleFlags {
  readonly peers: number;
  readonly seconds: number;
  readonly simulated: readonly number[];
}

/** From the first meeting on, until what is said then has died away. */
const QUIET_MS = 30_000;

/** What peers send and check while no blocks come: over real sockets, and in the simulator for larger networks. */
export async function idleBench({ peers, seconds, simulated }: IdleFlags): Promise<BenchResult> {
  const rows = [await realNetwork(peers, seconds)];
  for (const count of simulated) rows.push(await simulatedNetwork(count, seconds));
  return {
    bench: "idle",
    parameters: { peers, seconds },
    tables: { "per peer": rows },
    notes: [
      "sentBytesPerSecond: on sockets with TCP/IP headers; in the simulator with 64 bytes a message for these.",
      isAloneOnLoopback()
        ? "Bytes are of a private network namespace."
        : "No private network namespace was allowed: bytes may be others' too.",
    ],
  };
}

async function realNetwork(peers: number, seconds: number): Promise<Row> {
  using directory = scratchDirectory();
  const { channel } = await BlockMaker.create(directory.path, 1_000);
  const { genesis } = channel;
  await using network = await BenchNetwork.start({
    system: "blockgossip",
    peers,
    genesis,
    directory: directory.path,
  });
  const start = await network.usage();
  await pause(1_000 * seconds);
  const end = await network.usage();
  const per = (peers * (end.atMs - start.atMs)) / 1_000;
  const bytes = (end.bytes ?? Number.NaN) - (start.bytes ?? Number.NaN);
  return {
    network: "sockets",
    peers,
    sentBytesPerSecond: bytes / per,
    signatureChecksPerSecond: (end.signatureChecks - start.signatureChecks) / per,
    cpuMsPerSecond: (end.cpuMs - start.cpuMs) / per,
    connections: end.connections / peers,
    rssMB: end.rssBytes / peers / 1e6,
  };
}

async function simulatedNetwork(peerCount: number, seconds: number): Promise<Row> {
  using checks = countChecks();
  const simulation = new Simulation({ seed: 1, peerCount });
  await simulation.start();
  await simulation.runFor(QUIET_MS);
  const { traffic } = simulation.network;
  const before = { bytes: traffic.bytes(), checks: checks.count };
  await simulation.runFor(1_000 * seconds);
  const per = peerCount * seconds;
  return {
    network: "simulated",
    peers: peerCount,
    sentBytesPerSecond: (traffic.bytes() - before.bytes) / per,
    signatureChecksPerSecond: (checks.count - before.checks) / per,
    cpuMsPerSecond: undefined,
    connections: undefined,
    rssMB: undefined,
  };
}

/** Counts the signatures that all simulated peers check, until it is disposed of. */
function countChecks(): { readonly count: number } & Disposable {
  const { prototype } = SimulatedKeyring;
  // The simulator makes the keyrings itself.
  const original = Reflect.get(prototype, "verify");
  const counter = { count: 0, [Symbol.dispose]: () => void (prototype.verify = original) };
  prototype.verify = function counted(...args): boolean {
    counter.count++;
    return Reflect.apply(original, this, args);
  };
  return counter;
}
