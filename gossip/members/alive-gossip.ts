import { equals } from "uint8arrays/equals";
import type { Party } from "./disclosure.ts";
import { GossipError, rateLimited } from "../errors.ts";
import { IdentityPull } from "../door/identity-pull.ts";
import type { Identities } from "../door/identities.ts";
import { RateLimits } from "../user-events/rate-limits.ts";
import type { Accusation } from "../failures/accusations.ts";
import { accusationsFor, entryBatches, MemberNews } from "./member-news.ts";
import type { Membership, Member } from "./membership.ts";
import type { MemberEntry, Message, SignedStatement } from "../wire/messages.ts";
import type { GossipOptions } from "../options.ts";
import type { Clock, PeerId, Random, Transport } from "../ports.ts";
import { readAlive, type LogicalTime } from "../wire/statements.ts";
import { every } from "../time.ts";

export interface AliveGossipParts {
  readonly membership: Membership;
  readonly identities: Identities;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly options: GossipOptions;
  /** A peer is spoken of whose identity is not let in. */
  readonly onRefused: (peer: PeerId, error: GossipError) => void;
  /** Whether we are in a state to take others for dead. */
  readonly mayJudge: () => boolean;
  /** A member has said something new. Whether that refutes what was said against it. */
  readonly onNews: (member: Member) => boolean;
  /** Somebody says that a member cannot be reached. @throws GossipError where that is not to be believed. */
  readonly onAccusation: (from: PeerId, accusation: SignedStatement) => void;
  /** All that is said against members at present. */
  readonly accusations: () => readonly Accusation[];
}

/** The messages about who is there. */
export type MembershipMessage = Extract<
  Message,
  {
    readonly kind:
      | "alive"
      | "membership-request"
      | "membership-response"
      | "accusations"
      | "identity-want"
      | "identities";
  }
>;

/** How often one peer is told of all members; in between it is told that we live. */
const VIEWS_OF_ONE = { burst: 4, perSecond: 0.5 };

/** How many times in an alive interval a peer that has fallen silent is asked. */
const DOUBT_HASTE = 5;

/**
 * Spreads who is there. Each peer says at intervals that it lives; what is news is gathered for a moment and passed
 * on once, to a few random peers (`MemberNews`). What that misses is repaired by comparing whole views (`ask`, in the
 * rounds of `Rounds`), which costs a hash where they agree.
 */
export class AliveGossip {
  readonly #parts: AliveGossipParts;
  readonly #news: MemberNews;
  readonly #pull: IdentityPull;
  readonly #views = new RateLimits<PeerId>(VIEWS_OF_ONE);

  constructor(parts: AliveGossipParts) {
    this.#parts = parts;
    this.#news = new MemberNews(parts);
    this.#pull = new IdentityPull(parts);
  }

