import type { Accusation, Accusations } from "./accusations.ts";
import { LocalHealth } from "./local-health.ts";
import { isLiving } from "../members/member-directory.ts";
import type { Member, Membership } from "../members/membership.ts";
import type { PingMessage, SignedStatement } from "../wire/messages.ts";
import type { GossipOptions } from "../options.ts";
import type { Clock, Keyring, PeerId, Random, Transport } from "../ports.ts";
import { Prober } from "./prober.ts";
import { sample } from "../random.ts";
import type { LogicalTime } from "../wire/statements.ts";
import { Suspicion } from "./suspicion.ts";
import { every } from "../time.ts";

export interface FailureDetectorParts {
  readonly membership: Membership;
  readonly accusations: Accusations;
  readonly keyring: Keyring;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly options: GossipOptions;
  /** An accusation is to be passed on. */
  readonly onAccusation: (accusation: Accusation) => void;
  /** Somebody accuses us: we are to say that we live, to him first. */
  readonly onAccused: (from: PeerId, time: LogicalTime) => void;
}

/** Peers that there is reason to look at, and that are pinged in one interval beside the one whose turn it is. */
const URGENT_AT_ONCE = 3;

/** Of those that hear of an accusation so many times as many as must share it look at the accused at once. */
const WITNESSES_DRAWN = 2;

/** How often in a probe interval it is seen who has been suspect for long enough. */
const JUDGEMENTS = 4;

/** So many pings in a row must be unanswered before a peer that others reach is out of our own reach. */
const FAILURES_OUT_OF_REACH = 2;

/**
 * Finds out who has died, in bounded time and at a cost that does not grow with the network: each interval one member is
 * pinged, all in turn in random order (SWIM), and those of which there is word that they fail. What comes of that is
 * {@link Suspicion}'s to judge. A peer that was itself paused, or hears nothing from anybody, judges nobody
 * ({@link LocalHealth}).
 */
export class FailureDetector {
  readonly health = new LocalHealth();
  readonly suspicion: Suspicion;
  readonly #parts: FailureDetectorParts;
  readonly #prober: Prober;
  /** Whose turn it is yet. */
  #turn: PeerId[] = [];
  readonly #urgent = new Set<PeerId>();
  readonly #failures = new Map<PeerId, number>();
  readonly #heardMs = new Map<PeerId, number>();
  #tickedMs = 0;
  #refutedMs = -Infinity;

