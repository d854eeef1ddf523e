import type { GossipEvent } from "../../gossip/events.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { maximum, percentile } from "../../scripts/bench/statistics.ts";
import type { Simulation } from "../../node/testing/simulator/simulation.ts";

interface Delivery {
  readonly sinceMs: number;
  /** When each peer had verified it, counted from then. */
  readonly delaysMs: Map<PeerId, number>;
}

/** When which peer had which block. It takes the simulation's events. */
export class Deliveries {
  readonly #simulation: Simulation;
  /** Told of each event when it is taken in. */
  onEvent: (peer: PeerId, event: GossipEvent, atMs: number) => void = () => undefined;
  readonly #blocks = new Map<number, Delivery>();

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  /** The block is handed in now. */
  expect(number: number): void {
    this.#blocks.set(number, { sinceMs: this.#simulation.elapsedMs, delaysMs: new Map() });
  }

  /** Takes in what has happened, and has the simulation forget it. */
  follow(): void {
    const { events } = this.#simulation;
    for (const { peer, atMs, event } of events) {
      this.onEvent(peer, event, atMs);
      if (event.kind !== "block-verified" || event.origin === "publish") continue;
      const block = this.#blocks.get(event.number);
      if (block !== undefined && !block.delaysMs.has(peer)) block.delaysMs.set(peer, atMs - block.sinceMs);
    }
    events.length = 0;
  }

  /** Numbers of the blocks that were handed in. */
  numbers(): readonly number[] {
    return [...this.#blocks.keys()];
  }

  /** When the last of these peers had the block. */
  lastMs(number: number, peers: ReadonlySet<PeerId>): number {
    return maximum(this.#delays([number], peers));
  }

  /** Within which time 99 of 100 of these blocks and peers had met. */
  t99Ms(numbers: readonly number[], peers: ReadonlySet<PeerId>): number {
    return percentile(this.#delays(numbers, peers), 0.99);
  }

  #delays(numbers: readonly number[], peers: ReadonlySet<PeerId>): number[] {
    return numbers.flatMap((number) =>
      [...(this.#blocks.get(number)?.delaysMs ?? [])].flatMap(([peer, delay]) =>
        peers.has(peer) ? [delay] : [],
      ),
    );
  }
}
