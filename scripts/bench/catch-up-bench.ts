import { join } from "node:path";
import { FileLedger } from "../../chain/file-ledger.ts";
import { BlockMaker } from "./block-maker.ts";
import { Completions } from "./completions.ts";
import { monotonicMs } from "./monotonic-ms.ts";
import type { BenchResult, Row } from "./report.ts";
import { scratchDirectory } from "./scratch-directory.ts";
import { median, sum } from "./statistics.ts";
import { WorkerProcess } from "./worker-process.ts";

export interface CatchUpFlags {
  readonly blocks: number;
  readonly size: number;
  readonly rounds: number;
  readonly timeout: number;
  /** Where the peers' processes leave CPU profiles. */
  readonly profile?: string;
}

/** What the raw stream is written in. */
const CHUNK_BYTES = 65_536;

/** An empty newcomer that fetches everything from one peer in another process, beside one raw libp2p stream, in turn. */
export async function catchUpBench(flags: CatchUpFlags): Promise<BenchResult> {
  using directory = scratchDirectory();
  const maker = await BlockMaker.create(directory.path, flags.size);
  const { genesis, name } = maker.channel;
  const source = join(directory.path, "source");
  const bytes = await fill(join(source, "channels", name, "ledger"), maker, flags.blocks);
  await using sourceWorker = new WorkerProcess({ profile: flags.profile });
  const address = await sourceWorker.call("open", {
    index: 0,
    system: "blockgossip",
    directory: source,
    genesis,
  });
  await sourceWorker.call("join", { index: 0, contacts: [] });
  const rows: Row[] = [];
  for (let round = 1; round <= flags.rounds; round++) {
    const rawRate = bytes / (await rawSeconds(sourceWorker, bytes));
    const target = join(directory.path, `newcomer-${round}`);
    const { seconds, firstSeconds, rssMB } = await catchUp({ address, genesis, target, flags });
    const rate = bytes / seconds;
    rows.push({
      round,
      seconds,
      firstSeconds,
      MBPerSecond: rate / 1e6,
      rawMBPerSecond: rawRate / 1e6,
      share: rate / rawRate,
      rssMB,
    });
  }
  const { blocks, size, rounds } = flags;
  return {
    bench: "catch-up",
    parameters: { blocks, sizeBytes: size, rounds },
    tables: { rounds: rows, median: [{ share: median(rows.map((row) => Number(row["share"]))) }] },
    notes: [
      "seconds: from joining until the last block is verified and durable; firstSeconds: until the first one is;",
      "raw: the same bytes over one libp2p stream between two processes.",
    ],
  };
}

/** Returns the bytes of the blocks behind the first. */
async function fill(directory: string, maker: BlockMaker, blocks: number): Promise<number> {
  await using ledger = await FileLedger.open({ directory });
  await ledger.append(maker.channel.tip);
  let bytes = 0;
  for (let left = blocks; left > 0; left -= GROUP) {
    const group = maker.many(Math.min(GROUP, left));
    bytes += sum(group.map((block) => block.bytes.length));
    await Promise.all(group.map((block) => ledger.append(block)));
  }
  return bytes;
}

const GROUP = 16;

async function rawSeconds(sender: WorkerProcess, bytes: number): Promise<number> {
  await using receiver = new WorkerProcess();
  const address = await receiver.call("listenRaw");
  const received = receiver.call("receivedRaw", bytes);
  const startMs = await sender.call("sendRaw", { address, bytes, chunk: CHUNK_BYTES });
  return ((await received) - startMs) / 1_000;
}

interface CatchUp {
  readonly address: string;
  readonly genesis: string;
  readonly target: string;
  readonly flags: CatchUpFlags;
}

async function catchUp({ address, genesis, target, flags }: CatchUp) {
  const { blocks, timeout, profile } = flags;
  const completions = new Completions(1);
  await using newcomer = new WorkerProcess({ profile, onCompletion: completions.tell.bind(completions) });
  await newcomer.call("open", { index: 0, system: "blockgossip", directory: target, genesis });
  const startMs = monotonicMs();
  await newcomer.call("join", { index: 0, contacts: [address] });
  // The ledger takes them in order: after the last one there is none.
  while (completions.atMs(blocks, "durable") === undefined) {
    const leftMs = startMs + timeout - monotonicMs();
    if (leftMs <= 0) throw new Error(`after ${timeout} ms the newcomer does not have all ${blocks} blocks`);
    await completions.next(leftMs);
  }
  const secondsTo = (block: number) => ((completions.atMs(block, "durable") ?? Number.NaN) - startMs) / 1_000;
  const { rssBytes } = await newcomer.call("usage");
  return { seconds: secondsTo(blocks), firstSeconds: secondsTo(1), rssMB: rssBytes / 1e6 };
}
