import type { Accusation, Accusations } from "./accusations.ts";
import { GossipError } from "../errors.ts";
import { isLiving } from "../members/member-directory.ts";
import type { Member, Membership } from "../members/membership.ts";
import type { SignedStatement } from "../wire/messages.ts";
import type { GossipOptions } from "../options.ts";
import type { Clock, Keyring, PeerId } from "../ports.ts";
import { isSigned, readAccusation, signStatement, type LogicalTime } from "../wire/statements.ts";

export interface SuspicionParts {
  readonly accusations: Accusations;
  readonly membership: Membership;
  readonly keyring: Keyring;
  readonly clock: Clock;
  readonly options: GossipOptions;
  /** When something last came from a peer itself; undefined: nothing has. */
  readonly heardMs: (peer: PeerId) => number | undefined;
  /** An accusation is news, and to be passed on. */
  readonly onAccusation: (accusation: Accusation) => void;
  /** Somebody accuses us. */
  readonly onAccused: (from: PeerId, time: LogicalTime) => void;
}

/** So many accusations by one peer that nobody shares and that are refuted make its word worthless for a while. */
const FALSE_ALARMS_MAX = 5;
const FALSE_ALARM_MS = 60_000;

/** The accuser may have heard later words than we, but not so many. */
const WORDS_AHEAD_MAX = 1_000;

/**
 * When a member is suspected, and when it is dead. One that is accused is suspect at once, and has some time to speak
 * against it by a newer statement; it is dead where by then so many accuse it as nobody can be alone (PFAIL and FAIL of
 * Redis Cluster; suspicion and refutation of SWIM). Who has heard the accused himself a moment ago believes that.
 */
export class Suspicion {
  readonly #parts: SuspicionParts;
  /** When accusations of a peer were refuted that nobody shared. */
  readonly #falseAlarmsMs = new Map<PeerId, readonly number[]>();

  constructor(parts: SuspicionParts) {
    this.#parts = parts;
  }

  /** What we say against a peer. */
  own(peer: PeerId): SignedStatement | undefined {
    return this.#parts.accusations.by(this.#parts.keyring.self, peer)?.signed;
  }

  /** Who says that the peer cannot be reached. */
  accusers(peer: PeerId): readonly PeerId[] {
    return this.#parts.accusations.against(peer).map((accusation) => accusation.peer);
  }

  /** All that is said against members at present. */
  all(): readonly Accusation[] {
    return this.#parts.accusations.all();
  }

