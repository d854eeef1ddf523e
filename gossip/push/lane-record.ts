import { RELAY_BROKEN_MIN, type PeerScores } from "../channel/peer-scores.ts";
import type { PeerId } from "../ports.ts";
import type { LaneHead } from "./chunk-plan.ts";

/** So many, and so large a share of all peers must lack something, and of those lack what a relay was given, to blame it. */
const ASKING_MIN = 2;
const ASKING_SHARE = 0.25;
const BLAME_SHARE = 0.75;

/** So large a share is enough to leave a relay out of what makes up for this very cut. */
const SEEMING_SHARE = 0.1;

/** Which relays of a cut have passed on what they were given, by what others say that they lack. */
export class LaneRecord {
  /** Whom each lane was given to. */
  readonly #heads: PeerId[];
  readonly #rounds: number;
  /** What each peer lacked when it first asked, round by round. */
  readonly #lacked = new Map<PeerId, readonly (readonly number[])[]>();
  readonly #blamed = new Set<number>();

  /** @param rounds chunks of a lane. */
  constructor(heads: readonly LaneHead[], rounds: number) {
    this.#heads = heads.map(({ peer }) => peer);
    this.#rounds = rounds;
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

  /** A peer lacks these lanes of each round; what it lacked when it first asked counts. */
  lacks(peer: PeerId, missing: readonly (readonly number[])[]): void {
    if (!this.#lacked.has(peer)) this.#lacked.set(peer, missing);
  }

  /**
   * How many lanes each of those lacked who have asked, in the round that it lacked most of, other than those of silent
   * relays: least first.
   */
  scattered(peerCount: number): readonly number[] {
    const silent = new Set(this.silent(peerCount, SEEMING_SHARE).map(({ lane }) => lane));
    const most = (rounds: readonly (readonly number[])[]) =>
      Math.max(...rounds.map((lanes) => lanes.filter((lane) => !silent.has(lane)).length));
    return [...this.#lacked.values()].map(most).sort((a, b) => a - b);
  }

  /** Relays that seem silent to the first who have asked: too few to blame anybody, and enough to turn to others. */
  seemsSilent(peerCount: number): ReadonlySet<PeerId> {
    return new Set(this.silent(peerCount, SEEMING_SHARE).map(({ peer }) => peer));
  }

  /** Relays whose lanes nearly all of those lack from the start who lack anything: they have passed nothing on. */
  silent(
    peerCount: number,
    askingShare = ASKING_SHARE,
  ): readonly { readonly lane: number; readonly peer: PeerId }[] {
    if (this.askers < Math.max(ASKING_MIN, askingShare * peerCount)) return [];
    return this.#heads
      .map((peer, lane) => ({ lane, peer }))
      .filter(({ lane }) => this.#lacking(lane) >= BLAME_SHARE * this.askers);
  }

  /** A chunk may be lost on its way to the relay; that all of several are is not likely. */
  blame(scores: PeerScores, peerCount: number): void {
    for (const { lane, peer } of this.silent(peerCount)) {
      if (this.#blamed.has(lane)) continue;
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

  /** How many lacked the first chunk of the lane when they first asked. */
  #lacking(lane: number): number {
    return [...this.#lacked.values()].filter(([first]) => first?.includes(lane) === true).length;
  }
}
