import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Consensus } from "../../chain/block-signing.ts";
import { EXIT_STATUS } from "../commands/command-line.ts";
import { LiveLines } from "../commands/live-lines.ts";
import { NodeError } from "../errors.ts";
import { reason } from "../files.ts";
import type { Network } from "../network/network.ts";
import { PeerProcess } from "../peer/peer-process.ts";
import { StopRequest } from "../peer/stop-request.ts";
import { submitNext } from "../orderer/submission.ts";
import { createDevnet, DEVNET_CHANNEL } from "./devnet-folder.ts";
import { LOCAL_ENVIRONMENT } from "./local-environment.ts";
import { askRow, formatHeights, formatTable, type DevnetRow } from "./devnet-table.ts";

/** What a development network is to be, and do. */
export interface DevnetPlan {
  readonly peers: number;
  readonly orgs: number;
  /** How many blocks are submitted at the beginning. */
  readonly blocks: number;
  /** Random bytes in each. */
  readonly size: number;
  /** Pause between two, in milliseconds. */
  readonly interval: number;
  /** Afterwards one block in so many milliseconds; 0: none. */
  readonly blockEvery: number;
  readonly consensus: Consensus;
  readonly dir: string;
  /** Whether it ends when every peer holds every block. */
  readonly exit?: true;
  readonly basePort?: number;
  /** How long to wait for all blocks to be everywhere, in milliseconds. */
  readonly timeout: number;
  /** How submit and height are called, for the sentences at the end. */
  readonly calls: { readonly submit: string; readonly height: string };
}

/**
 * Makes a network on this machine, its peers in processes of their own, lets them carry blocks, and tells on standard
 * output how they do; until somebody asks the process to stop. Sets the process's exit status.
 *
 * @throws NodeError as `createDevnet` and `PeerProcess.start`, `PEER_DIED`, `REJECTED`.
 */
export async function runDevnet(flags: DevnetPlan): Promise<void> {
  using stopRequest = new StopRequest();
  const controller = new AbortController();
  const stopped = stopRequest.promise.then(() => "stopped" as const);
  await using running = new AsyncDisposableStack();
  const network = await createDevnet({ ...flags, basePort: flags.basePort });
  console.log(`made ${network.peers.length} peers in ${flags.dir}; starting them`);
  const peers = await startAll(network, flags.dir, running);
  const died = Promise.race(peers.map(async (peer) => Promise.reject(await peer.death())));
  died.catch(() => undefined);
  running.defer(() => controller.abort());
  console.log(`Dashboard ${peers[0]?.api.url}`);
  const carried = carry(network, peers, { flags, signal: controller.signal });
  carried.catch(() => undefined);
  const outcome = await Promise.race([carried, stopped, died]);
  if (outcome === "stopped") return;
  process.exitCode = outcome ? EXIT_STATUS.ok : EXIT_STATUS.failed;
  if (flags.exit === true) return;
  tell(peers, flags);
  const [first] = peers;
  if (first !== undefined && flags.blockEvery > 0)
    goOn(network, first, { flags, signal: controller.signal }).catch((error: unknown) => {
      if (!controller.signal.aborted) console.error(`no more blocks are made: ${reason(error)}`);
    });
  await Promise.race([stopped, died]);
}

