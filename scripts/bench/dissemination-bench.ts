import { BlockMaker } from "./block-maker.ts";
import { disseminationRound, FIGURES, type RoundFigures } from "./dissemination-round.ts";
import { isAloneOnLoopback } from "./network-namespace.ts";
import type { BenchResult, Row } from "./report.ts";
import { scratchDirectory } from "./scratch-directory.ts";
import { median } from "./statistics.ts";
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
  readonly against?: "gossipsub";
}

interface Round {
  readonly system: SystemName;
  readonly round: number;
  readonly figures: RoundFigures;
}

/** Peers over real sockets and disks that carry blocks, and another system's beside them, in turn. */
export async function disseminationBench(flags: DisseminationFlags): Promise<BenchResult> {
  const systems: readonly SystemName[] = [
    "blockgossip",
    ...(flags.against === undefined ? [] : [flags.against]),
  ];
  const rounds: { readonly system: SystemName; readonly round: number; readonly figures: RoundFigures }[] =
    [];
  for (let round = 1; round <= flags.rounds; round++)
    for (const system of systems) {
      const figures = await runRound(system, flags);
      rounds.push({ system, round, figures });
      const { complete, lastPeerMs } = figures;
      const progress = `${complete} of ${flags.blocks} blocks complete, the last peer after ${Math.round(lastPeerMs)} ms`;
      console.error(`round ${round} of ${flags.rounds}, ${system}: ${progress}`);
    }
  const medians = systems.map((system) => {
    const own = rounds.filter((entry) => entry.system === system).map(({ figures }) => figures);
    return { system, figures: mediansOf(own) };
  });
  const { peers, size, blocks, interval, against } = flags;
  return {
    bench: "dissemination",
    parameters: { peers, sizeBytes: size, blocks, intervalMs: interval, rounds: flags.rounds, against },
    tables: {
      rounds: rounds.map(({ system, round, figures }) => ({ system, round, ...shown(figures) })),
      "medians of the rounds": medians.map(({ system, figures }) => ({ system, ...shown(figures) })),
      ...ratios(rounds, systems),
    },
    notes: [
      "p50 to max: from the submit until a peer has verified the block (gossipsub: its message event), over (block, peer);",
      "lastPeer: until the last peer has, median and max over the blocks that reached all; complete: how many did;",
      "bytesRatio: bytes on the sockets less idle / (block x (peers - 1)); cpuMs: per block and peer, less idle;",
      "checks: signatures of statements that our peers check, per block and peer, less idle.",
      isAloneOnLoopback()
        ? "Bytes are of a private network namespace."
        : "No private network namespace was allowed: bytes may be others' too.",
    ],
  };
}

async function runRound(system: SystemName, flags: DisseminationFlags): Promise<RoundFigures> {
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
  });
}

function mediansOf(rounds: readonly RoundFigures[]): RoundFigures {
  const entries = FIGURES.map((name) => [name, median(rounds.map((figures) => figures[name]))] as const);
  return Object.fromEntries(entries) as RoundFigures;
}

/** The first system's figures by the second's, round by round, and of these the medians. */
function ratios(rounds: readonly Round[], [ours, theirs]: readonly SystemName[]) {
  if (ours === undefined || theirs === undefined) return {};
  const figuresOf = (system: SystemName) => rounds.filter((entry) => entry.system === system);
  const others = figuresOf(theirs);
  const quotients = figuresOf(ours).map(({ figures }, index) => {
    const other = others[index]?.figures;
    const entries = FIGURES.map((name) => [name, figures[name] / (other?.[name] ?? Number.NaN)] as const);
    return Object.fromEntries(entries) as RoundFigures;
  });
  return { [`${ours} / ${theirs}, median of the rounds' ratios`]: [shown(mediansOf(quotients))] };
}

function shown(figures: RoundFigures): Row {
  return Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [name, Number.isFinite(value) ? value : undefined]),
  );
}
