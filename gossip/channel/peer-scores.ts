import type { GossipOptions } from "../options.ts";
import type { Clock, PeerId } from "../ports.ts";

/**
 * What a peer can be relied on for, or not. relay: it passes on what it is given to. source: it has the blocks that it
 * claims to hold. digest: it answers when it is asked what it holds.
 */
export type Duty = (typeof DUTIES)[number];

const DUTIES = ["relay", "source", "digest"] as const;

interface Standing {
  /** Broken promises less kept ones; nobody is left alone below the duty's `brokenMin`. */
  readonly broken: number;
  /** How often it was left alone, since it last kept a promise. */
  readonly pauses: number;
  readonly untilMs: number;
}

interface Rule {
  readonly brokenMin: number;
  readonly pauseMs: number;
  readonly pauseMsMax: number;
  /** How many times as long each pause is as the one before. */
  readonly growth: number;
}

/** Who claims to hold what it does not send is found out by three fetches: the pauses between them must grow fast. */
const SOURCE_GROWTH = 4;

/** A relay that fails costs all the others a delay: it is tried again after a long while only. */
const RELAY_PAUSE_MS = 600_000;
const RELAY_PAUSE_MS_MAX = 86_400_000;

const STANDINGS_MAX = 4_096;

/** Where more than three in four would be left out, it is rather our own link that fails. */
const QUORUM = 4;

/** Not where so large a part has proved that it relays: they do better alone than with all who do not. */
const PROVEN_QUORUM = 10;

/**
 * Promises that peers of a channel have kept and broken, by what they were for. Who breaks them is relieved of that duty
 * for a while, longer each time, and tried again then; it still gets every block, and its other duties stay.
 */
export class PeerScores {
  readonly #clock: Clock;
  readonly #rules: Readonly<Record<Duty, Rule>>;
  /** By duty; the latest that broke a promise last. */
  readonly #standings: Readonly<Record<Duty, Map<PeerId, Standing>>> = {
    relay: new Map(),
    source: new Map(),
    digest: new Map(),
  };

  /** Those that have relayed, and have not been relieved of it since. */
  readonly #proven = new Set<PeerId>();

  constructor(clock: Clock, { penaltyMs, penaltyMsMax }: Pick<GossipOptions, "penaltyMs" | "penaltyMsMax">) {
    const short = { brokenMin: 1, pauseMs: penaltyMs, pauseMsMax: penaltyMsMax, growth: SOURCE_GROWTH };
    const long = {
      brokenMin: RELAY_BROKEN_MIN,
      pauseMs: RELAY_PAUSE_MS,
      pauseMsMax: RELAY_PAUSE_MS_MAX,
      growth: 2,
    };
    this.#clock = clock;
    this.#rules = { relay: long, source: short, digest: short };
  }

  /** The peer has kept a promise. A pause that has begun goes on. */
  kept(peer: PeerId, duty: Duty): void {
    if (duty === "relay" && this.isTrusted(peer, duty)) this.#proven.add(peer);
    const standings = this.#standings[duty];
    const standing = standings.get(peer);
    if (standing === undefined) return;
    const { untilMs } = standing;
    const broken = Math.max(0, standing.broken - 1);
    // What brings blocks is never too late; a relay that is being left alone has kept nothing of late.
    const isPaused = duty === "relay" && untilMs > this.#clock.now();
    if (!isPaused && (duty !== "relay" || broken === 0)) standings.delete(peer);
    else if (!isPaused) standings.set(peer, { broken, pauses: Math.max(0, standing.pauses - 1), untilMs });
  }

  /** The peer has broken a promise. @param weight how many it counts for: some are certain, some may be the weather. */
  broken(peer: PeerId, duty: Duty, weight = 1): void {
    const { brokenMin, pauseMs, pauseMsMax, growth } = this.#rules[duty];
    const standings = this.#standings[duty];
    const before = standings.get(peer) ?? { broken: 0, pauses: 0, untilMs: 0 };
    const broken = before.broken + weight;
    const isEnough = broken >= brokenMin;
    if (isEnough && duty === "relay") this.#proven.delete(peer);
    const untilMs = this.#clock.now() + Math.min(pauseMs * growth ** Math.min(before.pauses, 20), pauseMsMax);
    standings.delete(peer);
    standings.set(peer, {
      broken: isEnough ? brokenMin - 1 : broken,
      pauses: before.pauses + (isEnough ? 1 : 0),
      untilMs: isEnough ? untilMs : before.untilMs,
    });
    for (const oldest of standings.keys()) {
      if (standings.size <= STANDINGS_MAX) break;
      standings.delete(oldest);
    }
  }

  /** The peer has enough to do: it is left alone for a moment, which counts as nothing broken. */
  rest(peer: PeerId, duty: Duty, pauseMs: number): void {
    const before = this.#standings[duty].get(peer) ?? { broken: 0, pauses: 0, untilMs: 0 };
    const untilMs = Math.max(before.untilMs, this.#clock.now() + pauseMs);
    this.#standings[duty].set(peer, { ...before, untilMs });
  }

  /** Whether the peer has relayed, and not been relieved of it since: what it fails at may be the weather. */
  isProvenRelay(peer: PeerId): boolean {
    return this.#proven.has(peer);
  }

  /** Whether the peer has broken a promise since it last kept one. */
  hasBroken(peer: PeerId, duty: Duty): boolean {
    return (this.#standings[duty].get(peer)?.pauses ?? 0) > 0;
  }

  /** Whether the peer may be relied on. */
  isTrusted(peer: PeerId, duty: Duty): boolean {
    return this.demotedUntilMs(peer, duty) === undefined;
  }

  /** Those that may be relied on, or all where hardly any would be left. */
  trusted(peers: readonly PeerId[], duty: Duty): readonly PeerId[] {
    const good = peers.filter((peer) => this.isTrusted(peer, duty));
    if (good.length * QUORUM >= peers.length) return good;
    const proven = duty === "relay" ? good.filter((peer) => this.isProvenRelay(peer)) : [];
    return proven.length > 0 && proven.length * PROVEN_QUORUM >= peers.length ? good : peers;
  }

  /** Until when the peer is relieved of a duty; undefined: it is not. */
  demotedUntilMs(peer: PeerId, duty: Duty): number | undefined {
    const untilMs = this.#standings[duty].get(peer)?.untilMs ?? 0;
    return untilMs > this.#clock.now() ? untilMs : undefined;
  }

  /** The duties that the peer is relieved of, and until when, in milliseconds since 1970. */
  demotions(peer: PeerId): Readonly<Partial<Record<Duty, number>>> {
    const demotions: Partial<Record<Duty, number>> = {};
    for (const duty of DUTIES) {
      const untilMs = this.demotedUntilMs(peer, duty);
      if (untilMs !== undefined) demotions[duty] = untilMs;
    }
    return demotions;
  }

  /** The peer is not remembered any more. */
  keepOnly(isKnown: (peer: PeerId) => boolean): void {
    for (const peers of [this.#proven, ...DUTIES.map((duty) => this.#standings[duty])])
      for (const peer of peers.keys()) if (!isKnown(peer)) peers.delete(peer);
  }
}

/** Of a relay one broken promise may be a message that was lost. */
export const RELAY_BROKEN_MIN = 2;
