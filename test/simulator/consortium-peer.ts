import type { Block } from "../../chain/block.ts";
import { BlockVerifier } from "../../chain/block-verifier.ts";
import { channelOf } from "../../chain/channel-header.ts";
import type { ForkStore } from "../../chain/fork-proofs.ts";
import type { BlockGossip } from "../../gossip/channel/block-gossip.ts";
import type { GossipEvent } from "../../gossip/events.ts";
import { GossipPeer } from "../../gossip/gossip-peer.ts";
import type { GossipOptions } from "../../gossip/options.ts";
import type { AnchorPeer, Endpoints, Inbox, PeerId, Random, Transport } from "../../gossip/ports.ts";
import { MspAdmission } from "../../node/msp/msp-admission.ts";
import { ReedSolomon } from "../../node/reed-solomon.ts";
import { SimulatedKeyring } from "../../node/testing/simulator/simulated-keyring.ts";
import { SimulatedLedger, type SimulatedDisk } from "../../node/testing/simulator/simulated-ledger.ts";
import type { SimulatedNetwork } from "../../node/testing/simulator/simulated-network.ts";
import type { SimulatedMember } from "./simulated-organisation.ts";
import type { SimulatedSource } from "../../node/testing/simulator/simulated-source.ts";
import { LifeClock, type VirtualClock } from "../../node/testing/simulator/virtual-clock.ts";

export interface ConsortiumPeerParts {
  readonly id: PeerId;
  readonly mspId: string;
  readonly member: SimulatedMember;
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly network: SimulatedNetwork;
  readonly options: GossipOptions;
  readonly bootstrap: readonly PeerId[];
  readonly endpoints: Endpoints;
  /** Of the channels that it joins. */
  readonly genesis: readonly Block[];
  readonly observe: (event: GossipEvent) => void;
  /** Of each channel. */
  readonly sources?: Readonly<Record<string, readonly SimulatedSource[]>>;
}

interface Life {
  readonly clock: LifeClock;
  readonly peer: GossipPeer;
  readonly admission: MspAdmission;
  readonly transport: Transport;
  readonly channels: ReadonlyMap<string, BlockGossip>;
  readonly stop: AbortController;
}

const CODE = await ReedSolomon.load();
const NO_FORKS: ForkStore = { record: () => Promise.resolve(), list: () => [] };

/** A peer of an organisation, with a certificate, in any number of channels; it can crash and come back. */
export class ConsortiumPeer {
  readonly id: PeerId;
  readonly #parts: ConsortiumPeerParts;
  readonly #disks: ReadonlyMap<string, SimulatedDisk>;
  #member: SimulatedMember;
  #life: Life | undefined;

  constructor(parts: ConsortiumPeerParts) {
    this.#parts = parts;
    this.id = parts.id;
    this.#member = parts.member;
    this.#disks = new Map(parts.genesis.map((genesis) => [channelOf(genesis), { blocks: [genesis] }]));
  }

  get isUp(): boolean {
    return this.#life !== undefined;
  }

  /** Its certificate and key of now. */
  get member(): SimulatedMember {
    return this.#member;
  }

  /** The protocol; the peer must be up. */
  get gossip(): GossipPeer {
    return this.#alive().peer;
  }

  get membership() {
    return this.#alive().peer.membership;
  }

  get transport(): Transport {
    return this.#alive().transport;
  }

  /** A channel that it has joined; the peer must be up. */
  channel(name: string): BlockGossip {
    const channel = this.#alive().channels.get(name);
    if (channel === undefined) throw new Error(`${this.id} is not in ${name}`);
    return channel;
  }

  /** Durable blocks, whether it is up or not. */
  height(channel: string): number {
    return this.#disks.get(channel)?.blocks.length ?? 0;
  }

  /** Whether it takes the other for alive. */
  knows(other: string): boolean {
    return this.membership.isAlive(other as PeerId);
  }

  /** The ids of all that it takes for alive, sorted. */
  known(): readonly string[] {
    return this.membership
      .living()
      .map(({ peer }) => peer)
      .sort();
  }

