import type { Clock, PeerId } from "../ports.ts";

/** So large a part of all peers must have had a lane, or one that gives nothing may have had nothing to give. */
const HEADS_SHARE = 0.9;

/** Fewer that give than this tell of a cutter that fails. */
const GIVERS_MIN = 3;

/** As long as a source gives a relay nothing that has failed: until then it cannot show that it relays. */
const TAKER_MS = 600_000;

/**
 * Peers that take blocks and pass nothing on to us, though all had a part to pass on, and most do not. They are served
 * after the others: the few that relay would have to wait behind all the copies that go nowhere. Who gives is served
 * first, as in BitTorrent; one that gives anything is one of the others again.
 */
export class TakerWatch {
  readonly #clock: Clock;
  readonly #untilMs = new Map<PeerId, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether the peer is served after the others. */
  has(peer: PeerId): boolean {
    return (this.#untilMs.get(peer) ?? 0) > this.#clock.now();
  }

  /** The peer has passed something on. */
  gave(peer: PeerId): void {
    this.#untilMs.delete(peer);
  }

  /** A good block has come, and nothing of it from these. Those that are no peers any more are forgotten. */
  note(takers: ReadonlySet<PeerId>, peers: readonly PeerId[]): void {
    const known = new Set(peers);
    for (const peer of this.#untilMs.keys()) if (!known.has(peer)) this.#untilMs.delete(peer);
    for (const peer of takers) this.#untilMs.set(peer, this.#clock.now() + TAKER_MS);
  }
}

/**
 * Those of the peers that have passed nothing on of a block; none where not nearly each had a lane, or where most give.
 *
 * @param lanes of the block, each given to another peer.
 * @param givers who have passed anything on, the cutter among them.
 */
export function takersOf(peers: readonly PeerId[], lanes: number, givers: ReadonlySet<PeerId>): Set<PeerId> {
  const isTold = lanes >= HEADS_SHARE * peers.length && givers.size > GIVERS_MIN && 2 * givers.size < lanes;
  return new Set(isTold ? peers.filter((peer) => !givers.has(peer)) : []);
}