async function startAll(
  network: Network,
  dir: string,
  running: AsyncDisposableStack,
): Promise<readonly PeerProcess[]> {
  const startMs = performance.now();
  const starting = network.peers.map(async ({ name, config }) =>
    running.use(
      await PeerProcess.start({
        name,
        flags: ["--config", config],
        log: join(dir, "peers", name, "peer.log"),
        environment: LOCAL_ENVIRONMENT,
      }),
    ),
  );
  // All have to be known before any is given up, or one that becomes ready later would be left behind.
  const results = await Promise.allSettled(starting);
  for (const result of results) if (result.status === "rejected") throw result.reason;
  console.log(`all are ready after ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
  return await Promise.all(starting);
}

interface Run {
  readonly flags: DevnetPlan;
  readonly signal: AbortSignal;
}

const LOOK_INTERVAL_MS = 200;

/** Submits the blocks and shows how they spread; whether in the end every peer holds all of them. */
async function carry(
  network: Network,
  peers: readonly PeerProcess[],
  { flags, signal }: Run,
): Promise<boolean> {
  const target = flags.blocks + 1;
  const lines = new LiveLines(process.stdout);
  const startMs = performance.now();
  let submittedMs = Infinity;
  let failure: unknown;
  submitAll(network, peers, { flags, signal }).then(
    () => (submittedMs = performance.now()),
    (error: unknown) => (failure = error),
  );
  for (;;) {
    const rows = await Promise.all(peers.map((peer) => askRow(peer, DEVNET_CHANNEL, signal)));
    lines.show(process.stdout.isTTY ? formatTable(rows) : [formatHeights(rows)]);
    const lacking = rows.filter(({ height = 0 }) => height < target);
    if (lacking.length === 0) {
      lines.show(formatTable(rows));
      const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
      console.log(
        `every peer holds all ${flags.blocks} blocks, ${flags.size} bytes each, after ${seconds} s`,
      );
      return true;
    }
    if (performance.now() - submittedMs > flags.timeout) return giveUp(lines, rows, lacking, target);
    if (failure !== undefined) throw failure;
    await pause(LOOK_INTERVAL_MS, undefined, { signal });
  }
}

function giveUp(
  lines: LiveLines,
  rows: readonly DevnetRow[],
  lacking: readonly DevnetRow[],
  target: number,
): false {
  lines.show(formatTable(rows));
  for (const { name, height } of lacking) {
    const missing = height === undefined ? "does not answer" : `lacks blocks ${height} to ${target - 1}`;
    console.error(`${name} ${missing}`);
  }
  return false;
}

async function submitAll(
  { orderers }: Network,
  peers: readonly PeerProcess[],
  { flags, signal }: Run,
): Promise<void> {
  const [first] = peers;
  if (first === undefined) return;
  for (let index = 0; index < flags.blocks; index++) {
    if (index > 0) await pause(flags.interval, undefined, { signal });
    const refusal = await submitRandom(orderers, first, { size: flags.size, signal });
    if (refusal !== undefined) throw new NodeError("REJECTED", refusal);
  }
}

/** Makes the next block and hands it in. Why it was refused; undefined: it was not. */
async function submitRandom(
  orderers: string,
  { api }: PeerProcess,
  { size, signal }: { readonly size: number; readonly signal: AbortSignal },
): Promise<string | undefined> {
  const files = [randomBytes(size)];
  const { block, result } = await submitNext(api, DEVNET_CHANNEL, { orderers, files, signal });
  return result.kind === "refused"
    ? `block ${block.number} was refused: ${result.message} [${result.code}]`
    : undefined;
}

/** Of the blocks that are made afterwards, one in so many is so many times as large, and goes in chunks. */
const LARGE = { every: 4, times: 20 } as const;

/** Submits one block after the other, until the signal. */
async function goOn({ orderers }: Network, first: PeerProcess, { flags, signal }: Run): Promise<void> {
  for (let index = 1; ; index++) {
    await pause(flags.blockEvery, undefined, { signal });
    const size = index % LARGE.every === 0 ? LARGE.times * flags.size : flags.size;
    const refusal = await submitRandom(orderers, first, { size, signal });
    if (refusal !== undefined) throw new NodeError("REJECTED", refusal);
  }
}

function tell(peers: readonly PeerProcess[], { dir, calls }: DevnetPlan): void {
  for (const { name, api } of peers) console.log(`${name}  ${api.url}`);
  const url = peers[0]?.api.url;
  console.log(`
In another terminal:
  ${calls.submit} --api ${url} --orderer ${join(dir, "orderers")} --count 3 --wait all
  ${calls.height} --api ${peers.map(({ api }) => api.url).join(" ")}
  curl ${url}/v1/members
Logs are in ${join(dir, "peers")}. Ctrl-C stops everything.`);
}
