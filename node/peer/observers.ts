import type { GossipEvent, Observer } from "../../gossip/events.ts";

/** All who want to know what happens in the protocol, each for as long as it likes. */
export class Observers {
  readonly #observers = new Set<Observer>();

  /** Tells the event to all, in the order in which they were added. */
  readonly observe: Observer = (event: GossipEvent) => {
    for (const observer of this.#observers) observer(event);
  };

  /** Adds one, until what is returned is disposed of. */
  add(observer: Observer): Disposable {
    this.#observers.add(observer);
    return { [Symbol.dispose]: () => void this.#observers.delete(observer) };
  }
}
