import type { Block } from "../../chain/block.ts";
import { GossipError } from "../../gossip/errors.ts";
import type { GossipOptions } from "../../gossip/options.ts";
import type { SubmitOptions, Submitted } from "../peer/block-peer.ts";
import { NodeError } from "../errors.ts";
import type { SimulatedPeer } from "./simulator/simulated-peer.ts";
import { Simulation } from "./simulator/simulation.ts";
import { TestPeer } from "./test-peer.ts";
import { VirtualTime } from "./virtual-time.ts";

export interface TestNetworkOptions {
  /** How many peers there are. */
  readonly peers: number;
  /** Decides all that is random; default 1. */
  readonly seed?: number;
  /** Of so many of the messages, from 0 to 1, nothing is ever heard; default 0. */
  readonly loss?: number;
  /** How long a message is on its way; default 1. */
  readonly latencyMs?: number;
  /** Options of the protocol. */
  readonly gossip?: Partial<GossipOptions>;
}

/** How long {@link TestNetwork.settled} lets virtual time pass at most. */
const SETTLE_MS_MAX = 10 * 60_000;

/**
 * Makes a network of peers in this process's memory, without sockets and files, and in virtual time: it passes only
 * while somebody waits for the network. The peers run the shipped protocol on real blocks. One seed and the same calls
 * give the same run. When it resolves, all peers know each other.
 */
export async function createTestNetwork(options: TestNetworkOptions): Promise<TestNetwork> {
  const { peers: peerCount, seed = 1, loss = 0, latencyMs = 1, gossip = {} } = options;
  if (!Number.isInteger(peerCount) || peerCount < 1)
    throw new NodeError("CONFIG_INVALID", `peers is ${peerCount}; allowed is a whole number from 1`);
  if (!(loss >= 0 && loss < 1))
    throw new NodeError("CONFIG_INVALID", `loss is ${loss}; allowed is a number from 0 to below 1`);
  const byPeer = new Map<SimulatedPeer, TestPeer>();
  const simulation = new Simulation({
    seed,
    peerCount,
    options: gossip,
    weather: { lossRate: loss, latencyMs },
    observe: (peer, event) => byPeer.get(peer)?.observers.observe(event),
  });
  const time = new VirtualTime(simulation.clock);
  for (const peer of simulation.peers) byPeer.set(peer, new TestPeer(peer, simulation, time));
  await simulation.start();
  return new TestNetwork(simulation, time, [...byPeer.values()]);
}

/** A network in memory, with faults. Peers are named by their position, from 0. */
export class TestNetwork implements AsyncDisposable {
  readonly peers: readonly TestPeer[];
  readonly #simulation: Simulation;
  readonly #time: VirtualTime;

  /** @internal */
  constructor(simulation: Simulation, time: VirtualTime, peers: readonly TestPeer[]) {
    this.#simulation = simulation;
    this.#time = time;
    this.peers = peers;
  }

  /** Virtual milliseconds since it was made. */
  get elapsedMs(): number {
    return this.#simulation.elapsedMs;
  }

  /** A hash over all that has happened: the same for two runs that were the same. */
  get fingerprint(): string {
    return this.#simulation.fingerprint;
  }

  /** Makes the next block, with one transaction that carries these bytes. It has to be handed in, or none is behind it. */
  nextBlock(data: Uint8Array): Block {
    return this.#simulation.orderer.nextOf(data);
  }

  /**
   * Makes the next block, and hands it in at the first peer that can take it. Time passes until it is durable there.
   *
   * @throws GossipError `OUT_OF_ORDER` where no peer that is up holds all blocks before it; no block is made then.
   */
  async submit(data: Uint8Array, options?: SubmitOptions): Promise<Submitted> {
    const next = this.#simulation.orderer.tip.number + 1;
    const peer = this.peers.find((candidate) => candidate.isUp && candidate.height() === next);
    if (peer === undefined)
      throw new GossipError("OUT_OF_ORDER", `no peer that is up holds all blocks before block ${next}`);
    return await peer.submit(this.nextBlock(data), options);
  }

  /**
   * Lets time pass until all peers that are up hold the same blocks.
   *
   * @param limitMs so much time at most; default ten virtual minutes.
   * @throws NodeError `TIMED_OUT` that names the heights, as where a partition keeps them apart.
   */
  async settled(limitMs = SETTLE_MS_MAX): Promise<void> {
    const isSettled = await this.#time.until(() => this.#isLevel(), limitMs);
    this.#simulation.check();
    if (isSettled) return;
    const heights = this.peers.map((peer) => `${peer.name} ${peer.isUp ? peer.height() : "down"}`);
    throw new NodeError(
      "TIMED_OUT",
      `not settled after ${limitMs} virtual ms; heights: ${heights.join(", ")}`,
    );
  }

  /** Lets this much virtual time pass. */
  async run(durationMs: number): Promise<void> {
    await this.#time.run(durationMs);
    this.#simulation.check();
  }

  /** From now on nothing passes between peers of different groups; those that no group names are one more. */
  partition(...groups: readonly (readonly number[])[]): void {
    const groupOf = (index: number) => groups.findIndex((group) => group.includes(index));
    for (const index of groups.flat()) this.#at(index);
    this.heal();
    const { peers, network } = this.#simulation;
    for (const [a, one] of peers.entries())
      for (const [b, other] of peers.entries())
        if (a < b && groupOf(a) !== groupOf(b)) network.cut(one.id, other.id);
  }

  /** Everything passes again. */
  heal(): void {
    this.#simulation.network.healAll();
  }

  /** The peer is gone at once, with all that was not durable; its loops over blocks end. */
  crash(index: number): void {
    const { simulated, peer } = this.#at(index);
    if (!peer.isUp) throw new GossipError("STOPPED", `${peer.name} is down already`);
    simulated.crash();
    peer.endLife();
  }

  /** Starts a peer that has crashed, from what its disk held. */
  async restart(index: number): Promise<void> {
    const { simulated, peer } = this.#at(index);
    if (peer.isUp)
      throw new NodeError("BAD_REQUEST", `${peer.name} is up; only one that has crashed is restarted`);
    await this.#simulation.restart(simulated);
  }

  /** Ends all peers and their loops. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const [index, peer] of this.peers.entries()) if (peer.isUp) this.crash(index);
  }

  #isLevel(): boolean {
    const heights = new Set(this.peers.filter(({ isUp }) => isUp).map((peer) => peer.height()));
    return heights.size <= 1;
  }

  #at(index: number): { readonly peer: TestPeer; readonly simulated: SimulatedPeer } {
    const peer = this.peers[index];
    const simulated = this.#simulation.peers[index];
    if (peer !== undefined && simulated !== undefined) return { peer, simulated };
    throw new NodeError("NOT_FOUND", `there is no peer ${index}; there are 0 to ${this.peers.length - 1}`);
  }
}