  /** Starts it, anew or again, from what its disks hold. */
  async start(): Promise<void> {
    const { clock: worldClock, network, options, random, endpoints, genesis, observe } = this.#parts;
    const clock = new LifeClock(worldClock);
    const stop = new AbortController();
    const stores = await Promise.all(
      genesis.map(async (block) => {
        const disk = this.#disks.get(channelOf(block)) ?? { blocks: [block] };
        const ledger = new SimulatedLedger(disk, clock, () => ({ writeMs: 1 }));
        return { genesis: block, name: channelOf(block), ledger, verifier: await BlockVerifier.load(ledger) };
      }),
    );
    const configs = () => stores.map(({ verifier }) => verifier.config);
    const admission = new MspAdmission({
      admission: "msp",
      member: this.#own(),
      configs,
      now: () => clock.now(),
    });
    const peer = new GossipPeer({
      keyring: new SimulatedKeyring(this.id),
      admission,
      clock,
      random,
      options,
      code: CODE,
      bootstrap: this.#parts.bootstrap.map((other) => ({ peer: other, addresses: [`/simulated/${other}`] })),
      anchors: () => configs().flatMap(({ anchorPeers }) => anchorPeers.map(anchor)),
      observe,
      name: this.id,
    });
    const transport = network.attach(this.id, peer);
    peer.connect(transport, endpoints);
    const channels = new Map<string, BlockGossip>();
    for (const { name, genesis: first, ledger, verifier } of stores) {
      const mayRead = (credentials: Parameters<MspAdmission["mayRead"]>[1]) =>
        admission.mayRead(verifier.config, credentials);
      const sources = (this.#parts.sources?.[name] ?? []).map((source) => source.seenFrom(this.id, clock));
      const parts = { name, genesis: first, ledger, verifier, forks: NO_FORKS, mayRead, sources };
      channels.set(name, peer.join(parts));
    }
    this.#life = { clock, peer, admission, transport, channels, stop };
    const failed = (error: unknown) => void network.crashes.push(error);
    for (const channel of channels.values()) channel.run(stop.signal).catch(failed);
    peer.run(stop.signal).catch(failed);
  }

  /** It shows this certificate from now on, while it runs or when it starts. */
  renew(member: SimulatedMember): void {
    this.#member = member;
    this.#life?.admission.renew(this.#own());
    this.#life?.peer.identityChanged();
  }

  /** It is gone at once, with all that was not durable. */
  crash(): void {
    this.#alive().clock[Symbol.dispose]();
    this.#parts.network.detach(this.id);
    this.#life = undefined;
  }

  /** It stands still for so long, as under SIGSTOP: its timers and what comes to it wait, its connections stay. */
  pause(durationMs: number): void {
    this.#alive().clock.pause(durationMs);
    this.#parts.network.pauseReading(this.id, durationMs);
  }

  /** It does nothing any more, though its connections stay: what comes goes to `inbox`. */
  hang(inbox: Inbox): void {
    this.#alive().clock[Symbol.dispose]();
    this.#parts.network.attach(this.id, inbox);
    this.#life = undefined;
  }

  /** What it held is lost, but for the genesis blocks; it must be down. */
  loseDisks(): void {
    if (this.#life !== undefined) throw new Error(`${this.id} is up`);
    for (const disk of this.#disks.values()) disk.blocks.splice(1);
  }

  /** Says goodbye and ends; a moment must pass for the goodbye to arrive. */
  leave(): void {
    this.#alive().stop.abort();
  }

  #own() {
    return { peer: this.id, mspId: this.#parts.mspId, signer: this.#member.signer };
  }

  #alive(): Life {
    if (this.#life === undefined) throw new Error(`${this.id} is down`);
    return this.#life;
  }
}

/** In simulations an anchor peer's host is its id, or another name that `SimulatedNetwork.listen` was told. */
function anchor({ mspId, host }: { readonly mspId: string; readonly host: string }): AnchorPeer {
  return { organisation: mspId, address: `/simulated/${host}` };
}
