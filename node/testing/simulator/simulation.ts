import { createHash } from "node:crypto";
import type { Block } from "../../../chain/block.ts";
import { ChannelConfig } from "../../../chain/channel-config.ts";
import type { GossipEvent } from "../../../gossip/events.ts";
import { DEFAULT_GOSSIP_OPTIONS, gossipOptions, type GossipOptions } from "../../../gossip/options.ts";
import { decodeMessage, encodeMessage } from "../../../gossip/wire/message-codec.ts";
import type { Contact, PeerId, Random } from "../../../gossip/ports.ts";
import { Checker } from "./checker.ts";
import { seededRandom } from "./seeded-random.ts";
import { CALM, type LinkWeather } from "./link-weather.ts";
import { SimulatedNetwork } from "./simulated-network.ts";
import { simulationGenesis, SimulatedOrderer } from "./simulated-orderer.ts";
import { SimulatedPeer } from "./simulated-peer.ts";
import type { SimulatedSource } from "./simulated-source.ts";
import { VirtualClock } from "./virtual-clock.ts";

export interface SimulationOptions {
  readonly seed: number;
  readonly peerCount: number;
  readonly options?: Partial<GossipOptions>;
  readonly weather?: Partial<LinkWeather>;
  /** How many of the first peers are bootstrap peers of all. */
  readonly bootstrapCount?: number;
  /** Every peer knows every other when it starts; see {@link Simulation.start}. */
  readonly startKnown?: boolean;
  /** Every two peers have a link to each other from the start. */
  readonly startLinked?: boolean;
  /** By peer, in order: its block sources; default: none. */
  readonly sources?: (index: number) => readonly SimulatedSource[];
  /** Told of all that happens. */
  readonly observe?: (peer: SimulatedPeer, event: GossipEvent) => void;
}

/** So many events go into the fingerprint together. */
const EVENTS_AT_ONCE = 256;

/**
 * A whole network in one process and in virtual time, running the shipped protocol. One seed decides everything:
 * two runs with the same seed and the same calls have the same `fingerprint`.
 */
export class Simulation {
  readonly clock = new VirtualClock();
  readonly random: Random;
  readonly network: SimulatedNetwork;
  readonly orderer = new SimulatedOrderer();
  readonly checker = new Checker();
  readonly peers: readonly SimulatedPeer[];
  /** All that has happened, of late the last. */
  readonly events: { readonly peer: PeerId; readonly atMs: number; readonly event: GossipEvent }[] = [];
  readonly #options: SimulationOptions;
  readonly #fingerprint = createHash("sha256");
  /** Events that are not in the fingerprint yet. */
  readonly #unhashed: string[] = [];
  readonly #startMs: number;
  readonly #honest: ReadonlySet<PeerId>;

