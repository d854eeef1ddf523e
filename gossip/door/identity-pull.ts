import { identityIdOf, NO_IDENTITY } from "./identity-id.ts";
import { GossipError, rateLimited } from "../errors.ts";
import { RateLimits } from "../user-events/rate-limits.ts";
import type { Identities } from "./identities.ts";
import type { Membership } from "../members/membership.ts";
import type { IdentityId, MemberEntry, PeerIdentity } from "../wire/messages.ts";
import type { Clock, PeerId, Transport } from "../ports.ts";

export interface IdentityPullParts {
  readonly membership: Membership;
  readonly identities: Identities;
  readonly transport: Transport;
  readonly clock: Clock;
  /** An identity has come that is not let in; nobody is to blame but the peer that it is of. */
  readonly onRefused: (peer: PeerId, error: GossipError) => void;
}

/** What waits for an identity that has been asked for. */
interface Wanted {
  readonly asked: PeerId;
  readonly askedMs: number;
  readonly entry: MemberEntry;
}

/** How long an answer is waited for before somebody else is asked. */
const ANSWER_MS_MAX = 2_000;
const WANTED_MAX = 1_024;
/** How often one peer is answered; each identity is asked for by itself. */
const ANSWERS_TO_ONE = { burst: 1_024, perSecond: 20 };
/** Identities in one message. */
const ANSWER_BYTES_MAX = 192 << 10;

/**
 * Identities spread by themselves: a statement names its author's identity, and who has not got that asks whoever
 * passed the statement on. So statements stay small, and a renewed certificate is asked for once by each (Fabric
 * compares lists of all identities every four seconds instead, gossip/gossip/certstore.go).
 */
export class IdentityPull {
  readonly #parts: IdentityPullParts;
  /** By peer and identity: who names the identity of another as its own stands in nobody's way. */
  readonly #wanted = new Map<string, Wanted>();

  readonly #answers = new RateLimits<PeerId>(ANSWERS_TO_ONE);

  constructor(parts: IdentityPullParts) {
    this.#parts = parts;
  }

  /** Keeps a statement until the identity that it names is here, and asks for that. */
  want(from: PeerId, { peer, identity, entry }: UnidentifiedEntry): void {
    if (identity === NO_IDENTITY) return;
    const nowMs = this.#parts.clock.now();
    const name = nameOf(peer, identity);
    const before = this.#wanted.get(name);
    const isAsked = before !== undefined && nowMs - before.askedMs < ANSWER_MS_MAX;
    this.#wanted.delete(name);
    this.#wanted.set(name, isAsked ? { ...before, entry } : { entry, asked: from, askedMs: nowMs });
    for (const oldest of this.#wanted.keys()) {
      if (this.#wanted.size <= WANTED_MAX) break;
      this.#wanted.delete(oldest);
    }
    if (!isAsked) this.#parts.transport.send(from, { kind: "identity-want", ids: [identity] });
  }

  /** Answers with those identities that the asker may know. @throws GossipError `RATE_LIMITED`. */
  answer(to: PeerId, ids: readonly IdentityId[]): void {
    const { identities, membership, transport } = this.#parts;
    for (const _ of ids.length === 0 ? [0] : ids)
      if (!this.#answers.take(to, this.#parts.clock.now())) throw rateLimited(to);
    const asker = membership.partyOf(to);
    let room = ANSWER_BYTES_MAX;
    // Each once, however often it is asked for.
    const found = [...new Set(ids)].flatMap((id): PeerIdentity[] => {
      const identity = identities.find(id);
      if (identity === undefined || room < identity.identity.length) return [];
      if (!membership.disclosure.mayTell(asker, membership.partyOf(identity.peer))) return [];
      room -= identity.identity.length;
      return [identity];
    });
    if (found.length > 0) transport.send(to, { kind: "identities", identities: found });
  }

  /**
   * Takes in identities that were asked for: the statements that have waited for them.
   *
   * @throws GossipError `UNSOLICITED` for one that this peer was not asked for.
   */
  receive(from: PeerId, received: readonly PeerIdentity[]): MemberEntry[] {
    const entries: MemberEntry[] = [];
    for (const { peer, identity } of received) {
      const name = nameOf(peer, identityIdOf(identity));
      const wanted = this.#wanted.get(name);
      if (wanted?.asked !== from)
        throw new GossipError("UNSOLICITED", `an identity of ${peer} that was not asked for`);
      this.#wanted.delete(name);
      try {
        this.#parts.identities.put(peer, identity);
        entries.push(wanted.entry);
      } catch (error) {
        if (!(error instanceof GossipError)) throw error;
        this.#parts.onRefused(peer, error);
      }
    }
    return entries;
  }
}

function nameOf(peer: PeerId, identity: IdentityId): string {
  return `${peer} ${identity}`;
}

/** A statement that names an identity which is not here. */
export interface UnidentifiedEntry {
  readonly peer: PeerId;
  readonly identity: IdentityId;
  readonly entry: MemberEntry;
}
