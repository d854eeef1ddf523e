import { equals } from "uint8arrays/equals";
import type { MemberState, Observer } from "./events.ts";
import { GossipError } from "./errors.ts";
import type { MemberEntry } from "./messages.ts";
import { neighboursOf } from "./relay-grid.ts";
import { scaledIntervalMs, type GossipOptions } from "./options.ts";
import type { Admission, Contact, Keyring, PeerId } from "./ports.ts";
import { isSigned, readAlive, signStatement, supersedes, type AliveStatement } from "./statements.ts";
import { ViewHash } from "./view-hash.ts";

/** A peer other than ourselves, as its own latest statement describes it. */
export interface Member {
  readonly peer: PeerId;
  readonly state: Exclude<MemberState, "forgotten">;
  /** Why it is in that state, in words. */
  readonly reason: string;
  readonly statement: AliveStatement;
  /** What is passed on about it. */
  readonly entry: MemberEntry;
  /** The organisation that its identity proves; undefined where none is proven. */
  readonly organisation: string | undefined;
  /** When its latest statement came, by our clock. */
  readonly heardMs: number;
  /** When it got into its state, by our clock. */
  readonly sinceMs: number;
}

/** What a peer says of itself. */
export interface SelfDescription {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly channelTags: readonly Uint8Array[];
}

export interface MembershipParts {
  readonly keyring: Keyring;
  readonly admission: Admission;
  readonly options: GossipOptions;
  /** Never forgotten, however long they are dead. */
  readonly bootstrap: readonly Contact[];
  readonly observe: Observer;
  /** Our own start in milliseconds since 1970; later than that of any earlier run. */
  readonly startMs: number;
}

/**
 * Who is there: the peers that have said that they live, until they fall silent. It believes a peer only about
 * itself, and only by its signature; it decides nothing about when to speak (see `AliveGossip`). All methods are
 * synchronous; `nowMs` is the caller's clock.
 *
 * States: alive → dead (silent, or unreachable from here) → forgotten; alive → left; dead, left → alive, by a newer
 * statement only, so that a replayed one revives nobody (Fabric, discovery_impl.go).
 */
export class Membership {
  readonly #parts: MembershipParts;
  readonly #members = new Map<PeerId, Member>();
  /** Of those that are alive, without ourselves. */
  readonly #viewHash = new ViewHash();
  #self: SelfDescription = { name: "", addresses: [], channelTags: [] };
  #incarnation: number;
  #sequence = 0;
  #isLeaving = false;
  #latest: MemberEntry | undefined;
  #alive: readonly Member[] | undefined;
  #version = 0;
  #neighbours: { readonly version: number; readonly peers: readonly PeerId[] } = { version: -1, peers: [] };

  constructor(parts: MembershipParts) {
    this.#parts = parts;
    this.#incarnation = parts.startMs;
  }

  get self(): PeerId {
    return this.#parts.keyring.self;
  }

  /** Our own start as our statements tell it. */
  get incarnation(): number {
    return this.#incarnation;
  }

  /** Goes up whenever who is alive, or what they say of themselves, changes. */
  get version(): number {
    return this.#version;
  }

  /** What our statements say of ourselves from now on. */
  describe(self: SelfDescription): void {
    this.#self = self;
    this.#latest = undefined;
  }

  /** From now on our statements say that we leave. */
  leave(): void {
    this.#isLeaving = true;
    this.#latest = undefined;
  }