  constructor(options: SimulationOptions) {
    this.#options = options;
    this.#startMs = this.clock.now();
    this.random = seededRandom(options.seed);
    this.network = new SimulatedNetwork(this.clock, this.random, { ...CALM, ...options.weather });
    const ids = Array.from(
      { length: options.peerCount },
      (_, index) => `peer-${String(index).padStart(4, "0")}` as PeerId,
    );
    const bootstrap: Contact[] = ids
      .slice(0, options.bootstrapCount ?? 3)
      .map((peer) => ({ peer, addresses: [`/simulated/${peer}`] }));
    const genesis = simulationGenesis();
    const config = ChannelConfig.fromBlock(genesis);
    this.peers = ids.map((id, index) => {
      const { clock, network, random } = this;
      const gossip = gossipOptions({ ...DEFAULT_GOSSIP_OPTIONS, ...options.options });
      const observe = (peer: SimulatedPeer, event: GossipEvent) => this.#observe(peer, event);
      return new SimulatedPeer({
        id,
        clock,
        random,
        network,
        options: gossip,
        bootstrap,
        genesis,
        config,
        observe,
        sources: options.sources?.(index) ?? [],
      });
    });
    this.#honest = new Set(ids);
    this.network.wiretap = (from, _to, message) => this.checker.sent(from, message, this.#honest.has(from));
  }

  /** Virtual milliseconds since the simulation was made. */
  get elapsedMs(): number {
    return this.clock.now() - this.#startMs;
  }

  /** A hash over all events so far. */
  get fingerprint(): string {
    this.#hash();
    return this.#fingerprint.copy().digest("hex");
  }

  /**
   * Starts these peers (all, unless said otherwise) within a second, and waits until they know each other. With
   * `startKnown` each begins with the statement that every other has signed, checked and taken in as any other, as if
   * it had come a moment ago and had been passed on already; the membership then has nothing to spread.
   */
  async start(peers: readonly SimulatedPeer[] = this.peers): Promise<void> {
    if (this.#options.startKnown === true) await this.#startKnown(peers);
    else {
      for (const peer of peers) {
        this.clock.schedule(
          1_000 * this.random(),
          () => void peer.start().catch((error: unknown) => this.network.crashes.push(error)),
        );
      }
    }
    await this.clock.runFor(1_000);
    // Who knows all others is not looked at again, for that is slow.
    const waiting = new Set(peers);
    const isDone = () => {
      for (const peer of waiting) {
        if (peer.gossip.view.active().length !== peers.length - 1) return false;
        waiting.delete(peer);
      }
      return true;
    };
    await this.until(isDone, 60_000, "every peer knows every other");
  }

  async #startKnown(peers: readonly SimulatedPeer[]): Promise<void> {
    for (const peer of peers) await peer.attach();
    if (this.#options.startLinked === true) this.network.linkAll();
    const greetings = peers.map((peer) => decodeMessage(encodeMessage(peer.greeting())));
    for (const peer of peers) {
      for (const greeting of greetings) peer.meet(greeting);
      peer.run();
    }
  }

  /** Starts a peer that has crashed. */
  async restart(peer: SimulatedPeer): Promise<void> {
    this.checker.restarted(peer);
    await peer.start();
  }

  /** A peer stands still for so long, as under SIGSTOP; see {@link SimulatedPeer.pause}. */
  pause(peer: SimulatedPeer, durationMs: number): void {
    peer.pause(durationMs);
  }

  /** Hands a block in at a peer, and waits until it is durable there. */
  async publish(block: Block, at: SimulatedPeer = this.#first()): Promise<void> {
    this.checker.published(block, at);
    let isDone = false;
    const done = at.gossip.publish(block).finally(() => {
      isDone = true;
    });
    done.catch(() => undefined);
    await this.clock.runWhile(() => !isDone);
    await done;
  }

  #first(): SimulatedPeer {
    const [first] = this.peers;
    return first ?? this.fail("there is no peer to hand a block in at");
  }

  /** Makes the next block and hands it in. */
  async publishNext(transactionBytes?: number, at?: SimulatedPeer): Promise<Block> {
    const block = this.orderer.next(transactionBytes);
    await this.publish(block, at);
    return block;
  }

  async runFor(durationMs: number): Promise<void> {
    await this.clock.runFor(durationMs);
    this.check();
  }

  /** Runs until the condition holds; fails after `limitMs` of virtual time. */
  async until(condition: () => boolean, limitMs: number, what: string): Promise<void> {
    const endMs = this.clock.now() + limitMs;
    await this.clock.runWhile(() => !condition() && this.clock.now() <= endMs);
    this.check();
    if (!condition()) this.fail(`not within ${limitMs} ms: ${what}`);
  }

  /** Runs until these peers hold this many blocks. */
  async untilHeight(
    height: number,
    limitMs: number,
    peers: readonly SimulatedPeer[] = this.peers,
  ): Promise<void> {
    // No ledger shrinks: who is there need not be looked at again.
    let there = 0;
    const condition = () => {
      while (there < peers.length && (peers[there]?.height ?? 0) >= height) there++;
      return there === peers.length;
    };
    await this.until(condition, limitMs, `${peers.length} peers at height ${height}`);
  }

  /** Fails if anything has happened that must not. */
  check(): void {
    if (this.checker.violations.length > 0) this.fail(this.checker.violations.join("; "));
    const [crash] = this.network.crashes;
    if (crash !== undefined) throw new Error(`crashed (${this.#reproduce()})`, { cause: crash });
  }

  fail(what: string): never {
    const heights = this.peers.map((peer) => `${peer.height}${peer.isUp ? "" : "†"}`).join(" ");
    throw new Error(
      `${what}; heights ${heights} after ${Math.round(this.elapsedMs)} ms (${this.#reproduce()})`,
    );
  }

  #observe(peer: SimulatedPeer, event: GossipEvent): void {
    this.checker.event(peer, event);
    if (event.kind === "misconduct" && this.#honest.has(event.peer)) this.checker.blamed(peer, event);
    const atMs = this.elapsedMs;
    this.#unhashed.push(JSON.stringify([peer.id, atMs, event]));
    if (this.#unhashed.length >= EVENTS_AT_ONCE) this.#hash();
    this.events.push({ peer: peer.id, atMs, event });
    this.#options.observe?.(peer, event);
  }

  #hash(): void {
    this.#fingerprint.update(this.#unhashed.join(""));
    this.#unhashed.length = 0;
  }

  #reproduce(): string {
    return `seed ${this.#options.seed}, ${this.#options.peerCount} peers`;
  }
}
