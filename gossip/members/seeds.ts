import { GossipError } from "../errors.ts";
import type { Observer } from "../events.ts";
import type { Identities } from "../door/identities.ts";
import { isLiving } from "./member-directory.ts";
import type { Membership } from "./membership.ts";
import type { AnchorPeer, Contact, PeerId, Transport } from "../ports.ts";

export interface SeedsParts {
  readonly membership: Membership;
  readonly identities: Identities;
  readonly transport: Transport;
  /** Peers of our own organisation to begin with. */
  readonly bootstrap: readonly Contact[];
  /** Peers that the channels' configurations name, of our and of other organisations. */
  readonly anchors: () => readonly AnchorPeer[];
  readonly observe: Observer;
  /** Asks a peer that has been met who is there. */
  readonly ask: (peer: PeerId) => void;
}

/** Where to look for a peer, and of which organisation it must be; undefined: of ours. */
export interface Seed {
  /** Names it, for people and for the tables. */
  readonly name: string;
  readonly target: PeerId | { readonly address: string };
  readonly organisation: string | undefined;
}

/**
 * How a peer finds the network, and finds it again: bootstrap peers are of its own organisation, anchor peers, which the
 * channels' configurations name, of any (Fabric, gossip/gossip/gossip_impl.go `connect2BootstrapPeers`, `learnAnchorPeers`).
 * Each is met first, which says nothing but who we are, and asked who is there only if it is of the organisation that it
 * is said to be of.
 */
export class Seeds {
  readonly #parts: SeedsParts;
  /** Who was met at a seed last. */
  readonly #met = new Map<string, PeerId>();
  readonly #meeting = new Set<string>();

  constructor(parts: SeedsParts) {
    this.#parts = parts;
    for (const contact of parts.bootstrap) parts.transport.learn(contact);
  }

  /** Looks for all of them. */
  meetAll(): void {
    for (const seed of this.#seeds()) this.meet(seed);
  }

  /** Those that are not alive, or that we cannot reach. */
  missing(): readonly Seed[] {
    return this.#seeds().filter((seed) => !this.#isThere(seed));
  }

  /** Whether none of them was ever found: who else is there may be all of one mind, and against us. */
  get isNew(): boolean {
    return this.#met.size === 0 && this.missing().length === this.#seeds().length;
  }

  /** Looks for one of them, unless that is being done. */
  meet(seed: Seed): void {
    void this.#meet(seed);
  }

  /** Looks for a peer of any organisation at an address that somebody has named, and asks it who is there. */
  async introduce(address: string): Promise<PeerId> {
    const peer = await this.#parts.transport.meet({ address });
    this.#parts.ask(peer);
    return peer;
  }

  /** Whether the peer was met at a seed, or is one. */
  has(peer: PeerId): boolean {
    if (this.#parts.bootstrap.some((contact) => contact.peer === peer)) return true;
    return [...this.#met.values()].includes(peer);
  }

  #seeds(): readonly Seed[] {
    const { bootstrap, anchors, membership } = this.#parts;
    const seeds = bootstrap.map(({ peer }): Seed => ({ name: peer, target: peer, organisation: undefined }));
    for (const { organisation, address } of anchors()) {
      // Who is not to be seen from outside does not go there (Fabric does the same).
      if (!membership.disclosure.mayMeet({ organisation })) continue;
      seeds.push({ name: `${organisation} ${address}`, target: { address }, organisation });
    }
    return seeds;
  }

  #isThere(seed: Seed): boolean {
    const { membership } = this.#parts;
    const peer = typeof seed.target === "string" ? seed.target : this.#met.get(seed.name);
    if (peer === undefined) return false;
    const member = membership.get(peer);
    return peer === membership.self || (member !== undefined && isLiving(member) && member.isReachable);
  }

  /** Does not reject: a seed that is away is looked for again. */
  async #meet(seed: Seed): Promise<void> {
    const { membership, transport, ask, observe } = this.#parts;
    if (seed.target === membership.self || this.#meeting.has(seed.name)) return;
    this.#meeting.add(seed.name);
    try {
      const peer = await transport.meet(seed.target);
      this.#requireOrganisation(peer, seed);
      this.#met.set(seed.name, peer);
      ask(peer);
    } catch (error) {
      if (!(error instanceof GossipError)) throw error;
      const { code, message } = error;
      observe({ kind: "seed-failed", seed: seed.name, code, message });
    } finally {
      this.#meeting.delete(seed.name);
    }
  }

  #requireOrganisation(peer: PeerId, { organisation: expected, name }: Seed): void {
    const { membership, identities } = this.#parts;
    if (peer === membership.self || membership.disclosure.isOpen) return;
    const organisation = identities.newest(peer)?.organisation;
    const isRight =
      expected === undefined ? membership.disclosure.isOwn({ organisation }) : organisation === expected;
    if (isRight) return;
    throw new GossipError(
      "UNKNOWN_ORGANISATION",
      `${name} is ${peer} of ${organisation}, not of ${expected ?? "our own organisation"}; it is not asked for members`,
    );
  }
}
