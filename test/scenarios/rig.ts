import type { Block } from "../../chain/block.ts";
import { DEFAULT_GOSSIP_OPTIONS, type GossipOptions } from "../../gossip/options.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { sample } from "../../gossip/random.ts";
import { Liar } from "../simulator/liar.ts";
import type { LinkWeather } from "../../node/testing/simulator/link-weather.ts";
import { seededRandom } from "../../node/testing/simulator/seeded-random.ts";
import type { SimulatedSource } from "../../node/testing/simulator/simulated-source.ts";
import type { SimulatedPeer } from "../../node/testing/simulator/simulated-peer.ts";
import { Simulation } from "../../node/testing/simulator/simulation.ts";
import { Deliveries } from "./deliveries.ts";
import { allLiving } from "./all-living.ts";
import type { ScenarioSize } from "./scenario-size.ts";

export interface RigParts {
  readonly options?: Partial<GossipOptions>;
  readonly weather?: Partial<LinkWeather>;
  /** So many of the peers are no peers of ours, but do what the scenario says. */
  readonly liars?: number;
  /** The liars are there first, and the peers know none but their bootstrap peers when they start. */
  readonly isCold?: boolean;
  /** Where each peer can fetch blocks, should it lead. */
  readonly sources?: readonly SimulatedSource[];
  /** What is done to the peers before any of them starts. */
  readonly prepare?: (peers: readonly SimulatedPeer[]) => void;
}

/** Within this time after the last block every honest peer must hold all. */
const SETTLE_MS = 60_000;
/** After which the rig looks at the queues once more, and nothing may wait in them. */
const REST_MS = 3_000;
/** How often a liar says that it lives. */
const LIVING_MS = 10_000;
/** And where it is there before the others, whom it wants to be the first to meet. */
const COLD_LIVING_MS = 1_000;
const COLD_PATIENCE_MS = 300_000;
/** Within which all peers of a cold network start. */
const COLD_START_MS = 1_000;

/**
 * The network that a scenario happens in: peers that know each other and have a link to each other, one of which is
 * given a block at each interval. It looks at what must hold in every run.
 */
export class Rig {
  readonly simulation: Simulation;
  readonly size: ScenarioSize;
  /** The scenario's own draws, so that it does not change those of the network. */
  readonly random: () => number;
  readonly deliveries: Deliveries;
  readonly liars: Liar[] = [];
  /** Peers that the invariants hold for. */
  readonly #honest: Set<SimulatedPeer>;
  #windowBytesMax = DEFAULT_GOSSIP_OPTIONS.windowBytesMax;

  private constructor(
    seed: number,
    size: ScenarioSize,
    { options, weather, liars = 0, isCold = false, sources = [] }: RigParts,
  ) {
    this.size = size;
    this.random = seededRandom(seed ^ 0x5ce7a);
    this.simulation = new Simulation({
      seed,
      peerCount: size.peers - liars,
      options: { ...size.options, ...options },
      weather: { ...size.weather, ...weather },
      startKnown: !isCold,
      startLinked: !isCold,
      sources: () => sources,
    });
    this.deliveries = new Deliveries(this.simulation);
    this.#honest = new Set(this.simulation.peers);
    this.#windowBytesMax = options?.windowBytesMax ?? this.#windowBytesMax;
  }

  /** A network that is up. */
  static async start(seed: number, size: ScenarioSize, parts: RigParts = {}): Promise<Rig> {
    const rig = new Rig(seed, size, parts);
    parts.prepare?.(rig.simulation.peers);
    if (parts.isCold === true) await rig.#startCold(parts.liars ?? 0);
    else {
      await rig.simulation.start();
      for (const liar of rig.#makeLiars(parts.liars ?? 0)) {
        await liar.join();
        rig.#live(liar, LIVING_MS);
      }
    }
    rig.deliveries.follow();
    return rig;
  }

  /** Where blocks are handed in, unless said otherwise. */
  get source(): SimulatedPeer {
    const [first] = this.simulation.peers;
    if (first === undefined) throw new RangeError("no peers");
    return first;
  }

  /** Some of the peers, never the source, drawn from the seed. */
  draw(count: number): SimulatedPeer[] {
    return sample(this.simulation.peers.slice(1), count, this.random);
  }

