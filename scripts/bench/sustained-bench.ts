import { setTimeout as pause } from "node:timers/promises";
import { BenchNetwork, type NetworkUsage } from "./bench-network.ts";
import { BlockMaker } from "./block-maker.ts";
import { ClosedLoad, type Carried } from "./closed-load.ts";
import type { Link } from "./link.ts";
import { loopbackNote } from "./network-namespace.ts";
import type { BenchResult } from "./report.ts";
import { roundsInTurn, systemsAgainst, tablesOf, type WithFigures } from "./rounds-in-turn.ts";
import { scratchDirectory } from "./scratch-directory.ts";
import { maximum, median, sum } from "./statistics.ts";
import type { SystemName } from "./worker-protocol.ts";

export interface SustainedFlags {
  readonly peers: number;
  readonly size: number;
  /** How many blocks may be under way to some peers. */
  readonly window: number;
  readonly seconds: number;
  /** Milliseconds under load before anything is measured. */
  readonly warmUp: number;
  readonly rounds: number;
  readonly timeout: number;
  readonly link?: Link;
  readonly against?: "gossipsub";
}

const FIGURES = [
  "MBPerSecond",
  "blocksPerSecond",
  "complete",
  "lost",
  "lastPeerMs",
  "lastPeerMaxMs",
  "bytesRatio",
  "cpuMs",
  "rssMB",
] as const;

type SustainedResult = WithFigures<(typeof FIGURES)[number]>;

/** How many bytes of blocks a second all peers can keep up with, and another system's beside them, in turn. */
export async function sustainedBench(flags: SustainedFlags): Promise<BenchResult> {
  const { peers, size, window, seconds, warmUp, link, against } = flags;
  const rounds = await roundsInTurn({
    systems: systemsAgainst(against),
    rounds: flags.rounds,
    run: (system) => runRound(system, flags),
    progress: ({ figures: { MBPerSecond, complete, lost } }) =>
      `${MBPerSecond.toPrecision(3)} MB/s, ${complete} blocks complete at all peers, ${lost} lost`,
  });
  return {
    bench: "sustained",
    parameters: {
      peers,
      sizeBytes: size,
      window,
      seconds,
      warmUpMs: warmUp,
      rounds: flags.rounds,
      link: link?.text,
      against,
    },
    tables: tablesOf(rounds, FIGURES),
    notes: [
      "A block is handed in at one peer as soon as fewer than `window` are incomplete; it is complete when all peers have",
      "verified it (gossipsub: its message event). MBPerSecond: bytes of blocks, counted once, that became complete;",
      "lost: how many were incomplete when one of them was too late, which ends the round; lastPeer: from handing in",
      "until complete; bytesRatio: bytes on the sockets / (block x (peers - 1)); cpuMs: per block and peer, idle included.",
      loopbackNote(),
    ],
  };
}

async function runRound(system: SystemName, flags: SustainedFlags): Promise<SustainedResult> {
  using directory = scratchDirectory();
  const { peers, window, timeout: limitMs, link } = flags;
  const maker = await BlockMaker.create(directory.path, flags.size);
  const { genesis } = maker.channel;
  await using network = await BenchNetwork.start({
    system,
    peers,
    genesis,
    directory: directory.path,
    link,
  });
  const load = new ClosedLoad({ network, maker, window, limitMs });
  const running = load.run();
  // A loss ends it before.
  await Promise.race([running, pause(flags.warmUp)]);
  const start = await network.usage();
  await Promise.race([running, pause(1_000 * flags.seconds)]);
  const end = await network.usage();
  load.stop();
  await running;
  const measured = load.carried.filter(({ completeMs }) => completeMs >= start.atMs && completeMs < end.atMs);
  return { figures: figuresOf({ measured, start, end, lost: load.underWay, peers }) };
}

interface Measured {
  readonly measured: readonly Carried[];
  readonly start: NetworkUsage;
  readonly end: NetworkUsage;
  readonly lost: number;
  readonly peers: number;
}

function figuresOf({ measured, start, end, lost, peers }: Measured): SustainedResult["figures"] {
  const bytes = sum(measured.map((block) => block.bytes));
  const seconds = (end.atMs - start.atMs) / 1_000;
  const times = measured.map(({ submitMs, completeMs }) => completeMs - submitMs);
  return {
    MBPerSecond: bytes / seconds / 1e6,
    blocksPerSecond: measured.length / seconds,
    complete: measured.length,
    lost,
    lastPeerMs: median(times),
    lastPeerMaxMs: maximum(times),
    bytesRatio: ((end.bytes ?? Number.NaN) - (start.bytes ?? Number.NaN)) / (bytes * (peers - 1)),
    cpuMs: (end.cpuMs - start.cpuMs) / (measured.length * peers),
    rssMB: end.rssBytes / peers / 1e6,
  };
}