  /** A new statement that we live, or that we leave: news for everybody. */
  announce(): MemberEntry {
    const statement: AliveStatement = {
      kind: "alive",
      peer: this.self,
      incarnation: this.#incarnation,
      sequence: this.#sequence++,
      left: this.#isLeaving,
      ...this.#self,
    };
    const alive = signStatement(statement, this.#parts.keyring);
    this.#latest = { alive, identity: this.#parts.admission.identity };
    return this.#latest;
  }

  /** Our newest statement again: no news to whoever has heard it. */
  latest(): MemberEntry {
    return this.#latest ?? this.announce();
  }

  /**
   * Takes in what somebody says of a member: the member and whether it was not known as alive before, or undefined
   * where it is no news.
   *
   * @throws GossipError `MALFORMED_MESSAGE`, `BAD_SIGNATURE`, `NOT_ADMITTED`.
   */
  receive(
    entry: MemberEntry,
    nowMs: number,
  ): { readonly member: Member; readonly isNew: boolean } | undefined {
    const statement = readAlive(entry.alive);
    if (statement.peer === this.self) return this.#receiveOwn(statement, entry);
    const known = this.#members.get(statement.peer);
    // Before the signature is checked: most statements come more than once.
    if (known !== undefined && !supersedes(statement, known.statement)) return undefined;
    if (known === undefined && this.#members.size >= this.#parts.options.membersMax) {
      throw new GossipError("NOT_ADMITTED", `more than ${this.#parts.options.membersMax} members`);
    }
    this.#check(statement, entry);
    const identity = entry.identity ?? known?.entry.identity;
    const organisation = this.#parts.admission.admit(statement.peer, identity);
    const state = statement.left ? "left" : "alive";
    const reason = statement.left ? "it said that it leaves" : "it says that it lives";
    const sinceMs = known?.state === state ? known.sinceMs : nowMs;
    const kept = { alive: entry.alive, identity };
    const member: Member = {
      peer: statement.peer,
      state,
      reason,
      statement,
      entry: kept,
      organisation,
      heardMs: nowMs,
      sinceMs,
    };
    this.#set(member);
    return { member, isNew: state === "alive" && known?.state !== "alive" };
  }

  /** The peer cannot be reached from here: dead, until a newer statement of its own comes by another way. */
  markUnreachable(peer: PeerId, nowMs: number): void {
    const member = this.#members.get(peer);
    if (member?.state === "alive") this.#become(member, "dead", "it cannot be reached from here", nowMs);
  }

  /** Moves the silent to dead, and forgets the long dead and gone. */
  expire(nowMs: number): void {
    const { aliveExpirationIntervals, forgetIntervals } = this.#parts.options;
    const intervalMs = this.aliveIntervalMs();
    for (const member of this.#members.values()) {
      const silentMs = nowMs - member.heardMs;
      if (member.state === "alive" && silentMs > aliveExpirationIntervals * intervalMs) {
        this.#become(member, "dead", `nothing was heard of it for ${Math.round(silentMs)} ms`, nowMs);
      } else if (member.state !== "alive" && silentMs > forgetIntervals * intervalMs) {
        if (this.#parts.bootstrap.some((contact) => contact.peer === member.peer)) continue;
        this.#members.delete(member.peer);
        this.#version++;
        this.#tell(member, "forgotten", `it was ${member.state} for too long`);
      }
    }
  }

  /** How often each peer should say that it lives, in a network of the size that is seen from here. */
  aliveIntervalMs(): number {
    return scaledIntervalMs(this.#parts.options.aliveIntervalMs, this.alive().length + 1);
  }

  get(peer: PeerId): Member | undefined {
    return this.#members.get(peer);
  }

  isAlive(peer: PeerId): boolean {
    return this.#members.get(peer)?.state === "alive";
  }

  /** All that are remembered, in whatever state, ourselves not included. */
  all(): readonly Member[] {
    return [...this.#members.values()];
  }

  /** Those that are alive, ourselves not included. */
  alive(): readonly Member[] {
    this.#alive ??= this.all().filter((member) => member.state === "alive");
    return this.#alive;
  }

  /** The hash of who is alive, ourselves included, and in which of their lives. */
  viewHash(): Uint8Array {
    return this.#viewHash.with(this.self, this.#incarnation);
  }

  /** Those of them that this peer keeps links to. */
  neighbours(): readonly Member[] {
    if (this.#neighbours.version !== this.#version) {
      const others = this.alive().map(({ peer }) => peer);
      const peers = neighboursOf(this.self, others, this.#parts.options.neighboursMax);
      this.#neighbours = { version: this.#version, peers };
    }
    return this.#neighbours.peers.flatMap((peer) => this.#members.get(peer) ?? []);
  }

  #receiveOwn(statement: AliveStatement, entry: MemberEntry): undefined {
    const newest = { incarnation: this.#incarnation, sequence: this.#sequence - 1 };
    if (!supersedes(statement, newest)) return;
    this.#check(statement, entry);
    // Our own key said it, but not in this run: the clock was set back since the last run, or there are two of us.
    this.#parts.observe({ kind: "identity-in-use", incarnation: statement.incarnation });
    this.#incarnation = statement.incarnation + 1;
    this.#sequence = 0;
    this.#latest = undefined;
  }

  #check(statement: AliveStatement, entry: MemberEntry): void {
    if (isSigned(statement, entry.alive, this.#parts.keyring)) return;
    throw new GossipError("BAD_SIGNATURE", `an alive statement of ${statement.peer} that it did not sign`);
  }

  #become(member: Member, state: "dead", reason: string, nowMs: number): void {
    this.#set({ ...member, state, reason, sinceMs: nowMs });
  }

  #set(member: Member): void {
    const before = this.#members.get(member.peer);
    this.#members.set(member.peer, member);
    this.#alive = undefined;
    const [old, now] = [aliveIncarnation(before), aliveIncarnation(member)];
    if (old !== now) {
      if (old !== undefined) this.#viewHash.toggle(member.peer, old);
      if (now !== undefined) this.#viewHash.toggle(member.peer, now);
    }
    if (before === undefined || !describesSame(before, member)) this.#version++;
    if (before?.state !== member.state) this.#tell(member, member.state, member.reason);
  }

  #tell(member: Member, state: MemberState, reason: string): void {
    this.#parts.observe({ kind: "member", peer: member.peer, name: member.statement.name, state, reason });
  }
}

/** The life of a peer that is alive; undefined of any other. */
function aliveIncarnation(member: Member | undefined): number | undefined {
  return member?.state === "alive" ? member.statement.incarnation : undefined;
}

/** Whether two records of one peer differ in nothing but the time. */
function describesSame(before: Member, after: Member): boolean {
  const [old, fresh] = [before.statement, after.statement];
  return (
    before.state === after.state &&
    before.organisation === after.organisation &&
    old.incarnation === fresh.incarnation &&
    old.channelTags.length === fresh.channelTags.length &&
    old.channelTags.every((tag, index) => equals(tag, fresh.channelTags[index] ?? EMPTY))
  );
}

const EMPTY = new Uint8Array(0);
