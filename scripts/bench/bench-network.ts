import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Block } from "../../chain/block.ts";
import { seededRandom } from "../../node/testing/simulator/seeded-random.ts";
import { Completions } from "./completions.ts";
import type { Link } from "./link.ts";
import { loopbackBytes } from "./network-namespace.ts";
import { monotonicMs } from "./monotonic-ms.ts";
import { sum, sumByName } from "./statistics.ts";
import { WorkerProcess } from "./worker-process.ts";
import type { Arrival, SystemName, Usage } from "./worker-protocol.ts";

export interface BenchNetworkSpec {
  readonly system: SystemName;
  readonly peers: number;
  readonly directory: string;
  readonly genesis: string;
  /** Every peer's; without one they send as fast as the machine does it. */
  readonly link?: Link | undefined;
  /** Where the processes leave CPU profiles when they end. */
  readonly profile?: string | undefined;
}

/** What a network has used up in all, at one moment. */
export interface NetworkUsage extends Usage {
  readonly atMs: number;
  readonly bytes: number | undefined;
}

/** Of how many peers the others are told at first. */
const BOOTSTRAP_PEERS = 3;
/** Each gossipsub peer dials so many, and is dialled by about as many. */
const DIALS = 5;

const SETTLE_LIMIT_MS = 60_000;
/** No more connections were made for so long: it has settled. */
const SETTLED_MS = 1_500;
const LOOK_INTERVAL_MS = 250;

/** Peers of one system, spread over as many processes as the machine has cores. */
export class BenchNetwork implements AsyncDisposable {
  /** Of blocks that were handed in with `submit`. */
  readonly completions: Completions;
  readonly #spec: BenchNetworkSpec;
  readonly #workers: readonly WorkerProcess[];

  private constructor(spec: BenchNetworkSpec, workers: readonly WorkerProcess[], completions: Completions) {
    this.#spec = spec;
    this.#workers = workers;
    this.completions = completions;
  }

  /** Starts the peers, and waits until they know each other. */
  static async start(spec: BenchNetworkSpec): Promise<BenchNetwork> {
    await using started = new AsyncDisposableStack();
    const count = Math.min(availableParallelism(), spec.peers);
    const completions = new Completions(count);
    const options = { profile: spec.profile, onCompletion: completions.tell.bind(completions) };
    const workers = Array.from({ length: count }, () => started.use(new WorkerProcess(options)));
    const network = new BenchNetwork(spec, workers, completions);
    await network.#connect(await network.#open());
    await network.#settle();
    started.move();
    return network;
  }

  /** Hands a block in at the first peer; returns when that was, after the peer has taken it. */
  async submit({ number, bytes }: Block): Promise<number> {
    return await this.#worker(0).call("submit", { index: 0, number, bytes });
  }

  async usage(): Promise<NetworkUsage> {
    const all = await Promise.all(this.#workers.map((worker) => worker.call("usage")));
    const total = (name: "cpuMs" | "rssBytes" | "signatureChecks" | "connections") =>
      sum(all.map((usage) => usage[name]));
    return {
      atMs: monotonicMs(),
      bytes: loopbackBytes(),
      cpuMs: total("cpuMs"),
      rssBytes: total("rssBytes"),
      signatureChecks: total("signatureChecks"),
      connections: total("connections"),
      neighboursMin: Math.min(...all.map(({ neighboursMin }) => neighboursMin)),
      sentBytes: sumByName(all.map(({ sentBytes }) => sentBytes)),
    };
  }

  async arrivals(): Promise<readonly Arrival[]> {
    return (await Promise.all(this.#workers.map((worker) => worker.call("arrivals")))).flat();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker[Symbol.asyncDispose]()));
  }

  #worker(index: number): WorkerProcess {
    const worker = this.#workers[index % this.#workers.length];
    if (worker === undefined) throw new RangeError("a network has at least one process");
    return worker;
  }

  async #open(): Promise<readonly string[]> {
    const { peers, system, genesis, directory, link } = this.#spec;
    const opening = Array.from({ length: peers }, (_, index) =>
      this.#worker(index).call("open", {
        index,
        system,
        genesis,
        directory: join(directory, `${system}-${index}`),
        link,
      }),
    );
    return await Promise.all(opening);
  }

  async #connect(addresses: readonly string[]): Promise<void> {
    const choose = this.#spec.system === "gossipsub" ? randomOthers(addresses) : bootstrap(addresses);
    for (const index of addresses.keys())
      await this.#worker(index).call("join", { index, contacts: choose(index) });
  }

  /** Until everybody knows enough others, and no more connections are made. */
  async #settle(): Promise<void> {
    const { peers, system } = this.#spec;
    const enough = Math.min(peers - 1, system === "gossipsub" ? DIALS : Infinity);
    const endMs = monotonicMs() + SETTLE_LIMIT_MS;
    let connections = -1;
    let stableMs = monotonicMs();
    for (;;) {
      const usage = await this.usage();
      if (usage.connections !== connections || usage.neighboursMin < enough) stableMs = usage.atMs;
      connections = usage.connections;
      if (usage.atMs - stableMs > SETTLED_MS) return;
      // A network that goes on connecting is measured as it is.
      if (usage.atMs > endMs && usage.neighboursMin >= enough) return;
      if (usage.atMs > endMs)
        throw new Error(`after ${SETTLE_LIMIT_MS} ms a ${system} peer knows ${usage.neighboursMin} others`);
      await pause(LOOK_INTERVAL_MS);
    }
  }
}

type Choose = (index: number) => readonly string[];

function bootstrap(addresses: readonly string[]): Choose {
  return (index) => addresses.slice(0, BOOTSTRAP_PEERS).filter((address) => address !== addresses[index]);
}

/** The same graph in each run. */
function randomOthers(addresses: readonly string[]): Choose {
  const random = seededRandom(addresses.length);
  return (index) => {
    const others = addresses.filter((_, other) => other !== index);
    const chosen = others.map((address) => ({ address, order: random() }));
    return chosen
      .sort((a, b) => a.order - b.order)
      .slice(0, DIALS)
      .map(({ address }) => address);
  };
}
