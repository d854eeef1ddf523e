import type { MemberState } from "../../gossip/events.ts";
import type { PeerId } from "../../gossip/ports.ts";
import type { SimulatedPeer } from "../../node/testing/simulator/simulated-peer.ts";
import type { Rig } from "./rig.ts";

interface Verdict {
  readonly by: PeerId;
  readonly of: PeerId;
  readonly state: MemberState;
  readonly atMs: number;
}

/** What peers of a rig have taken each other for, and since when, from when it was made. It takes the rig's events. */
export class Verdicts {
  readonly #rig: Rig;
  readonly #verdicts: Verdict[] = [];

  constructor(rig: Rig) {
    this.#rig = rig;
    const { deliveries } = rig;
    deliveries.follow();
    const { onEvent } = deliveries;
    deliveries.onEvent = (by, event, atMs) => {
      onEvent(by, event, atMs);
      if (event.kind === "member") this.#verdicts.push({ by, of: event.peer, state: event.state, atMs });
    };
  }

  /** How often somebody was taken for this, by one of those that count. */
  count(state: MemberState, isCounted: (by: PeerId, of: PeerId) => boolean = () => true): number {
    return this.#verdicts.filter((each) => each.state === state && isCounted(each.by, each.of)).length;
  }

  /** Forgets all so far. */
  clear(): void {
    this.#rig.deliveries.follow();
    this.#verdicts.length = 0;
  }

  /** How long after that time each observer first took each victim for dead; Infinity where one never did. */
  deathsMs(
    victims: readonly SimulatedPeer[],
    observers: readonly SimulatedPeer[],
    sinceMs: number,
  ): readonly number[] {
    const first = new Map<string, number>();
    for (const { by, of, state, atMs } of this.#verdicts) {
      const key = `${by} ${of}`;
      if (state === "dead" && atMs >= sinceMs && !first.has(key)) first.set(key, atMs - sinceMs);
    }
    return victims.flatMap((of) =>
      observers.map((by) => first.get(`${by.id} ${of.id}`) ?? Number.POSITIVE_INFINITY),
    );
  }
}
