import { equals } from "uint8arrays/equals";
import type { Accusations } from "../failures/accusations.ts";
import { Disclosure, type Party } from "./disclosure.ts";
import { GossipError } from "../errors.ts";
import type { MemberState, Observer } from "../events.ts";
import { isLiving, MemberDirectory } from "./member-directory.ts";
import type { IdentityId, MemberEntry, SignedStatement } from "../wire/messages.ts";
import { OwnStatements, type OwnStatementsParts } from "./own-statements.ts";
import { neighboursOf } from "../push/relay-grid.ts";
import { scaledIntervalMs, type GossipOptions } from "../options.ts";
import type { Credentials, PeerId } from "../ports.ts";
import { isSigned, readAlive, readInternal, supersedes, type AliveStatement } from "../wire/statements.ts";

/** A peer other than ourselves, as its own latest statement describes it. */
export interface Member extends Party {
  readonly peer: PeerId;
  readonly state: Exclude<MemberState, "forgotten">;
  /** Why it is in that state, in words. */
  readonly reason: string;
  /** Whether it can be reached from here, as far as was tried; others may reach one that we cannot. */
  readonly isReachable: boolean;
  readonly statement: AliveStatement;
  /** What is passed on about it. */
  readonly entry: MemberEntry;
  /** Where we can reach it, the best first. */
  readonly addresses: readonly string[];
  /** What its identity says of it. */
  readonly credentials: Credentials;
  /** When its latest statement came, by our clock. */
  readonly heardMs: number;
  /** When it got into its state, by our clock. */
  readonly sinceMs: number;
}

export interface MembershipParts extends OwnStatementsParts {
  readonly options: GossipOptions;
  readonly accusations: Accusations;
  /** Whether the peer is never forgotten, however long it is dead. */
  readonly isSeed: (peer: PeerId) => boolean;
  /** Whether we have nothing to do with the peer for now, whatever it says. */
  readonly isCutOff: (peer: PeerId) => boolean;
  readonly observe: Observer;
}

/** What came of a statement: it was known already; it names an identity that is not here; or it is news. */
export type Reception =
  | { readonly kind: "known" }
  | { readonly kind: "unidentified"; readonly peer: PeerId; readonly identity: IdentityId }
  | { readonly kind: "news"; readonly member: Member; readonly isNew: boolean };

const ALIVE = { state: "alive", reason: "it says that it lives" } as const;
const LEFT = { state: "left", reason: "it said that it leaves" } as const;
const CUT_OFF = { state: "refused", reason: "it has lied too often and is cut off" } as const;

const KNOWN: Reception = { kind: "known" };

/** A statement from further ahead than this is not believed: its author could not be spoken against until then. */
const AHEAD_MS_MAX = 60 * 60 * 1_000;

/**
 * Who is there: the peers that have said that they live, until they fall silent. It believes a peer only about
 * itself, and only by its signature; it decides nothing about when to speak (see `AliveGossip`). All methods are
 * synchronous; `nowMs` is the caller's clock.
 *
 * States: alive → suspect → dead → forgotten (`FailureDetector` says when; or alive → dead where nobody has heard of it
 * for long); alive → left; any → refused (its identity has ended, or it is cut off). Whatever it is, a newer statement
 * makes it alive again, and no older one does, so that a replayed one revives nobody (Fabric, discovery_impl.go).
 */
export class Membership {
  /** Who may be told of whom. */
  readonly disclosure: Disclosure;
  readonly #parts: MembershipParts;
  readonly #directory = new MemberDirectory();
  readonly #own: OwnStatements;
  #neighbours: { readonly version: number; readonly peers: readonly PeerId[] } = { version: -1, peers: [] };

  constructor(parts: MembershipParts) {
    this.#parts = parts;
    this.#own = new OwnStatements(parts);
    this.disclosure = new Disclosure(parts.admission.isOpen, () => this.party);
  }

  get self(): PeerId {
    return this.#parts.keyring.self;
  }

  /** Ourselves, as others may know of us. */
  get party(): Party {
    return this.#own.party;
  }

  /** Our own start as our statements tell it. */
  get incarnation(): number {
    return this.#own.incarnation;
  }

  /** Goes up whenever who is alive, or what they say of themselves, changes. */
  get version(): number {
    return this.#directory.version;
  }

  /** What we say of ourselves. */
  get own(): OwnStatements {
    return this.#own;
  }

