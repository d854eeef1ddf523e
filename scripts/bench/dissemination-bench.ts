import { BlockMaker } from "./block-maker.ts";
import { disseminationRound, ROUND_FIGURES, type RoundResult } from "./dissemination-round.ts";
import type { Link } from "./link.ts";
import { loopbackNote } from "./network-namespace.ts";
import type { BenchResult, Row } from "./report.ts";
import { finite, roundsInTurn, systemsAgainst, tablesOf, type Round } from "./rounds-in-turn.ts";
import { scratchDirectory } from "./scratch-directory.ts";
import { median, sum } from "./statistics.ts";
import type { SystemName } from "./worker-protocol.ts";

export interface DisseminationFlags {
  readonly peers: number;
  readonly size: number;
  readonly blocks: number;
  readonly warmUp: number;
  readonly interval: number;
  readonly rounds: number;
  readonly idle: number;
  readonly timeout: number;
  readonly link?: Link;
  readonly against?: "gossipsub";
  /** Where our own peers' processes leave CPU profiles. */
  readonly profile?: string;
}

/** Peers over real sockets and disks that carry blocks, and another system's beside them, in turn. */
export async function disseminationBench(flags: DisseminationFlags): Promise<BenchResult> {
  const { peers, size, blocks, interval, link, against } = flags;
  const rounds = await roundsInTurn({
    systems: systemsAgainst(against),
    rounds: flags.rounds,
    run: (system) => runRound(system, flags),
    progress: ({ figures: { complete, lastPeerMs } }) =>
      `${complete} of ${blocks} blocks complete at all peers, the last peer after ${Math.round(lastPeerMs)} ms`,
  });
  const names = ROUND_FIGURES.filter((name) => link !== undefined || !name.startsWith("bound"));
  return {
    bench: "dissemination",
    parameters: {
      peers,
      sizeBytes: size,
      blocks,
      intervalMs: interval,
      rounds: flags.rounds,
      link: link?.text,
      against,
    },
    tables: {
      "ms to the last peer, block by block": rounds.map(blockRow),
      "blockgossip's frames by kind, bytes for each block and receiver, median of the rounds": kindRows(
        rounds,
        size,
      ),
      ...tablesOf(rounds, names),
    },
    notes: notes(link),
  };
}

function notes(link: Link | undefined): readonly string[] {
  return [
    "p50 to max: from the submit until a peer has verified the block (gossipsub: its message event), over (block, peer);",
    "lastPeer: until the last peer has, median and max over the blocks that reached all; complete: how many did;",
    "bytesRatio: bytes on the sockets less idle / (block x (peers - 1)); cpuMs: per block and peer, less idle;",
    "checks: signatures of statements that our peers check, per block and peer, less idle.",
    ...(link === undefined
      ? []
      : [
          "bound: the least time to the last peer over such links; boundRatio: lastPeer by it, median of the blocks.",
          "The link is our own code's: it delays what libp2p writes, without TCP/IP headers, and takes some of the CPU.",
        ]),
    loopbackNote(),
  ];
}

async function runRound(system: SystemName, flags: DisseminationFlags): Promise<RoundResult> {
  using directory = scratchDirectory();
  const maker = await BlockMaker.create(directory.path, flags.size);
  return await disseminationRound({
    system,
    peers: flags.peers,
    genesis: maker.channel.genesis,
    blocks: maker.many(flags.warmUp + flags.blocks),
    warmUp: flags.warmUp,
    intervalMs: flags.interval,
    idleMs: flags.idle,
    limitMs: flags.timeout,
    link: flags.link,
    profile: system === "blockgossip" ? flags.profile : undefined,
  });
}

function blockRow({ system, round, result }: Round<RoundResult>): Row {
  const times = result.lastPeerMs.map((lastMs, index) => [`block${index + 1}`, finite(lastMs)] as const);
  return { system, round, ...Object.fromEntries(times) };
}

/** Most bytes first; `share` is of one block. */
function kindRows(rounds: readonly Round<RoundResult>[], sizeBytes: number): readonly Row[] {
  const own = rounds.filter(({ system }) => system === "blockgossip").map(({ result }) => result.sentBytes);
  const kinds = [...new Set(own.flatMap(Object.keys))];
  const rows = kinds.map((kind) => ({ kind, bytes: median(own.map((sent) => sent[kind] ?? 0)) }));
  const all = { kind: "all", bytes: sum(rows.map(({ bytes }) => bytes)) };
  return [...rows.sort((a, b) => b.bytes - a.bytes), all].map((row) => ({
    ...row,
    share: row.bytes / sizeBytes,
  }));
}
