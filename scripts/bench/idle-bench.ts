import { setTimeout as pause } from "node:timers/promises";
import { DEFAULT_GOSSIP_OPTIONS, scaledIntervalMs } from "../../gossip/options.ts";
import { SimulatedKeyring } from "../../node/testing/simulator/simulated-keyring.ts";
import { Simulation } from "../../node/testing/simulator/simulation.ts";
import { BenchNetwork } from "./bench-network.ts";
import { BlockMaker } from "./block-maker.ts";
import { loopbackNote } from "./network-namespace.ts";
import type { BenchResult, Row } from "./report.ts";
import { scratchDirectory } from "./scratch-directory.ts";

export interface IdleFlags {
  readonly peers: number;
  readonly seconds: number;
  /** How long to wait first, until what is said at the first meeting has died away. */
  readonly quiet: number;
  readonly simulated: readonly number[];
}

/** What peers send and check while no blocks come: over real sockets, and in the simulator for larger networks. */
export async function idleBench(flags: IdleFlags): Promise<BenchResult> {
  const { peers, seconds, quiet } = flags;
  const rows = [await realNetwork(flags)];
  for (const count of flags.simulated) rows.push(await simulatedNetwork(count, flags));
  return {
    bench: "idle",
    parameters: { peers, seconds, quietMs: quiet },
    tables: { "per peer": rows },
    notes: [
      "sentBytesPerSecond: on sockets with TCP/IP headers; in the simulator with 64 bytes a message for these.",
      loopbackNote(),
    ],
  };
}

async function realNetwork({ peers, seconds, quiet }: IdleFlags): Promise<Row> {
  using directory = scratchDirectory();
  const { channel } = await BlockMaker.create(directory.path, 1_000);
  const { genesis } = channel;
  await using network = await BenchNetwork.start({
    system: "blockgossip",
    peers,
    genesis,
    directory: directory.path,
  });
  await pause(quiet);
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

async function simulatedNetwork(peerCount: number, { seconds, quiet }: IdleFlags): Promise<Row> {
  using checks = countChecks();
  const simulation = new Simulation({ seed: 1, peerCount });
  await simulation.start();
  await simulation.runFor(quiet);
  const { traffic } = simulation.network;
  const before = { bytes: traffic.bytes(), checks: checks.count };
  // Whole rounds of what is said least often; a part of one may have all of it or nothing.
  const refreshMs = scaledIntervalMs(DEFAULT_GOSSIP_OPTIONS.stateInfoRefreshMs, peerCount);
  const windowMs = refreshMs * Math.ceil((1_000 * seconds) / refreshMs);
  await simulation.runFor(windowMs);
  const per = (peerCount * windowMs) / 1_000;
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
