import type { Block } from "../../../chain/block.ts";
import { BlockVerifier } from "../../../chain/block-verifier.ts";
import type { ChannelConfig } from "../../../chain/channel-config.ts";
import type { ForkProof, ForkStore } from "../../../chain/fork-proofs.ts";
import type { BlockGossip } from "../../../gossip/channel/block-gossip.ts";
import { GossipError } from "../../../gossip/errors.ts";
import type { GossipEvent } from "../../../gossip/events.ts";
import { GossipPeer } from "../../../gossip/gossip-peer.ts";
import type { GossipOptions } from "../../../gossip/options.ts";
import type { Message } from "../../../gossip/wire/messages.ts";
import type { Admission, Contact, Inbox, PeerId, Random, Transport } from "../../../gossip/ports.ts";
import { ReedSolomon } from "../../reed-solomon.ts";
import { SIMULATION_CHANNEL } from "./simulated-orderer.ts";
import { SimulatedKeyring } from "./simulated-keyring.ts";
import { SimulatedLedger, type DiskSpeed, type SimulatedDisk } from "./simulated-ledger.ts";
import type { SimulatedNetwork } from "./simulated-network.ts";
import type { SimulatedSource } from "./simulated-source.ts";
import { LifeClock, type VirtualClock } from "./virtual-clock.ts";

export interface SimulatedPeerParts {
  readonly id: PeerId;
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly network: SimulatedNetwork;
  readonly options: GossipOptions;
  readonly bootstrap: readonly Contact[];
  readonly genesis: Block;
  readonly config: ChannelConfig;
  readonly observe: (peer: SimulatedPeer, event: GossipEvent) => void;
  readonly sources?: readonly SimulatedSource[];
}

const CODE = await ReedSolomon.load();

/** Lets everybody in. */
export const OPEN: Admission = {
  isOpen: true,
  organisation: undefined,
  identity: undefined,
  sign: () => new Uint8Array(0),
  admit: () => ({ organisation: undefined, expiresMs: undefined, verify: () => true }),
};

/** What a silent peer still says: who is there, and how high its ledger is. */
const SAID_IN_SILENCE: ReadonlySet<Message["kind"]> = new Set([
  "alive",
  "membership-request",
  "membership-response",
  "accusations",
  "ping",
  "ping-request",
  "pong",
  "state-info",
  "syn",
  "ack",
]);

interface Life {
  readonly clock: LifeClock;
  readonly peer: GossipPeer;
  readonly gossip: BlockGossip;
  readonly ledger: SimulatedLedger;
  readonly stop: AbortController;
}

/** A peer of the simulation: the shipped protocol over simulated ports, that can crash and come back. */
export class SimulatedPeer {
  readonly id: PeerId;
  readonly disk: SimulatedDisk & { readonly rotten: Set<number> };
  readonly forks: ForkProof[] = [];
  /** How fast its disk is from now on. */
  diskSpeed: DiskSpeed = { writeMs: 1 };
  /** It takes everything in and passes no block on; what it is asked for it answers. */
  isSilent = false;
  /** What it does not say to whom, though it believes that it has. */
  withholds: (to: PeerId, message: Message) => boolean = () => false;
  /** To these it says who is there and how high its ledger is, and serves nothing. */
  readonly starves = new Set<PeerId>();
  /** How far its clock is ahead of the world's, from its next start on. */
  clockAheadMs = 0;
  readonly #parts: SimulatedPeerParts;
  #life: Life | undefined;

  constructor(parts: SimulatedPeerParts) {
    this.#parts = parts;
    this.id = parts.id;
    this.disk = { blocks: [parts.genesis], rotten: new Set() };
  }

  get isUp(): boolean {
    return this.#life !== undefined;
  }

  /** Durable blocks, whether it is up or not. */
  get height(): number {
    return this.disk.blocks.length;
  }

  /** The channel; the peer must be up. */
  get gossip(): BlockGossip {
    return this.#alive().gossip;
  }

  /** The membership as this peer sees it; the peer must be up. */
  get membership() {
    return this.#alive().peer.membership;
  }

  /** Who says of the other, as far as this peer knows, that it cannot be reached; the peer must be up. */
  accusers(of: PeerId): readonly PeerId[] {
    return this.#alive().peer.accusers(of);
  }

  /** Its user events; the peer must be up. */
  get events() {
    return this.#alive().peer.events;
  }

  /** Starts it, anew or again, from what its disk holds. */
  async start(): Promise<void> {
    await this.attach();
    this.run();
  }

