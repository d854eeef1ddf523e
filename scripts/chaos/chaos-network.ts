import { join } from "node:path";
import { createNetwork, type Network, type NetworkPeer } from "../../node/network/network.ts";
import { organisationsOf } from "../../node/devnet/devnet-folder.ts";
import { LOCAL_ENVIRONMENT } from "../../node/devnet/local-environment.ts";
import { Host, mayMakeNetworks } from "./host.ts";
import type { PeerStanding, Submission } from "./host-protocol.ts";
import { HOST_ADDRESSES, HostLink } from "./host-link.ts";

export interface ChaosNetworkSpec {
  readonly dir: string;
  readonly peers: number;
  readonly orgs: number;
  /** Whether half of the peers are to be on a host of their own, so that the two can be parted. */
  readonly partitions: boolean;
}

/** A peer of the network and what is done to it. */
export interface ChaosPeer {
  readonly name: string;
  readonly host: Host;
  readonly isUp: boolean;
  readonly isFrozen: boolean;
}

export const CHAOS_CHANNEL = "chaos";

const PORT_BASE = 9_700;

/** Peers in processes of their own, on one or two hosts, that can be killed, frozen and parted. */
export class ChaosNetwork implements AsyncDisposable {
  readonly network: Network;
  /** The two hosts' cable; undefined: there is one host only. */
  readonly link: HostLink | undefined;
  /** Peers that have ended by themselves, with the end of their logs. */
  readonly deaths: string[] = [];
  readonly #dir: string;
  readonly #hosts: readonly Host[];
  readonly #peers = new Map<string, ChaosPeer>();

  private constructor(network: Network, { dir, partitions }: ChaosNetworkSpec) {
    this.network = network;
    this.#dir = dir;
    const isAlone = partitions && mayMakeNetworks();
    const start = () => Host.start(isAlone, (peer, how) => this.deaths.push(`${peer}: ${how}`));
    const left = start();
    const right = isAlone ? start() : undefined;
    this.#hosts = right === undefined ? [left] : [left, right];
    this.link = right === undefined ? undefined : new HostLink(left, right);
    const counts = new Map<string, number>();
    for (const { name, organisation } of network.peers) {
      // Each organisation is on both hosts; its first peer, which the others know it by, is on the left one.
      const index = counts.get(organisation) ?? 0;
      counts.set(organisation, index + 1);
      const host = index % 2 === 1 ? (right ?? left) : left;
      this.#peers.set(name, { name, host, isUp: false, isFrozen: false });
    }
  }

  /** Makes it; no peer has started. */
  static async create(spec: ChaosNetworkSpec): Promise<ChaosNetwork> {
    const { dir, peers, orgs, partitions } = spec;
    const host = partitions && mayMakeNetworks() ? HOST_ADDRESSES[0] : "127.0.0.1";
    const network = await createNetwork({
      out: join(dir, "network"),
      channel: CHAOS_CHANNEL,
      organisations: organisationsOf(peers, orgs),
      consensus: "raft",
      portBase: PORT_BASE,
      host,
    });
    return new ChaosNetwork(network, spec);
  }

  /** All peers, in the order of the network. */
  peers(): readonly ChaosPeer[] {
    return [...this.#peers.values()];
  }

  /** Those that answer. */
  running(): readonly ChaosPeer[] {
    return this.peers().filter(({ isUp, isFrozen }) => isUp && !isFrozen);
  }

  async start(name: string): Promise<void> {
    const { host } = this.#peer(name);
    const peer = this.network.peers.find((candidate) => candidate.name === name);
    if (peer === undefined) throw new RangeError(`there is no peer ${name}`);
    await host.call("start", {
      name,
      flags: ["--config", peer.config, ...this.#flagsOf(peer)],
      log: join(this.#dir, "logs", `${name}.log`),
      environment: LOCAL_ENVIRONMENT,
    });
    this.#change(name, { isUp: true });
  }

  async kill(name: string): Promise<void> {
    this.#change(name, { isUp: false, isFrozen: false });
    await this.#peer(name).host.call("kill", name);
  }

  async freeze(name: string, isFrozen: boolean): Promise<void> {
    this.#change(name, { isFrozen });
    await this.#peer(name).host.call("freeze", { name, isFrozen });
  }

  submit(name: string, bytes: Uint8Array): Promise<Submission> {
    return this.#peer(name).host.call("submit", { name, channel: CHAOS_CHANNEL, bytes });
  }

  standing(name: string): Promise<PeerStanding | undefined> {
    return this.#peer(name).host.call("standing", { name, channel: CHAOS_CHANNEL });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#hosts.map((host) => host[Symbol.asyncDispose]()));
  }

  /** The right host has another address than the configuration says. */
  #flagsOf({ name, multiaddr }: NetworkPeer): readonly string[] {
    const [left, right] = this.#hosts;
    if (right === undefined || this.#peer(name).host === left) return [];
    const [, port = ""] = /\/tcp\/(\d+)\//.exec(multiaddr) ?? [];
    const address = `/ip4/${HOST_ADDRESSES[1]}/tcp/${port}`;
    return ["--listen", address, "--external-endpoints", address];
  }

  #peer(name: string): ChaosPeer {
    const peer = this.#peers.get(name);
    if (peer === undefined) throw new RangeError(`there is no peer ${name}`);
    return peer;
  }

  #change(name: string, change: Partial<ChaosPeer>): void {
    this.#peers.set(name, { ...this.#peer(name), ...change });
  }
}
