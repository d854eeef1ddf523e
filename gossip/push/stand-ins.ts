import type { PeerId } from "../ports.ts";
import { reachEverybody, type LaneHead } from "./chunk-plan.ts";
import { shortId } from "./relay-grid.ts";

/** A relay that takes over a lane, and the peers that others serve in its place. */
export interface StandIn {
  readonly head: LaneHead;
  readonly served: readonly number[];
}

/**
 * Who relays lanes of a cut in place of peers that are lost. Each relay has its own lane to pass on before: a lane is
 * shared out, each of several relays serving a part of the peers, and the more the fewer lanes were taken over before.
 */
export class StandIns {
  readonly #heads: () => readonly LaneHead[];
  readonly #lost = new Set<PeerId>();
  /** Whose turn it is yet. */
  #turn: LaneHead[] = [];
  readonly #relays = new Map<number, readonly PeerId[]>();

  /** @param heads those that could relay, in random order. */
  constructor(heads: () => readonly LaneHead[]) {
    this.#heads = heads;
  }

  /** The lanes, or parts of lanes, that a peer has taken over. */
  lanesOf(peer: PeerId): readonly number[] {
    return [...this.#relays].flatMap(([lane, relays]) => (relays.includes(peer) ? [lane] : []));
  }

  /** These relay nothing of this cut any more. */
  lost(peers: readonly PeerId[]): void {
    for (const peer of peers) this.#lost.add(peer);
  }

  /** The relays for one lane of so many; none where all are lost. @param peers to be reached. */
  take(lane: number, peers: readonly PeerId[], laneCount: number): readonly StandIn[] {
    const [first] = this.#next(1);
    if (first === undefined) return [];
    // In a grid each head reaches everybody by others, and cannot serve a part.
    const count = reachEverybody([first]) ? Math.floor(Math.sqrt(peers.length) / laneCount) : 1;
    const heads = [first, ...this.#next(count - 1)];
    this.#relays.set(
      lane,
      heads.map(({ peer }) => peer),
    );
    return heads.map((head, part) => ({
      head,
      served:
        heads.length === 1 ? [] : peers.filter((_, index) => index % heads.length !== part).map(shortId),
    }));
  }

  #next(count: number): LaneHead[] {
    const next: LaneHead[] = [];
    while (next.length < count) {
      const head = this.#turn.pop() ?? this.#refilled();
      if (head === undefined) break;
      if (!this.#lost.has(head.peer)) next.push(head);
    }
    return next;
  }

  /** Another round of all; undefined where all are lost. */
  #refilled(): LaneHead | undefined {
    this.#turn = this.#heads().filter(({ peer }) => !this.#lost.has(peer));
    return this.#turn.pop();
  }
}
