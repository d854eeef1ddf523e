import type { PeerView } from "../channel/peer-view.ts";
import type { GossipOptions } from "../options.ts";
import type { Keyring, PeerId, Random } from "../ports.ts";
import { sample } from "../random.ts";
import { laneHeads, type LaneHead } from "./chunk-plan.ts";

export interface RelayChoiceParts {
  readonly view: Pick<PeerView, "active" | "grid" | "incarnationOf" | "scores">;
  readonly keyring: Keyring;
  readonly random: Random;
  readonly options: GossipOptions;
}

/** Where fewer than one in four have links, it is the network that is new. */
const QUORUM = 4;

/**
 * Which peers a source lets relay: those that have not failed at it, and that were sent a block in chunks before. Whoever
 * was has links to the others from it; a newcomer would have to make them first, which takes several times as long as
 * to relay.
 */
export class RelayChoice {
  readonly #parts: RelayChoiceParts;
  /** The lives of peers to which a block has gone. */
  #linked = new Map<PeerId, number | undefined>();

  constructor(parts: RelayChoiceParts) {
    this.#parts = parts;
  }

  /** In random order. */
  heads(): readonly LaneHead[] {
    const { keyring, view, options, random } = this.#parts;
    const heads = laneHeads(keyring.self, view, options.neighboursMax);
    const trusted = new Set(
      view.scores.trusted(
        heads.map(({ peer }) => peer),
        "relay",
      ),
    );
    const good = heads.filter(({ peer }) => trusted.has(peer));
    const linked = good.filter(({ peer }) => this.#isLinked(peer));
    const chosen = linked.length * QUORUM >= good.length ? linked : good;
    return sample(chosen, chosen.length, random);
  }

  /** A block in chunks goes to all who are here. */
  sent(): void {
    const { view } = this.#parts;
    this.#linked = new Map(view.active().map((peer) => [peer, view.incarnationOf(peer)]));
  }

  #isLinked(peer: PeerId): boolean {
    return this.#linked.has(peer) && this.#linked.get(peer) === this.#parts.view.incarnationOf(peer);
  }
}