  /** Keeps speaking until disposed of. */
  start(): Disposable {
    const { clock, random, membership } = this.#parts;
    const timers = new DisposableStack();
    const repeat = (intervalMs: () => number, task: () => void) =>
      timers.use(every(clock, random, intervalMs, task));
    // Where a link has come before, its greeting: whoever has heard it has no news to pass on.
    this.#news.tell(membership.self, membership.own.latest(), true);
    repeat(
      () => membership.aliveIntervalMs(),
      () => this.#live(),
    );
    repeat(
      () => membership.aliveIntervalMs() / DOUBT_HASTE,
      () => this.#doubt(),
    );
    timers.use(this.#news.start());
    return timers;
  }

  /** What is said first on a new link: that we live. */
  greeting(to: PeerId): Message {
    return { kind: "alive", members: [this.#ownFor(this.#parts.membership.partyOf(to))] };
  }

  /** What we say of ourselves has changed: everybody is told with the next batches. */
  changed(): void {
    const { membership } = this.#parts;
    this.#news.tell(membership.self, membership.own.announce(), true);
  }

  /** Somebody takes us for dead, or near it: he hears first that we live, and everybody with the next batches. */
  speakUp(to: PeerId, time: LogicalTime): void {
    this.#parts.membership.own.goBeyond(time);
    this.changed();
    this.#parts.transport.send(to, this.greeting(to));
  }

  /** A member is accused, which is to be passed on. */
  tellAccusation(accusation: Accusation): void {
    this.#news.tellAccusation(accusation);
  }

  /** Tells random peers, who tell the others, that we leave; to be called after the timers have stopped. */
  leave(): void {
    const { membership } = this.#parts;
    membership.own.leave();
    this.#news.sayGoodbye(membership.own.latest());
  }

  /** What others say of who is there; honest ones have checked it before they passed it on. @throws GossipError */
  receive(from: PeerId, message: MembershipMessage): void {
    switch (message.kind) {
      case "alive":
      case "membership-response":
        return this.#takeIn(from, message.members);
      case "accusations":
        return inAllOf(message.statements, (accusation) => this.#parts.onAccusation(from, accusation));
      case "membership-request":
        return this.#receiveRequest(from, message);
      case "identity-want":
        return this.#pull.answer(from, message.ids);
      case "identities":
        return this.#takeIn(from, this.#pull.receive(from, message.identities));
      default:
        return message satisfies never;
    }
  }

  /** Asks a peer who is there, and tells it of ourselves. */
  ask(peer: PeerId): void {
    const { membership, transport } = this.#parts;
    if (peer === membership.self) return;
    const self = this.#ownFor(membership.partyOf(peer));
    transport.send(peer, { kind: "membership-request", self, viewHash: membership.viewHash(peer) });
  }

  #receiveRequest(from: PeerId, { self, viewHash }: Message & { kind: "membership-request" }): void {
    // Or it would make us talk to others in its place (Fabric, TestMembershipRequestSpoofing).
    const author = readAlive(self.alive).peer;
    if (author !== from)
      throw new GossipError("IMPERSONATION", `${from} asks for the members in the name of ${author}`);
    this.#takeInOne(from, self);
    this.#answer(from, viewHash);
  }

  #takeIn(from: PeerId, entries: readonly MemberEntry[]): void {
    inAllOf(entries, (entry) => this.#takeInOne(from, entry));
  }

  #takeInOne(from: PeerId, entry: MemberEntry): void {
    const { membership, transport, clock } = this.#parts;
    const reception = membership.receive(entry, clock.now());
    switch (reception.kind) {
      case "known":
        return;
      case "unidentified":
        return this.#pull.want(from, { ...reception, entry });
      case "news": {
        const { member, isNew } = reception;
        // A refutation must come as far as what it refutes.
        const isRefutation = this.#parts.onNews(member);
        if (member.state === "refused") return;
        transport.learn({ peer: member.peer, addresses: member.addresses });
        return this.#news.tell(member.peer, member.entry, isNew || isRefutation || member.state === "left");
      }
      default:
        return reception satisfies never;
    }
  }

  #live(): void {
    const { membership } = this.#parts;
    this.#news.tell(membership.self, membership.own.announce(), false);
  }

  /** Asks those who are halfway to being taken for dead: a lost statement or two must not kill a healthy peer. */
  #doubt(): void {
    const { membership, clock, options, mayJudge } = this.#parts;
    if (mayJudge()) membership.expire(clock.now());
    const doubtMs = (membership.aliveIntervalMs() * options.aliveExpirationIntervals) / 2;
    for (const { peer, heardMs } of membership.living()) if (clock.now() - heardMs > doubtMs) this.ask(peer);
  }

  #answer(to: PeerId, theirHash: Uint8Array): void {
    const { membership, transport, clock } = this.#parts;
    const asker = membership.partyOf(to);
    // The asker's own entry too: should it have lost count of its incarnations, it learns of the latest so.
    const isSame = equals(membership.viewHash(to), theirHash);
    const isTooOften = !isSame && !this.#views.take(to, clock.now());
    const others: readonly Member[] = isSame || isTooOften ? [] : membership.living();
    const entries = others.flatMap((member) => membership.entryFor(asker, member, member.entry) ?? []);
    for (const members of entryBatches([this.#ownFor(asker), ...entries]))
      transport.send(to, { kind: "membership-response", members });
    if (isTooOften) throw rateLimited(to);
    const statements = accusationsFor(membership, asker, this.#parts.accusations());
    if (statements.length > 0) transport.send(to, { kind: "accusations", statements });
  }

  #ownFor(to: Party): MemberEntry {
    const { membership } = this.#parts;
    const latest = membership.own.latest();
    return membership.entryFor(to, membership.party, latest) ?? { ...latest, internal: undefined };
  }
}

/** What is good of it is taken in, whatever else is in it. */
function inAllOf<T>(items: readonly T[], takeIn: (item: T) => void): void {
  const failures: unknown[] = [];
  for (const item of items) {
    try {
      takeIn(item);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
