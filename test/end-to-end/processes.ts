import { expect } from "vitest";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { poll } from "../../node/poll.ts";
import { PeerProcess } from "../../node/peer/peer-process.ts";

/** Time for whatever a test waits for; far more than it takes. */
export const PATIENCE_MS = 45_000;

/** Protocol times for one machine: neighbours are found, and lost, within a second or two. */
export const FAST: Readonly<Record<string, string>> = {
  BLOCKGOSSIP_GOSSIP_ALIVE_INTERVAL_MS: "500",
  BLOCKGOSSIP_GOSSIP_ROUND_INTERVAL_MS: "500",
  BLOCKGOSSIP_GOSSIP_ANTI_ENTROPY_INTERVAL_MS: "500",
};

/** With these it is said who may take part; without, everybody may. */
const CLOSING_FLAGS: readonly string[] = ["--config", "--msp", "--admission"];

/** What a test's peer is started with, beside what every one has. */
export interface TestPeer {
  readonly name: string;
  /** Genesis files. */
  readonly genesis: readonly string[];
  readonly bootstrap?: readonly string[];
  /** More flags. */
  readonly flags?: readonly string[];
}

/** One line of a peer's log. */
export interface LogRecord {
  readonly level: number;
  /** As ISO 8601. */
  readonly time: string;
  readonly msg: string;
}

/** A folder, and the peers that run in it, each in a process of its own; all are gone at the end of the scope. */
export class Processes implements AsyncDisposable {
  readonly path = mkdtempSync(join(tmpdir(), "blockgossip-e2e-"));
  readonly #running = new Set<PeerProcess>();

  /** Starts a peer; its data stay when it ends, so that one of the same name goes on with them. */
  async start({ name, genesis, bootstrap = [], flags = [] }: TestPeer): Promise<PeerProcess> {
    const peer = await PeerProcess.start({
      name,
      flags: [
        "--name",
        name,
        "--data",
        join(this.path, name),
        "--genesis",
        ...genesis,
        ...(bootstrap.length === 0 ? [] : ["--bootstrap", ...bootstrap]),
        ...(flags.some((flag) => CLOSING_FLAGS.includes(flag)) ? [] : ["--admission", "open"]),
        ...flags,
      ],
      log: join(this.path, `${name}.log`),
      environment: FAST,
    });
    this.#running.add(peer);
    void peer.exited.then(() => this.#running.delete(peer));
    return peer;
  }

  /** Starts as many peers, the later ones joining by the first. */
  async startMany(
    count: number,
    genesis: readonly string[],
    flags: readonly string[] = [],
  ): Promise<PeerProcess[]> {
    const first = await this.start({ name: "peer0", genesis, flags });
    const others = Array.from({ length: count - 1 }, (_, index) =>
      this.start({ name: `peer${index + 1}`, genesis, flags, bootstrap: first.ready.multiaddrs }),
    );
    return [first, ...(await Promise.all(others))];
  }

  /** The log of a peer so far. */
  log(name: string): readonly LogRecord[] {
    const lines = readFileSync(join(this.path, `${name}.log`), "utf8").split("\n");
    return lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#running].map((peer) => peer.stop()));
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Waits until the question is answered with true. */
export async function eventually(
  what: string,
  ask: () => Promise<boolean>,
  timeoutMs = PATIENCE_MS,
): Promise<void> {
  const answer = await poll(async () => ((await ask()) ? true : undefined), { intervalMs: 50, timeoutMs });
  expect(answer, `within ${timeoutMs} ms: ${what}`).toBe(true);
}

/** Waits until all peers stand at this height. */
export async function allAt(peers: readonly PeerProcess[], channel: string, height: number): Promise<void> {
  let heights: number[] = [];
  await eventually(`${peers.length} peers at ${height} of ${channel}`, async () => {
    heights = await Promise.all(peers.map(async ({ api }) => (await api.channel(channel)).height));
    return heights.every((reached) => reached === height);
  }).catch((error: unknown) => {
    throw new Error(`the heights are ${heights.join(", ")}`, { cause: error });
  });
}

/** Waits until every peer sees all others of the list as alive. */
export async function allMet(peers: readonly PeerProcess[], channel: string): Promise<void> {
  await eventually(`${peers.length} peers know each other`, async () => {
    const known = await Promise.all(peers.map(async ({ api }) => (await api.channel(channel)).peers));
    return known.every((count) => count >= peers.length - 1);
  });
}