  /** Takes its place on the network and in the channel, from what its disk holds, but does nothing unasked yet. */
  async attach(): Promise<void> {
    const { clock: worldClock, network, options, random, bootstrap, genesis, config } = this.#parts;
    const clock = new LifeClock(worldClock, this.clockAheadMs);
    const stop = new AbortController();
    const ledger = new SimulatedLedger(this.disk, clock, () => this.diskSpeed);
    const observe = (event: GossipEvent) => this.#parts.observe(this, event);
    const verifier = this.height === 1 ? new BlockVerifier(config) : await BlockVerifier.load(ledger);
    const keyring = new SimulatedKeyring(this.id);
    const peer = new GossipPeer({
      keyring,
      admission: OPEN,
      clock,
      random,
      options,
      code: CODE,
      bootstrap,
      anchors: () => [],
      observe,
      name: this.id,
    });
    const transport = network.attach(
      this.id,
      serving(peer, (from) => !this.starves.has(from)),
    );
    peer.connect(
      withholding(transport, (to, message) => this.#withholds(to, message)),
      { internal: [], external: [`/simulated/${this.id}`] },
    );
    const forks: ForkStore = {
      record: async (first, second) =>
        void this.forks.push({ number: first.number, first: first.hash, second: second.hash }),
      list: () => this.forks,
    };
    const sources = (this.#parts.sources ?? []).map((source) => source.seenFrom(this.id, clock));
    const gossip = peer.join({
      sources,
      name: SIMULATION_CHANNEL,
      genesis,
      ledger,
      verifier,
      forks,
      mayRead: () => true,
    });
    this.#life = { clock, peer, gossip, ledger, stop };
  }

  /** Works from now on; it must have been attached. */
  run(): void {
    const { gossip, peer, stop } = this.#alive();
    const { crashes } = this.#parts.network;
    gossip.run(stop.signal).catch((error: unknown) => crashes.push(error));
    peer.run(stop.signal).catch((error: unknown) => crashes.push(error));
  }

  /** What it says first to whomever it meets. */
  greeting(): Message {
    return this.#alive().peer.greeting(this.id);
  }

  /** Takes a message in, as from the network. @throws GossipError, ChainError where it is not to be believed. */
  receive(from: PeerId, message: Message): void {
    this.#alive().peer.receive(from, message);
  }

  /** Knows somebody by its greeting from now on, without telling others. */
  meet(greeting: Message): void {
    if (greeting.kind !== "alive") throw new TypeError(`a greeting of kind ${greeting.kind}`);
    const { clock } = this.#alive();
    for (const entry of greeting.members) this.membership.receive(entry, clock.now());
  }

  /** It is gone at once, with all that was not durable. */
  crash(): void {
    const { clock } = this.#alive();
    clock[Symbol.dispose]();
    this.#parts.network.detach(this.id);
    this.#life = undefined;
  }

  /**
   * It stands still for so long, as under SIGSTOP: its timers and what comes to it wait, its connections stay, and
   * what it has sent is on its way.
   */
  pause(durationMs: number): void {
    this.#alive().clock.pause(durationMs);
    this.#parts.network.pauseReading(this.id, durationMs);
  }

  /** It says goodbye and ends. */
  leave(): void {
    const { stop } = this.#alive();
    stop.abort();
  }

  #withholds(to: PeerId, message: Message): boolean {
    const { kind } = message;
    const isStarved = this.starves.has(to) && (kind === "syn" || kind === "ack");
    const isSilent = (this.isSilent || this.starves.has(to)) && !SAID_IN_SILENCE.has(kind);
    return isStarved || isSilent || this.withholds(to, message);
  }

  #alive(): Life {
    if (this.#life === undefined) throw new Error(`${this.id} is down`);
    return this.#life;
  }
}

/** The peer, but that it serves blocks to none but these. */
function serving(peer: GossipPeer, isServed: (from: PeerId) => boolean): Inbox {
  return {
    handshake: (...call) => peer.handshake(...call),
    refused: (...call) => peer.refused(...call),
    greeting: (...call) => peer.greeting(...call),
    receive: (...call) => peer.receive(...call),
    disconnected: (...call) => peer.disconnected(...call),
    unreachable: (...call) => peer.unreachable(...call),
    serveBlocks: (from, ...question) =>
      isServed(from)
        ? peer.serveBlocks(from, ...question)
        : Promise.reject(new GossipError("UNREACHABLE", "nothing is served")),
  };
}

/** A transport that drops what the peer does not say, and does not tell it. */
function withholding(transport: Transport, isWithheld: (to: PeerId, message: Message) => boolean): Transport {
  return {
    ...transport,
    send: (to, message) => isWithheld(to, message) || transport.send(to, message),
  };
}
