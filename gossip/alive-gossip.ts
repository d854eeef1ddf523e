import { equals } from "uint8arrays/equals";
import type { Party } from "./disclosure.ts";
import { GossipError } from "./errors.ts";
import { IdentityPull } from "./identity-pull.ts";
import type { Identities } from "./identities.ts";
import { inBatches, MemberNews } from "./member-news.ts";
import type { Membership, Member } from "./membership.ts";
import type { MemberEntry, Message } from "./messages.ts";
import type { GossipOptions } from "./options.ts";
import type { Clock, PeerId, Random, Transport } from "./ports.ts";
import { sample } from "./random.ts";
import { readAlive } from "./statements.ts";
import { every } from "./time.ts";

export interface AliveGossipParts {
  readonly membership: Membership;
  readonly identities: Identities;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly options: GossipOptions;
  /** A peer is spoken of whose identity is not let in. */
  readonly onRefused: (peer: PeerId, error: GossipError) => void;
}

/** The messages about who is there. */
export type MembershipMessage = Extract<
  Message,
  {
    readonly kind: "alive" | "membership-request" | "membership-response" | "identity-want" | "identities";
  }
>;

/** How many times in an alive interval a peer that has fallen silent is asked. */
const DOUBT_HASTE = 5;

/**
 * Spreads who is there. Each peer says at intervals that it lives; what is news is gathered for a moment and passed
 * on once, to a few random peers (`MemberNews`). What that misses is repaired by comparing whole views with a random
 * peer, which costs a hash where they agree.
 */
export class AliveGossip {
  readonly #parts: AliveGossipParts;
  readonly #news: MemberNews;
  readonly #pull: IdentityPull;

  constructor(parts: AliveGossipParts) {
    this.#parts = parts;
    this.#news = new MemberNews(parts);
    this.#pull = new IdentityPull(parts);
  }

  /** Keeps speaking until disposed of. */
  start(): Disposable {
    const { clock, random, options, membership } = this.#parts;
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
    repeat(
      () => options.batchIntervalMs,
      () => this.#news.passOn(),
    );
    repeat(
      () => options.membershipSyncIntervalMs,
      () => this.#compare(),
    );
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
    let failure: unknown;
    for (const entry of entries) {
      try {
        this.#takeInOne(from, entry);
      } catch (error) {
        failure ??= error;
      }
    }
    if (failure !== undefined) throw failure;
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
        if (member.state === "refused") return;
        transport.learn({ peer: member.peer, addresses: member.addresses });
        return this.#news.tell(member.peer, member.entry, isNew || member.state === "left");
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
    const { membership, clock, options } = this.#parts;
    membership.expire(clock.now());
    const doubtMs = (membership.aliveIntervalMs() * options.aliveExpirationIntervals) / 2;
    for (const { peer, heardMs } of membership.alive()) if (clock.now() - heardMs > doubtMs) this.ask(peer);
  }

  #compare(): void {
    const { membership, random } = this.#parts;
    for (const { peer } of sample(membership.neighbours(), 1, random)) this.ask(peer);
  }

  #answer(to: PeerId, theirHash: Uint8Array): void {
    const { membership, transport } = this.#parts;
    const asker = membership.partyOf(to);
    // The asker's own entry too: should it have lost count of its incarnations, it learns of the latest so.
    const others: readonly Member[] = equals(membership.viewHash(to), theirHash) ? [] : membership.alive();
    const entries = others.flatMap((member) => membership.entryFor(asker, member, member.entry) ?? []);
    for (const members of inBatches([this.#ownFor(asker), ...entries]))
      transport.send(to, { kind: "membership-response", members });
  }

  #ownFor(to: Party): MemberEntry {
    const { membership } = this.#parts;
    const latest = membership.own.latest();
    return membership.entryFor(to, membership.party, latest) ?? { ...latest, internal: undefined };
  }
}
