import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { PeerProcess } from "../../node/peer/peer-process.ts";
import { poll } from "../../node/poll.ts";
import { BlockMaker } from "./block-maker.ts";
import { monotonicMs } from "./monotonic-ms.ts";
import { RawFollower } from "./raw-follower.ts";
import type { BenchResult, Row } from "./report.ts";
import { scratchDirectory } from "./scratch-directory.ts";
import { maximum, median, percentile } from "./statistics.ts";

export interface FollowersFlags {
  readonly fast: number;
  readonly slow: number;
  /** Of the blocks that come. */
  readonly size: number;
  readonly blocks: number;
  readonly intervalMs: number;
}

const TIMEOUT_MS = 60_000;
/** For giving the slow ones what the kernel takes for them. */
const SETTLE_MS = 3_000;
/** What the slow ones are given first, and do not read: more than the kernel keeps for a connection. */
const BACKLOG_BLOCKS = 10;
const BACKLOG_BLOCK_BYTES = 1 << 20;

/** Followers of one peer's blocks: those that read, alone, and beside others that do not read. */
export async function followersBench(flags: FollowersFlags): Promise<BenchResult> {
  const rows = [await run({ ...flags, slow: 0 }), await run(flags)];
  return {
    bench: "followers",
    parameters: { ...flags },
    tables: { "one peer": rows },
    notes: [
      "lastMs: from the peer's answer to the submit, to the last fast follower having the block; the followers are all in the process that measures.",
      `The slow ones ask from the first block on, ${BACKLOG_BLOCKS} of 1 MiB, and read nothing; the fast ones for what comes.`,
      "rssMB: the peer's resident memory before there are followers, with all connected, and the most while blocks come; rssLateMB: what was added to that in the second half.",
    ],
  };
}

async function run({ fast, slow, size, blocks, intervalMs }: FollowersFlags): Promise<Row> {
  using directory = scratchDirectory();
  const maker = await BlockMaker.create(directory.path, size);
  const { name, genesis } = maker.channel;
  await using peer = await PeerProcess.start({
    name: "peer",
    flags: ["--admission", "open", "--data", join(directory.path, "peer"), "--genesis", genesis],
    log: join(directory.path, "peer.log"),
  });
  for (let count = 0; count < BACKLOG_BLOCKS; count++)
    await peer.api.submit(name, maker.channel.next(BACKLOG_BLOCK_BYTES).bytes);
  const rssMB = async () => (await peer.api.status()).process.rssBytes / 1e6;
  const rssBeforeMB = await rssMB();
  using followers = new DisposableStack();
  const open = async (count: number, reads: boolean) => {
    const opened: RawFollower[] = [];
    for (let index = 0; index < count; index++)
      opened.push(
        followers.use(await RawFollower.open(peer.ready.api, `/v1/channels/${name}/blocks`, reads)),
      );
    return opened;
  };
  await open(slow, false);
  const fastOnes = await open(fast, true);
  await pause(SETTLE_MS);
  const rssConnectedMB = await rssMB();
  const lastsMs: number[] = [];
  const rssEachMB: number[] = [];
  for (let count = 1; count <= blocks; count++) {
    await peer.api.submit(name, maker.next().bytes);
    const submittedMs = monotonicMs();
    await allHave(fastOnes, count);
    lastsMs.push(
      Math.max(0, maximum(fastOnes.map(({ arrivalsMs }) => arrivalsMs.at(-1) ?? 0)) - submittedMs),
    );
    rssEachMB.push(await rssMB());
    await pause(Math.max(0, submittedMs + intervalMs - monotonicMs()));
  }
  const half = blocks >> 1;
  return {
    fast,
    slow,
    lastMedianMs: median(lastsMs),
    lastP95Ms: percentile(lastsMs, 0.95),
    rssBeforeMB,
    rssConnectedMB,
    rssMostMB: maximum(rssEachMB),
    rssLateMB: maximum(rssEachMB.slice(half)) - maximum(rssEachMB.slice(0, half)),
  };
}

async function allHave(followers: readonly RawFollower[], blocks: number): Promise<void> {
  const done = await poll(
    async () => (followers.every(({ arrivalsMs }) => arrivalsMs.length >= blocks) ? true : undefined),
    { intervalMs: 5, timeoutMs: TIMEOUT_MS },
  );
  if (done === undefined) throw new Error(`a follower has not had block ${blocks} after ${TIMEOUT_MS} ms`);
}