  /** These are under attack or attack themselves: they need not have every block at the end. */
  exempt(peers: readonly SimulatedPeer[]): void {
    for (const peer of peers) this.#honest.delete(peer);
  }

  /** The ids of those that the invariants hold for, without these. */
  honest(without: readonly SimulatedPeer[] = []): ReadonlySet<PeerId> {
    const left = new Set([...this.#honest].map(({ id }) => id));
    for (const { id } of without) left.delete(id);
    return left;
  }

  /** The next block of the rig's size. */
  next(): Block {
    const { blockBytes } = this.size;
    const { orderer } = this.simulation;
    return orderer.next(blockBytes - HEADER_BYTES);
  }

  /** Hands a block in, and goes on to when the next one is due. */
  async publish(at: SimulatedPeer = this.source, block: Block = this.next()): Promise<Block> {
    const { simulation, deliveries, size } = this;
    const dueMs = simulation.elapsedMs + size.intervalMs;
    deliveries.expect(block.number);
    await simulation.publish(block, at);
    return this.#until(dueMs, block);
  }

  /** The next block comes to be at these sources, and it goes on to when the one after it is due. */
  async order(sources: readonly SimulatedSource[]): Promise<Block> {
    const block = this.next();
    this.deliveries.expect(block.number);
    for (const source of sources) source.add(block);
    return this.#until(this.simulation.elapsedMs + this.size.intervalMs, block);
  }

  /** Hands so many blocks in, one after another; their numbers. */
  async publishMany(count: number, at?: SimulatedPeer): Promise<readonly number[]> {
    const numbers: number[] = [];
    for (let index = 0; index < count; index++) numbers.push((await this.publish(at)).number);
    return numbers;
  }

  /** Waits until all honest peers hold all blocks, and then for the queues to be empty. */
  async settle(): Promise<void> {
    const { simulation } = this;
    const honest = [...this.#honest].filter((peer) => peer.isUp);
    await simulation.untilHeight(simulation.orderer.tip.number + 1, SETTLE_MS, honest);
    await simulation.runFor(REST_MS);
    this.deliveries.follow();
    const waiting = honest.filter((peer) => peer.gossip.bufferedBytes > 0);
    if (waiting.length > 0) simulation.fail(`${waiting[0]?.id} keeps what nobody needs`);
  }

  /** Bytes that peers have been sent since the rig was made. */
  sentTo(peers: ReadonlySet<PeerId>): number {
    return this.simulation.network.traffic.addressedBytes([...peers]);
  }

  async #until(dueMs: number, block: Block): Promise<Block> {
    const { simulation, deliveries } = this;
    await simulation.runFor(Math.max(0, dueMs - simulation.elapsedMs));
    deliveries.follow();
    this.#look();
    return block;
  }

  #look(): void {
    for (const peer of this.simulation.peers)
      if (peer.isUp) this.simulation.checker.buffers(peer, peer.gossip.bufferedBytes, this.#windowBytesMax);
    this.simulation.check();
  }

  #makeLiars(count: number): readonly Liar[] {
    for (let index = 0; index < count; index++)
      this.liars.push(new Liar(this.simulation, `liar-${String(index).padStart(4, "0")}`));
    return this.liars;
  }

  async #startCold(liarCount: number): Promise<void> {
    const { simulation } = this;
    const { clock, network, peers } = simulation;
    for (const liar of this.#makeLiars(liarCount)) this.#live(liar, COLD_LIVING_MS);
    for (const peer of peers)
      clock.schedule(
        COLD_START_MS * this.random(),
        () => void peer.start().catch((error: unknown) => network.crashes.push(error)),
      );
    await simulation.runFor(COLD_START_MS);
    await simulation.until(() => allLiving(peers), COLD_PATIENCE_MS, "all honest peers know each other");
  }

  #live(liar: Liar, intervalMs: number): void {
    this.simulation.clock.schedule(intervalMs, () => {
      liar.tellAll(liar.greeting());
      this.#live(liar, intervalMs);
    });
  }
}

/** About what is in a block beside its transaction's payload. */
const HEADER_BYTES = 2_600;
