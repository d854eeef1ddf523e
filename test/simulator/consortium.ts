import type { Block } from "../../chain/block.ts";
import type { ChannelSpec, OrganisationSpec } from "../../chain/channel-spec.ts";
import type { NodeRole } from "../../chain/organizational-units.ts";
import type { GossipEvent } from "../../gossip/events.ts";
import type { Message } from "../../gossip/wire/messages.ts";
import { gossipOptions, type GossipOptions } from "../../gossip/options.ts";
import type { PeerId, Random } from "../../gossip/ports.ts";
import { ConsortiumPeer } from "./consortium-peer.ts";
import { CALM } from "../../node/testing/simulator/link-weather.ts";
import { seededRandom } from "../../node/testing/simulator/seeded-random.ts";
import { SimulatedNetwork } from "../../node/testing/simulator/simulated-network.ts";
import { SimulatedOrderingService } from "../../node/testing/simulator/simulated-ordering-service.ts";
import { SimulatedOrganisation, type SimulatedMember } from "./simulated-organisation.ts";
import { SimulatedSource } from "../../node/testing/simulator/simulated-source.ts";
import { VirtualClock } from "../../node/testing/simulator/virtual-clock.ts";

/** One peer that is asked for. */
export interface ConsortiumPeerSpec {
  /** Default: `/simulated/ID`, told to everybody. An empty list: it is not seen from outside. */
  readonly external?: readonly string[];
  /** Default: none beside the external ones, or `/simulated/ID` where there are no external ones. */
  readonly internal?: readonly string[];
  /** Its bootstrap peers' ids; default: the first peer of its organisation. */
  readonly bootstrap?: readonly string[];
  /** Default: all channels of its organisation. */
  readonly channels?: readonly string[];
  /** When its certificate ends, in virtual milliseconds from the start. */
  readonly expiresAfterMs?: number;
  /** What its certificate says that it is; default: a peer. */
  readonly role?: NodeRole;
  readonly options?: Partial<GossipOptions>;
  /** Names of the block sources that it has of each of its channels; default: none. They are made with the first use. */
  readonly sources?: readonly string[];
}

export interface ConsortiumSpec {
  readonly seed: number;
  /** By name: the peers, by id. */
  readonly organisations: Readonly<Record<string, Readonly<Record<string, ConsortiumPeerSpec>>>>;
  /** By name: its organisations, and of each the peers that are anchors; they are told by their first external endpoint. */
  readonly channels: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  /** Who of each organisation may read the channels; default: all its members. */
  readonly readers?: readonly NodeRole[];
  readonly options?: Partial<GossipOptions>;
}

/** What was said on the network. */
export interface Said {
  readonly from: PeerId;
  readonly to: PeerId;
  readonly message: Message;
}

/**
 * A closed network of several organisations and channels in virtual time: the shipped protocol, the shipped admission,
 * real certificates. One seed decides everything.
 */
export class Consortium {
  readonly clock = new VirtualClock();
  readonly random: Random;
  readonly network: SimulatedNetwork;
  readonly startMs = this.clock.now();
  readonly events: { readonly peer: PeerId; readonly atMs: number; readonly event: GossipEvent }[] = [];
  /** All messages that were sent, but for greetings that the network makes itself. */
  readonly said: Said[] = [];
  readonly organisations = new Map<string, SimulatedOrganisation>();
  readonly orderings = new Map<string, SimulatedOrderingService>();
  readonly #specs = new Map<string, ChannelSpec>();
  readonly #sources = new Map<string, SimulatedSource>();
  readonly #peers = new Map<string, ConsortiumPeer>();
  readonly #spec: ConsortiumSpec;

  private constructor(spec: ConsortiumSpec) {
    this.#spec = spec;
    this.random = seededRandom(spec.seed);
    this.network = new SimulatedNetwork(this.clock, this.random, CALM);
    this.network.wiretap = (from, to, message) => this.said.push({ from, to, message });
  }

  /** Makes it; nobody has started. */
  static async create(spec: ConsortiumSpec): Promise<Consortium> {
    const consortium = new Consortium(spec);
    for (const name of ["Orderer", ...Object.keys(spec.organisations)])
      consortium.organisations.set(name, await SimulatedOrganisation.create(name));
    await consortium.#makeChannels();
    for (const [organisation, peers] of Object.entries(spec.organisations))
      for (const [id, peer] of Object.entries(peers)) await consortium.#makePeer(organisation, id, peer);
    return consortium;
  }

  /** The peer of this id. */
  peer(id: string): ConsortiumPeer {
    const peer = this.#peers.get(id);
    if (peer === undefined) throw new Error(`there is no peer ${id}`);
    return peer;
  }

