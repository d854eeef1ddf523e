import { RELAY_BROKEN_MIN, type PeerScores } from "../channel/peer-scores.ts";
import type { PeerId } from "../ports.ts";
import type { LaneHead } from "./chunk-plan.ts";

/** So many, and so large a share of all peers must lack something, and of those lack what a relay was given, to blame it. */
const ASKING_MIN = 2;
const ASKING_SHARE = 0.25;
const BLAME_SHARE = 0.75;

/** A relay may have come through to more than three in four only because the source has served some in its place. */
const DOUBT_SHARE = 0.25;

/** Which relays of a cut have passed on what they were given, by what others say that they lack. */
export class LaneRecord {
  /** Whom each lane was given to. */
  readonly #heads: PeerId[];
  readonly #rounds: number;
  /** For each lane, whom the source has served itself in the last round. */
  readonly #own: readonly (readonly PeerId[])[];
  /** What each peer lacked when it first asked, round by round. */
  readonly #lacked = new Map<PeerId, readonly (readonly number[])[]>();
  readonly #blamed = new Set<number>();

  /**
   * @param rounds chunks of a lane.
   * @param own for each lane, whom the source serves itself in the last round.
   */
  constructor(heads: readonly LaneHead[], rounds: number, own: readonly (readonly PeerId[])[] = []) {
    this.#heads = heads.map(({ peer }) => peer);
    this.#rounds = rounds;
    this.#own = own;
  }

  /** Whom the lanes were given to. */
  relays(): readonly PeerId[] {
    return this.#heads;
  }

  /** The lanes that a relay was given. */
  lanesOf(relay: PeerId): readonly number[] {
    return this.#heads.flatMap((peer, lane) => (peer === relay ? [lane] : []));
  }

  /** A lane was given to another relay in place of the one before. */
  give(lane: number, relay: PeerId): void {
    this.#heads[lane] = relay;
  }

  /** How many have asked for anything. */
  get askers(): number {
    return this.#lacked.size;
  }

  /** Whether the peer has asked for anything. */
  hasAsked(peer: PeerId): boolean {
    return this.#lacked.has(peer);
  }

  /** A peer lacks these lanes of each round; what it lacked when it first asked counts. */
  lacks(peer: PeerId, missing: readonly (readonly number[])[]): void {
    if (!this.#lacked.has(peer)) this.#lacked.set(peer, missing);
  }

  /**
   * How many lanes each of those lacked who have asked, in the round that it lacked most of, other than those that most of
   * them lack: least first.
   */
  scattered(): readonly number[] {
    const common = new Set([...this.#heads.keys()].filter((lane) => this.#isLackedByMost(lane)));
    const most = (rounds: readonly (readonly number[])[]) =>
      Math.max(...rounds.map((lanes) => lanes.filter((lane) => !common.has(lane)).length));
    return [...this.#lacked.values()].map(most).sort((a, b) => a - b);
  }

  /**
   * Relays whose lanes many of those lack from the start who lack anything. That is reason enough to help the askers by
   * others, and not to blame a relay.
   */
  doubtful(): ReadonlySet<PeerId> {
    return new Set(this.#heads.filter((_, lane) => this.#lacking(lane) > DOUBT_SHARE * this.askers));
  }

  /**
   * A chunk may be lost on its way to the relay; that all of several are is not likely.
   *
   * @param peerCount of how many peers a quarter must lack something.
   */
  blame(scores: PeerScores, peerCount: number): void {
    if (this.askers < Math.max(ASKING_MIN, ASKING_SHARE * peerCount)) return;
    for (const [lane, peer] of this.#heads.entries()) {
      if (this.#blamed.has(lane) || !this.#isLackedByMost(lane)) continue;
      this.#blamed.add(lane);
      const isCertain = this.#isLackedWhole(lane) || !scores.isProvenRelay(peer);
      scores.broken(peer, "relay", isCertain ? RELAY_BROKEN_MIN : 1);
    }
  }

  /** A relay whose lane most of those have who lack anything, or that nobody has asked for, has passed it on. */
  praise(scores: PeerScores): void {
    for (const [lane, peer] of this.#heads.entries())
      if (2 * this.#lacking(lane) <= this.askers) scores.kept(peer, "relay");
  }

  /** Whether nothing of a lane has come to most of those who have asked, though it has more than one chunk. */
  #isLackedWhole(lane: number): boolean {
    const none = [...this.#lacked.values()].filter((rounds) => rounds.every((lanes) => lanes.includes(lane)));
    return this.#rounds > 1 && none.length >= BLAME_SHARE * this.askers;
  }

  #isLackedByMost(lane: number): boolean {
    return this.#lacking(lane) >= BLAME_SHARE * this.#relying(lane);
  }

  /** How many of those who have asked were to get the first chunk of the lane by its relay. */
  #relying(lane: number): number {
    const own = this.#rounds === 1 ? (this.#own[lane] ?? []) : [];
    return this.askers - own.filter((peer) => this.#lacked.has(peer)).length;
  }

  /** How many lacked the first chunk of the lane when they first asked. */
  #lacking(lane: number): number {
    return [...this.#lacked.values()].filter(([first]) => first?.includes(lane) === true).length;
  }
}
