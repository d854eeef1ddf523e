import type { PeerView } from "../channel/peer-view.ts";
import type { GossipOptions } from "../options.ts";
import type { Clock, Keyring, PeerId, Random } from "../ports.ts";
import { sample } from "../random.ts";
import { laneHeads, type LaneHead } from "./chunk-plan.ts";

export interface RelayChoiceParts {
  readonly view: Pick<PeerView, "active" | "grid" | "incarnationOf" | "scores">;
  readonly keyring: Keyring;
  readonly clock: Clock;
  readonly random: Random;
  readonly options: GossipOptions;
}

/** One life of a peer, and since when blocks have gone to it. */
interface Life {
  readonly incarnation: number | undefined;
  readonly sinceMs: number;
}

/** Where fewer than one in four are no newcomers, it is the network that is new. */
const QUORUM = 4;

/**
 * Which peers a source lets relay: those that have not failed at it, and that were sent a block in chunks a round of the
 * membership ago. Whoever was has links to the others from it, and is known to all; from a newcomer some take nothing yet,
 * and it would have to make its links first, which takes several times as long as to relay.
 */
export class RelayChoice {
  readonly #parts: RelayChoiceParts;
  #lives = new Map<PeerId, Life>();

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
    const settled = good.filter(({ peer }) => this.#isSettled(peer));
    const chosen = settled.length * QUORUM >= good.length ? settled : good;
    return sample(chosen, chosen.length, random);
  }

  /** A block in chunks goes to all who are here. */
  sent(): void {
    const { view, clock } = this.#parts;
    const lives = view.active().map((peer): [PeerId, Life] => {
      const incarnation = view.incarnationOf(peer);
      const known = this.#lives.get(peer);
      return [
        peer,
        known !== undefined && known.incarnation === incarnation
          ? known
          : { incarnation, sinceMs: clock.now() },
      ];
    });
    this.#lives = new Map(lives);
  }

  #isSettled(peer: PeerId): boolean {
    const { view, clock, options } = this.#parts;
    const life = this.#lives.get(peer);
    return (
      life !== undefined &&
      life.incarnation === view.incarnationOf(peer) &&
      clock.now() - life.sinceMs >= options.roundIntervalMs
    );
  }
}