  peers(): readonly ConsortiumPeer[] {
    return [...this.#peers.values()];
  }

  organisation(name: string): SimulatedOrganisation {
    const organisation = this.organisations.get(name);
    if (organisation === undefined) throw new Error(`there is no organisation ${name}`);
    return organisation;
  }

  ordering(channel: string): SimulatedOrderingService {
    const ordering = this.orderings.get(channel);
    if (ordering === undefined) throw new Error(`there is no channel ${channel}`);
    return ordering;
  }

  /** A source of the channel's blocks. It holds what was put into it. */
  source(channel: string, name: string): SimulatedSource {
    const key = `${channel} ${name}`;
    const source = this.#sources.get(key) ?? new SimulatedSource(name, this.ordering(channel).genesis);
    this.#sources.set(key, source);
    return source;
  }

  /** The channel's configuration as it was made last; change it and hand it to `reconfigure`. */
  specOf(channel: string): ChannelSpec {
    const spec = this.#specs.get(channel);
    if (spec === undefined) throw new Error(`there is no channel ${channel}`);
    return spec;
  }

  /** The channel's organisations with this change; undefined takes one out. */
  organisationsWith(channel: string, name: string, change: OrganisationSpec | undefined): ChannelSpec {
    const spec = this.specOf(channel);
    const others = spec.organisations.filter((organisation) => organisation.name !== name);
    return { ...spec, organisations: change === undefined ? others : [...others, change] };
  }

  /** Starts these peers, or all. */
  async start(ids: readonly string[] = [...this.#peers.keys()]): Promise<void> {
    for (const id of ids) await this.peer(id).start();
  }

  /** Makes the next block of the channel and hands it in at a peer. */
  async publishNext(channel: string, at: string, transactionBytes?: number): Promise<Block> {
    const block = this.ordering(channel).next(transactionBytes);
    await this.publish(channel, at, block);
    return block;
  }

  /** Makes the config block that puts this in force, and hands it in at a peer. */
  async reconfigure(spec: ChannelSpec, at: string): Promise<Block> {
    this.#specs.set(spec.channel, spec);
    const block = this.ordering(spec.channel).nextConfig(spec);
    await this.publish(spec.channel, at, block);
    return block;
  }

  /** Hands a block in, and waits until it is durable. */
  async publish(channel: string, at: string, block: Block): Promise<void> {
    let isDone = false;
    const done = this.peer(at)
      .channel(channel)
      .publish(block)
      .finally(() => (isDone = true));
    done.catch(() => undefined);
    await this.clock.runWhile(() => !isDone);
    await done;
  }

  async runFor(durationMs: number): Promise<void> {
    await this.clock.runFor(durationMs);
    this.#requireNoCrash();
  }

  /** Runs until the condition holds; fails after `limitMs` of virtual time. */
  async until(condition: () => boolean, limitMs: number, what: string): Promise<void> {
    const endMs = this.clock.now() + limitMs;
    await this.clock.runWhile(() => !condition() && this.clock.now() <= endMs);
    this.#requireNoCrash();
    if (!condition()) throw new Error(`not within ${limitMs} ms: ${what} (seed ${this.#spec.seed})`);
  }

  /** Runs until these peers know exactly each other as alive. */
  async untilAcquainted(ids: readonly string[], limitMs = 60_000): Promise<void> {
    const knows = (id: string) =>
      this.peer(id).isUp && ids.every((other) => other === id || this.peer(id).knows(other));
    await this.until(() => ids.every(knows), limitMs, `${ids.join(", ")} know each other`);
  }

  /** Whom peers have noted as misbehaving, for what, and how often. */
  noted(): Readonly<Record<string, Readonly<Record<string, number>>>> {
    const counts: Record<string, Record<string, number>> = {};
    for (const { event } of this.events) {
      if (event.kind !== "misconduct") continue;
      const ofPeer = (counts[event.peer] ??= {});
      ofPeer[event.code] = (ofPeer[event.code] ?? 0) + 1;
    }
    return counts;
  }

  /** What was said between these two, in this direction. */
  saidBy(from: string, to: string): readonly Message[] {
    return this.said.filter((said) => said.from === from && said.to === to).map(({ message }) => message);
  }

  async #makeChannels(): Promise<void> {
    const orderer: SimulatedMember = await this.organisation("Orderer").member("orderer1", {
      role: "orderer",
    });
    for (const [channel, members] of Object.entries(this.#spec.channels)) {
      const organisations = Object.entries(members).map(([name, anchors]) =>
        this.organisation(name).spec({
          anchorPeers: anchors.map((id) => ({ host: id, port: 7051 })),
          ...(this.#spec.readers === undefined ? {} : { readers: this.#spec.readers }),
        }),
      );
      const ordering = this.organisation("Orderer").ordering([orderer]);
      const spec: ChannelSpec = { channel, organisations, ordering };
      this.#specs.set(channel, spec);
      this.orderings.set(channel, SimulatedOrderingService.of(spec, orderer.signer));
    }
  }

  async #makePeer(organisation: string, id: string, spec: ConsortiumPeerSpec): Promise<void> {
    const home = `/simulated/${id}`;
    const external = spec.external ?? [home];
    const internal = spec.internal ?? (external.length === 0 ? [home] : []);
    const [first] = Object.keys(this.#spec.organisations[organisation] ?? {});
    const bootstrap = spec.bootstrap ?? (first === undefined ? [] : [first]);
    const channels = Object.entries(this.#spec.channels)
      .filter(([, members]) => organisation in members)
      .map(([name]) => name);
    const { expiresAfterMs, role = "peer" } = spec;
    const member = await this.organisation(organisation).member(
      id,
      expiresAfterMs === undefined ? { role } : { role, validToMs: this.startMs + expiresAfterMs },
    );
    const { clock, random, network } = this;
    const peer = new ConsortiumPeer({
      id: id as PeerId,
      mspId: this.organisation(organisation).mspId,
      member,
      clock,
      random,
      network,
      options: gossipOptions({ ...this.#spec.options, ...spec.options }),
      bootstrap: bootstrap.filter((other) => other !== id).map((other) => other as PeerId),
      endpoints: { internal, external },
      genesis: (spec.channels ?? channels).map((name) => this.ordering(name).genesis),
      sources: Object.fromEntries(
        (spec.channels ?? channels).map((name) => [
          name,
          (spec.sources ?? []).map((source) => this.source(name, source)),
        ]),
      ),
      observe: (event) => this.events.push({ peer: id as PeerId, atMs: clock.now() - this.startMs, event }),
    });
    this.#peers.set(id, peer);
  }

  #requireNoCrash(): void {
    const [crash] = this.network.crashes;
    if (crash !== undefined) throw new Error(`crashed (seed ${this.#spec.seed})`, { cause: crash });
  }
}