  constructor(parts: FailureDetectorParts) {
    this.#parts = parts;
    this.suspicion = new Suspicion({
      ...parts,
      heardMs: (peer) => this.heardMs(peer),
      onAccused: (...said) => this.#refute(...said),
    });
    this.#prober = new Prober({
      ...parts,
      health: this.health,
      accusation: (peer) => this.suspicion.own(peer),
      onSilent: (peer) => this.#silent(peer),
      onOutOfReach: (peer) => this.#outOfReach(peer),
    });
  }

  /** Looks at one peer after another until disposed of. */
  start(): Disposable {
    const { clock, random, options } = this.#parts;
    this.#tickedMs = clock.now();
    const timers = new DisposableStack();
    const repeat = (intervalMs: number, task: () => void) =>
      timers.use(every(clock, random, () => intervalMs, task));
    repeat(options.probeIntervalMs / JUDGEMENTS, () => this.#judge());
    repeat(options.probeIntervalMs, () => this.#tick());
    return timers;
  }

  /** Whether we are in a state to judge others. */
  mayJudge(): boolean {
    const nowMs = this.#parts.clock.now();
    this.#noticePause(nowMs);
    return !this.health.isInDoubt(nowMs);
  }

  /** When something last came from the peer itself. */
  heardMs(peer: PeerId): number | undefined {
    return this.#heardMs.get(peer);
  }

  /** Something has come from the peer itself: it lives, and can be reached. */
  heard(peer: PeerId): void {
    const { membership, clock } = this.#parts;
    const state = membership.get(peer)?.state;
    if (state !== undefined) this.#heardMs.set(peer, clock.now());
    this.#failures.delete(peer);
    this.#urgent.delete(peer);
    this.suspicion.heard(peer);
    membership.setReachable(peer, true);
    this.#prober.heard(peer);
    // It learns that it is taken for dead, and tells everybody better.
    if (state === "dead") this.#prober.probe(peer);
  }

  /** The transport could not reach the peer. */
  unreachable(peer: PeerId): void {
    const { membership } = this.#parts;
    const member = membership.get(peer);
    if (member === undefined) return;
    membership.setReachable(peer, false);
    if (isLiving(member)) this.#prober.unreachable(peer);
  }

  /** @throws GossipError where the accusation that a ping carries is not to be believed. */
  receive(from: PeerId, message: PingMessage): void {
    if (message.kind === "ping" && message.accusation !== undefined) this.accused(from, message.accusation);
    this.#prober.receive(from, message);
  }

  /** What somebody says against a member. @throws GossipError `MALFORMED_MESSAGE`, `BAD_SIGNATURE`. */
  accused(from: PeerId, signed: SignedStatement): void {
    const accused = this.suspicion.receive(from, signed);
    if (accused === undefined) return;
    if (this.#isDrawn(accused)) this.#prober.probe(accused);
    else this.#urgent.add(accused);
  }

  /** A member has said something new. Whether that refutes what was said against it. */
  spoke({ peer, statement }: Member): boolean {
    // What it said may be older than its death.
    if (this.#failures.has(peer)) this.#urgent.add(peer);
    return this.suspicion.refuted(peer, statement);
  }

  /** The peer is not remembered any more. */
  forget(peer: PeerId): void {
    this.suspicion.forget(peer);
    for (const map of [this.#failures, this.#heardMs, this.#urgent]) map.delete(peer);
  }

  #tick(): void {
    this.mayJudge();
    this.#tickedMs = this.#parts.clock.now();
    for (const peer of this.#next()) this.#prober.probe(peer);
  }

  #judge(): void {
    if (this.mayJudge()) this.suspicion.judge(this.#parts.clock.now());
  }

  /** Whichever timer runs first after a pause finds it out. */
  #noticePause(nowMs: number): void {
    const { membership, options } = this.#parts;
    const lateMs = nowMs - this.#tickedMs - options.probeIntervalMs;
    if (lateMs > options.probeIntervalMs) this.health.paused(nowMs, membership.aliveIntervalMs());
  }

  /** Whom to ping now. */
  #next(): readonly PeerId[] {
    const { membership, random } = this.#parts;
    const suspects = membership.living().filter(({ state }) => state === "suspect");
    const reasons = new Set([...this.#urgent, ...suspects.map(({ peer }) => peer)]);
    const urgent = sample([...reasons], URGENT_AT_ONCE, random);
    for (const peer of urgent) this.#urgent.delete(peer);
    const next = this.#nextInTurn();
    const due = next === undefined ? urgent : [...urgent, next];
    return due.filter((peer) => this.#isLiving(peer));
  }

  /**
   * Whether we are one of those that look at an accused peer at once, so that in the time of one ping either enough
   * share what is said or it is refuted, and not all do so.
   */
  #isDrawn(accused: PeerId): boolean {
    const { membership, random } = this.#parts;
    const needed = this.suspicion.needed(accused);
    if (this.suspicion.accusers(accused).length >= needed) return false;
    return random() < (WITNESSES_DRAWN * needed) / membership.living().length;
  }

  /** The next whose turn it is and who has said nothing lately; undefined: all have. */
  #nextInTurn(): PeerId | undefined {
    const { membership, options, clock, random } = this.#parts;
    const sinceMs = clock.now() - options.probeIntervalMs;
    // Suspects are looked at anyway.
    const isDue = (peer: PeerId) =>
      membership.isAlive(peer) && (this.#heardMs.get(peer) ?? -Infinity) <= sinceMs;
    for (let round = 0; round < 2; round++) {
      for (let next = this.#turn.pop(); next !== undefined; next = this.#turn.pop())
        if (isDue(next)) return next;
      const peers = membership.neighbours().map(({ peer }) => peer);
      this.#turn = sample(peers, peers.length, random);
    }
    return undefined;
  }

  #isLiving(peer: PeerId): boolean {
    const member = this.#parts.membership.get(peer);
    return member !== undefined && isLiving(member);
  }

  #silent(peer: PeerId): void {
    if (!this.mayJudge()) return;
    this.#failures.set(peer, (this.#failures.get(peer) ?? 0) + 1);
    this.suspicion.accuse(peer);
  }

  #outOfReach(peer: PeerId): void {
    const failures = (this.#failures.get(peer) ?? 0) + 1;
    this.#failures.set(peer, failures);
    if (failures >= FAILURES_OUT_OF_REACH) this.#parts.membership.setReachable(peer, false);
    else this.#urgent.add(peer);
  }

  #refute(from: PeerId, time: LogicalTime): void {
    const { clock, options, onAccused } = this.#parts;
    // One answer speaks against all that was said before it.
    if (clock.now() - this.#refutedMs < options.probeIntervalMs) return;
    this.#refutedMs = clock.now();
    this.health.erred();
    onAccused(from, time);
  }
}