  /** Neither we nor those whom we have asked can reach the peer. */
  accuse(peer: PeerId): void {
    const { membership, keyring, onAccusation } = this.#parts;
    const member = membership.get(peer);
    if (member === undefined || !isLiving(member)) return;
    const { incarnation, sequence } = member.statement;
    const statement = {
      kind: "accusation",
      peer: keyring.self,
      accused: peer,
      incarnation,
      sequence,
    } as const;
    if (!this.#parts.accusations.wants(statement)) return this.#suspect(member);
    const accusation = { ...statement, signed: signStatement(statement, keyring) };
    this.#parts.accusations.add(accusation);
    this.#suspect(member);
    onAccusation(accusation);
  }

  /**
   * What somebody says against a member. The accused, where it is to be probed from here too.
   *
   * @throws GossipError `MALFORMED_MESSAGE`, `BAD_SIGNATURE`.
   */
  receive(from: PeerId, signed: SignedStatement): PeerId | undefined {
    const { membership, keyring, onAccusation, onAccused } = this.#parts;
    const statement = readAccusation(signed);
    const { peer: accuser, accused } = statement;
    if (accuser === keyring.self || accuser === accused || !this.#isHeeded(accuser)) return undefined;
    const latest = accused === membership.self ? membership.own.time : membership.get(accused)?.statement;
    if (latest === undefined || !isOfNow(statement, latest) || !this.#parts.accusations.wants(statement))
      return undefined;
    if (!isSigned(statement, signed, keyring))
      throw new GossipError("BAD_SIGNATURE", `an accusation of ${accused} that ${accuser} did not sign`);
    if (accused === membership.self) {
      onAccused(from, statement);
      return undefined;
    }
    const accusation = { ...statement, signed };
    const member = membership.get(accused);
    if (member === undefined || !isLiving(member)) return undefined;
    this.#parts.accusations.add(accusation);
    onAccusation(accusation);
    if (!this.#wasHeard(member.peer)) this.#suspect(member);
    return accused;
  }

  /** Something has come from the peer itself, so it lives, whatever others say. */
  heard(peer: PeerId): void {
    const { membership, clock } = this.#parts;
    const state = membership.get(peer)?.state;
    if (state === "suspect" || state === "dead")
      membership.become(peer, "alive", "it speaks to us", clock.now());
  }

  /** The peer has spoken at this time of its own. Whether anything was said against it that this refutes. */
  refuted(peer: PeerId, time: LogicalTime): boolean {
    const { clock, keyring } = this.#parts;
    const refuted = this.#parts.accusations.refute(peer, time);
    // Mostly there is nothing, and counting who knows the peer takes a look at everybody.
    if (refuted.length === 0) return false;
    if (refuted.length >= this.needed(peer)) return true;
    const nowMs = clock.now();
    for (const { peer: accuser } of refuted) {
      if (accuser !== keyring.self)
        this.#falseAlarmsMs.set(accuser, [...this.#falseAlarms(accuser, nowMs), nowMs]);
    }
    return true;
  }

  /** Ends the lives of those that have not spoken against what several say. */
  judge(nowMs: number): void {
    const { membership } = this.#parts;
    for (const { peer, state, sinceMs } of membership.living()) {
      if (state !== "suspect" || nowMs - sinceMs < this.#parts.options.suspicionMs) continue;
      const accusers = this.accusers(peer).filter((accuser) => this.#isHeeded(accuser));
      const share = accusers.length / this.needed(peer);
      if (share < 1 || nowMs - sinceMs < this.suspicionMs(share) || this.#wasHeard(peer)) continue;
      membership.become(peer, "dead", `${this.#names(accusers)} cannot reach it`, nowMs);
    }
  }

  /**
   * How long a suspect has to speak: as long as the word of it takes to get around and back; less where more accuse it
   * than must, whose pings have not reached it either (Lifeguard).
   *
   * @param share so many times as many as must accuse it do.
   */
  suspicionMs(share = 1): number {
    const { membership, options } = this.#parts;
    return options.suspicionMs * Math.max(1, Math.log10(membership.living().length + 1) / share);
  }

  /**
   * How many must accuse a peer for its death: `accusersMin`, or in a small network the majority of those who know it
   * and live.
   */
  needed(peer: PeerId): number {
    const { membership, options } = this.#parts;
    const about = membership.partyOf(peer);
    let witnesses = 1;
    for (const member of membership.living()) {
      if (member.peer === peer || member.state !== "alive") continue;
      const knows = membership.disclosure.isOwn(member)
        ? membership.disclosure.mayTell(member, about)
        : member.organisation === about.organisation;
      if (knows) witnesses++;
    }
    return Math.min(options.accusersMin, Math.floor(witnesses / 2) + 1);
  }

  /** The peer is not remembered any more. */
  forget(peer: PeerId): void {
    this.#parts.accusations.forget(peer);
    this.#falseAlarmsMs.delete(peer);
  }

  #suspect({ peer, state }: Member): void {
    const { membership, clock } = this.#parts;
    if (state === "dead") return;
    const reason = `${this.#names(this.accusers(peer))} cannot reach it`;
    membership.become(peer, "suspect", reason, clock.now());
  }

  #wasHeard(peer: PeerId): boolean {
    const { clock, options, heardMs } = this.#parts;
    return clock.now() - (heardMs(peer) ?? 0) < 2 * options.probeIntervalMs;
  }

  #isHeeded(accuser: PeerId): boolean {
    const { membership, keyring, clock } = this.#parts;
    if (accuser === keyring.self) return true;
    const member = membership.get(accuser);
    return (
      member !== undefined &&
      isLiving(member) &&
      this.#falseAlarms(accuser, clock.now()).length < FALSE_ALARMS_MAX
    );
  }

  #falseAlarms(accuser: PeerId, nowMs: number): readonly number[] {
    const alarms = this.#falseAlarmsMs.get(accuser) ?? [];
    return alarms.filter((atMs) => nowMs - atMs < FALSE_ALARM_MS).slice(-FALSE_ALARMS_MAX);
  }

  #names(peers: readonly PeerId[]): string {
    const { membership, keyring } = this.#parts;
    const names = peers.map((peer) =>
      peer === keyring.self ? "this peer" : (membership.get(peer)?.statement.name ?? peer),
    );
    const last = names.pop() ?? "nobody";
    return names.length === 0 ? last : `${names.join(", ")} and ${last}`;
  }
}

/** Whether what is said of a peer is neither refuted yet nor of a time that cannot have come. */
function isOfNow(said: LogicalTime, latest: LogicalTime): boolean {
  const ahead = said.sequence - latest.sequence;
  return said.incarnation === latest.incarnation && ahead >= 0 && ahead <= WORDS_AHEAD_MAX;
}
