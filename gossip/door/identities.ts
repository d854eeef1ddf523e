import { NO_IDENTITY, identityIdOf } from "./identity-id.ts";
import { GossipError } from "../errors.ts";
import type { IdentityId, PeerIdentity } from "../wire/messages.ts";
import type { Admission, Clock, Credentials, PeerId } from "../ports.ts";

export interface IdentitiesParts {
  readonly self: PeerId;
  readonly admission: Admission;
  readonly clock: Clock;
  /** Peers whose identities are kept. */
  readonly peersMax: number;
  /** Whether the peer's identity must not make room for another's. */
  readonly isNeeded: (peer: PeerId) => boolean;
  /** The peer would not be let in any more with the identity that it has shown last. */
  readonly onRefused: (peer: PeerId, error: GossipError) => void;
}

/** An identity that was let in. */
interface Known {
  readonly id: IdentityId;
  readonly identity: Uint8Array | undefined;
  readonly credentials: Credentials;
}

/** A peer that renews its certificate has two for a moment: statements that name the old one are still on their way. */
const KEPT_OF_PEER = 2;

/** No timer is set for longer, since some count no further. */
const TIMER_MS_MAX = 24 * 60 * 60 * 1_000;

/**
 * Who has shown which identity (Fabric, gossip/identity/identity.go). An identity that ends, or that a changed
 * configuration does not let in any more, is dropped, and the peer with it unless it has shown another one since.
 */
export class Identities {
  readonly #parts: IdentitiesParts;
  /** Of each peer, what it has shown last at the end. */
  readonly #byPeer = new Map<PeerId, readonly Known[]>();
  readonly #peers = new Map<IdentityId, PeerId>();
  #timer: Disposable | undefined;
  #armedMs = Infinity;
  #isRunning = false;

  constructor(parts: IdentitiesParts) {
    this.#parts = parts;
  }

  /** The id of our own identity, as it is now. */
  get own(): IdentityId {
    return identityIdOf(this.#parts.admission.identity);
  }

  /** Drops identities when they end, until disposed of. */
  start(): Disposable {
    this.#isRunning = true;
    this.#arm();
    return {
      [Symbol.dispose]: () => {
        this.#isRunning = false;
        this.#timer?.[Symbol.dispose]();
      },
    };
  }

  /**
   * Takes in what a peer shows.
   *
   * @throws GossipError with an `AdmissionCode`: it is not let in with that.
   */
  put(peer: PeerId, identity: Uint8Array | undefined): Credentials {
    const id = identityIdOf(identity);
    const known = this.#byPeer.get(peer) ?? [];
    const same = known.find((each) => each.id === id);
    if (same !== undefined && !this.#isOver(same)) {
      if (same !== known.at(-1)) this.#set(peer, [...known.filter((each) => each !== same), same]);
      return same.credentials;
    }
    const credentials = this.#parts.admission.admit(peer, identity);
    if (known.length === 0) this.#makeRoom();
    this.#set(peer, [...known.filter((each) => each.id !== id), { id, identity, credentials }]);
    return credentials;
  }

  /** What the peer is with that identity; undefined where it is not known. */
  credentials(peer: PeerId, id: IdentityId): Credentials | undefined {
    // Who needs none is let in without having shown any.
    if (id === NO_IDENTITY && this.#parts.admission.isOpen) return this.put(peer, undefined);
    return this.#byPeer.get(peer)?.find((known) => known.id === id)?.credentials;
  }

  /** What the peer is with the identity that it has shown last. */
  newest(peer: PeerId): Credentials | undefined {
    return this.#byPeer.get(peer)?.at(-1)?.credentials;
  }

  /** The identity with this id, ours included. */
  find(id: IdentityId): PeerIdentity | undefined {
    const { self, admission } = this.#parts;
    const peer = this.#peers.get(id);
    const identity = peer && this.#byPeer.get(peer)?.find((known) => known.id === id)?.identity;
    if (peer !== undefined && identity !== undefined) return { peer, identity };
    const { identity: own } = admission;
    return own !== undefined && id === this.own ? { peer: self, identity: own } : undefined;
  }

  /** Looks at all of them again: what is admitted may have changed. */
  recheck(): void {
    for (const peer of this.#byPeer.keys()) this.#recheckPeer(peer);
  }

  /** Forgets what a peer has shown. */
  forget(peer: PeerId): void {
    this.#set(peer, []);
  }

  /** @throws GossipError `NOT_ADMITTED` where all are needed. */
  #makeRoom(): void {
    const { peersMax, isNeeded } = this.#parts;
    if (this.#byPeer.size < peersMax) return;
    for (const peer of this.#byPeer.keys()) if (!isNeeded(peer)) return this.forget(peer);
    throw new GossipError("NOT_ADMITTED", `more than ${peersMax} peers`);
  }

  #recheckPeer(peer: PeerId): void {
    const known = this.#byPeer.get(peer) ?? [];
    let refusal: GossipError | undefined;
    const left = known.flatMap(({ id, identity }): Known[] => {
      try {
        return [{ id, identity, credentials: this.#parts.admission.admit(peer, identity) }];
      } catch (error) {
        if (!(error instanceof GossipError)) throw error;
        refusal = error;
        return [];
      }
    });
    this.#set(peer, left);
    const isNewestLeft = left.at(-1)?.id === known.at(-1)?.id;
    if (!isNewestLeft && refusal !== undefined) this.#parts.onRefused(peer, refusal);
  }

  #set(peer: PeerId, known: readonly Known[]): void {
    for (const { id } of this.#byPeer.get(peer) ?? []) this.#peers.delete(id);
    const kept = known.slice(-KEPT_OF_PEER);
    for (const { id } of kept) if (id !== NO_IDENTITY) this.#peers.set(id, peer);
    if (kept.length === 0) this.#byPeer.delete(peer);
    else this.#byPeer.set(peer, kept);
    for (const each of kept) this.#armFor(each);
  }

  #isOver({ credentials }: Known): boolean {
    return (credentials.expiresMs ?? Infinity) <= this.#parts.clock.now();
  }

  /** Sets the timer to the soonest end. */
  #arm(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    this.#armedMs = Infinity;
    for (const known of this.#byPeer.values()) for (const each of known) this.#armFor(each);
  }

  #armFor({ credentials }: Known): void {
    // One millisecond late, so that it is over by then, as in Fabric.
    const endMs = (credentials.expiresMs ?? Infinity) + 1;
    if (!this.#isRunning || endMs >= this.#armedMs) return;
    this.#timer?.[Symbol.dispose]();
    this.#armedMs = endMs;
    const delayMs = Math.min(Math.max(0, endMs - this.#parts.clock.now()), TIMER_MS_MAX);
    this.#timer = this.#parts.clock.schedule(delayMs, () => this.#expire());
  }

  #expire(): void {
    for (const [peer, known] of this.#byPeer)
      if (known.some((each) => this.#isOver(each))) this.#recheckPeer(peer);
    this.#arm();
  }
}