  /**
   * Takes in what somebody says of a member.
   *
   * @throws GossipError `MALFORMED_MESSAGE`, `BAD_SIGNATURE`, `CLOCK_AHEAD`, `NOT_ADMITTED` (there is no room).
   */
  receive(entry: MemberEntry, nowMs: number): Reception {
    const statement = readAlive(entry.alive);
    if (statement.peer === this.self) return this.#receiveOwn(statement, entry);
    const known = this.get(statement.peer);
    // Before the signature is checked: most statements come more than once.
    if (known !== undefined && !supersedes(statement, known.statement)) return KNOWN;
    const { options, identities } = this.#parts;
    if (known === undefined && this.#directory.size >= options.membersMax)
      throw new GossipError("NOT_ADMITTED", `more than ${options.membersMax} members`);
    if (statement.incarnation > nowMs + AHEAD_MS_MAX)
      throw new GossipError("CLOCK_AHEAD", `${statement.peer} says that it was started in the future`);
    this.#check(statement, entry.alive);
    const { peer, identity } = statement;
    const credentials = identities.credentials(peer, identity);
    if (credentials === undefined) {
      // The entry will wait, and come back when somebody else brings the identity: he is not to blame for it.
      this.#newerInternal(peer, known, entry.internal);
      return { kind: "unidentified", peer, identity };
    }
    return this.#takeIn(statement, { entry, credentials, nowMs });
  }

  /** Whether the peer can be reached from here. That is no word about whether it lives. */
  setReachable(peer: PeerId, isReachable: boolean): void {
    const member = this.get(peer);
    if (member !== undefined && member.isReachable !== isReachable)
      this.#directory.set({ ...member, isReachable });
  }

  /** The peer is in another state from now on, or in the same for another reason. */
  become(peer: PeerId, state: Exclude<Member["state"], "left">, reason: string, nowMs: number): void {
    const member = this.get(peer);
    if (member === undefined) return;
    const isChange = member.state !== state;
    const sinceMs = isChange ? nowMs : member.sinceMs;
    // Its silence ends here, or it would be over at once for one whose next statement is on its way.
    const heardMs = state === "alive" ? nowMs : member.heardMs;
    this.#directory.set({ ...member, state, reason, sinceMs, heardMs });
    if (isChange) this.#tell(member, state, reason);
  }

  /** Moves those of whom nothing was heard by any way to dead, and forgets the long dead and gone. */
  expire(nowMs: number): void {
    const { aliveExpirationIntervals, forgetIntervals } = this.#parts.options;
    const intervalMs = this.aliveIntervalMs();
    for (const member of this.#directory.all()) {
      const silentMs = nowMs - member.heardMs;
      if (isLiving(member)) {
        if (silentMs > aliveExpirationIntervals * intervalMs)
          this.become(member.peer, "dead", `nothing was heard of it for ${Math.round(silentMs)} ms`, nowMs);
      } else if (silentMs > forgetIntervals * intervalMs) {
        if (this.#parts.isSeed(member.peer)) continue;
        this.#directory.delete(member);
        this.#tell(member, "forgotten", `it was ${member.state} for too long`);
      }
    }
  }

  /** How often each peer should say that it lives, in a network of the size that is seen from here. */
  aliveIntervalMs(): number {
    return scaledIntervalMs(this.#parts.options.aliveIntervalMs, this.living().length + 1);
  }

  get(peer: PeerId): Member | undefined {
    return this.#directory.get(peer);
  }

  isAlive(peer: PeerId): boolean {
    return this.get(peer)?.state === "alive";
  }

  /** All that are remembered, in whatever state, ourselves not included. */
  all(): readonly Member[] {
    return this.#directory.all();
  }

  /** Those that are alive or suspect, ourselves not included. */
  living(): readonly Member[] {
    return this.#directory.living();
  }

  /** The peer as others may know of it; one that has said nothing yet is known by its identity alone. */
  partyOf(peer: PeerId): Party {
    if (peer === this.self) return this.party;
    const member = this.get(peer);
    if (member !== undefined) return member;
    const organisation = this.#parts.identities.newest(peer)?.organisation;
    // From outside it could not have met us otherwise.
    return { organisation, isExternal: !this.disclosure.isOwn({ organisation }) };
  }

  /** The hash of those who are living, as far as we and this peer tell each other of them. */
  viewHash(peer: PeerId): Uint8Array {
    const self = { peer: this.self, incarnation: this.incarnation, ...this.party };
    return this.#directory.hashFor(this.partyOf(peer), this.disclosure, self);
  }

  /** What may be told to the one of the other; undefined: nothing. */
  entryFor(to: Party, about: Party, entry: MemberEntry): MemberEntry | undefined {
    if (!this.disclosure.mayTell(to, about)) return undefined;
    return this.disclosure.isOwn(to) || entry.internal === undefined
      ? entry
      : { ...entry, internal: undefined };
  }

  /** Those of them that this peer keeps links to. */
  neighbours(): readonly Member[] {
    if (this.#neighbours.version !== this.version) {
      const others = this.living().map(({ peer }) => peer);
      const peers = neighboursOf(this.self, others, this.#parts.options.neighboursMax);
      this.#neighbours = { version: this.version, peers };
    }
    return this.#neighbours.peers.flatMap((peer) => this.get(peer) ?? []);
  }

  #takeIn(
    statement: AliveStatement,
    { entry, credentials, nowMs }: { entry: MemberEntry; credentials: Credentials; nowMs: number },
  ): Reception {
    const { peer, addresses, left } = statement;
    const { organisation } = credentials;
    const party = { organisation, isExternal: addresses.length > 0 };
    // Whoever told us should not have: its author is nobody to us.
    if (!this.disclosure.mayMeet(party) || !(party.isExternal || this.disclosure.isOwn(party))) return KNOWN;
    const known = this.get(peer);
    const internal = this.disclosure.isOwn(party)
      ? this.#newerInternal(peer, known, entry.internal)
      : undefined;
    const { state, reason } = this.#parts.isCutOff(peer)
      ? CUT_OFF
      : left
        ? LEFT
        : this.#lives(statement, known);
    const member: Member = {
      peer,
      state,
      // Why it was refused was told better before.
      reason: state === "refused" && known?.state === state ? known.reason : reason,
      isReachable: known?.isReachable ?? true,
      statement,
      ...party,
      entry: { alive: entry.alive, internal },
      addresses: [...(internal === undefined ? [] : readInternal(internal).addresses), ...addresses],
      credentials,
      heardMs: nowMs,
      sinceMs: known?.state === state ? known.sinceMs : nowMs,
    };
    this.#directory.set(member);
    if (known?.state !== state) this.#tell(member, state, member.reason);
    return { kind: "news", member, isNew: state === "alive" && known?.state !== "alive" };
  }

  /** Alive, unless what stands against it is of a later time than its statement, which has been long on its way. */
  #lives(statement: AliveStatement, known: Member | undefined): Pick<Member, "state" | "reason"> {
    const isDoubted = known?.state === "suspect" || known?.state === "dead";
    return isDoubted && this.#parts.accusations.stands(statement.peer, statement) ? known : ALIVE;
  }

  /** The newer of two statements of a peer's internal endpoints. @throws GossipError `BAD_SIGNATURE`. */
  #newerInternal(
    peer: PeerId,
    known: Member | undefined,
    received: SignedStatement | undefined,
  ): SignedStatement | undefined {
    const before = known?.entry.internal;
    if (received === undefined || (before !== undefined && equals(before.payload, received.payload)))
      return before;
    const statement = readInternal(received);
    if (statement.peer !== peer)
      throw new GossipError("BAD_SIGNATURE", `internal endpoints of ${statement.peer}, told of ${peer}`);
    if (before !== undefined && !supersedes(statement, readInternal(before))) return before;
    this.#check(statement, received);
    return received;
  }

  #receiveOwn(statement: AliveStatement, entry: MemberEntry): Reception {
    if (!this.#own.isAhead(statement)) return KNOWN;
    this.#check(statement, entry.alive);
    // Our own key said it, but not in this run: the clock was set back since the last run, or there are two of us.
    this.#parts.observe({ kind: "identity-in-use", incarnation: statement.incarnation });
    this.#own.goPast(statement);
    return KNOWN;
  }

  #check(statement: Parameters<typeof isSigned>[0], signed: SignedStatement): void {
    if (isSigned(statement, signed, this.#parts.keyring)) return;
    const { kind, peer } = statement;
    throw new GossipError("BAD_SIGNATURE", `a statement (${kind}) of ${peer} that it did not sign`);
  }

  #tell({ peer, statement }: Member, state: MemberState, reason: string): void {
    this.#parts.observe({ kind: "member", peer, name: statement.name, state, reason });
  }
}
