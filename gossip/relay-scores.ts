import type { PeerId } from "./ports.ts";

interface Standing {
  readonly failures: number;
  readonly untilMs: number;
}

/** How long a relay that has failed is given nothing to relay at first; doubles with each failure, up to a day. */
const PAUSE_MS = 600_000;
const PAUSE_MS_MAX = 86_400_000;

const PEERS_MAX = 4_096;

/**
 * Which peers have not passed on what they were given to. They still get every block, from other relays; after a
 * long while they are tried again, since each trial costs all the others a delay.
 */
export class RelayScores {
  readonly #standings = new Map<PeerId, Standing>();

  /** Whether the peer may be given something to relay. */
  isTrusted(peer: PeerId, nowMs: number): boolean {
    return (this.#standings.get(peer)?.untilMs ?? 0) <= nowMs;
  }

  /** The peer has not relayed what others were waiting for, or not what it was given. */
  fail(peer: PeerId, nowMs: number): void {
    const failures = (this.#standings.get(peer)?.failures ?? 0) + 1;
    const pauseMs = Math.min(PAUSE_MS * 2 ** Math.min(failures - 1, 20), PAUSE_MS_MAX);
    this.#standings.delete(peer);
    this.#standings.set(peer, { failures, untilMs: nowMs + pauseMs });
    for (const oldest of this.#standings.keys()) {
      if (this.#standings.size <= PEERS_MAX) break;
      this.#standings.delete(oldest);
    }
  }

  /** Those that may be given something, or all where hardly any would be left. */
  trusted(peers: readonly PeerId[], nowMs: number): readonly PeerId[] {
    const good = peers.filter((peer) => this.isTrusted(peer, nowMs));
    return good.length * QUORUM >= peers.length ? good : peers;
  }
}

/** Where more than three in four would be left out, it is rather our own link that fails. */
const QUORUM = 4;
