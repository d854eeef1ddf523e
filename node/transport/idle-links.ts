import type { PeerId } from "../../gossip/ports.ts";
import type { PeerLink } from "./peer-link.ts";
import type { TransportContext } from "./transport-context.ts";

/** A link on which nothing was said by either side for so long may go. */
const IDLE_MS = 60_000;

/** How often it is looked while there are more links than there should be. */
const CHECK_MS = 15_000;

export interface IdleLinksParts {
  readonly context: TransportContext;
  readonly links: ReadonlyMap<PeerId, PeerLink>;
  /** When something was last heard of the peer, by the clock; 0 where nothing was. */
  readonly heardMs: (peer: PeerId) => number;
  /** Closes the link and the connection. */
  readonly drop: (peer: PeerId) => void;
}

/** Keeps the open links at about `connectionsTarget`, by letting those go that were used least recently. */
export class IdleLinks implements Disposable {
  readonly #parts: IdleLinksParts;
  #check: Disposable | undefined;

  constructor(parts: IdleLinksParts) {
    this.#parts = parts;
  }

  /** There may be one link more. */
  noticed(): void {
    if (this.#check !== undefined || this.#parts.links.size <= this.#targetCount) return;
    this.#check = this.#parts.context.options.clock.schedule(CHECK_MS, () => this.#dropIdle());
  }

  /** Lets none go any more. */
  [Symbol.dispose](): void {
    this.#check?.[Symbol.dispose]();
  }

  get #targetCount(): number {
    return this.#parts.context.options.connectionsTarget;
  }

  #dropIdle(): void {
    this.#check = undefined;
    const { context, links, drop, heardMs } = this.#parts;
    const idleSinceMs = context.options.clock.now() - IDLE_MS;
    const open = [...links.values()].filter((link) => link.isOpen);
    const idle = open
      .filter((link) => !link.isWriting)
      .map(({ peer, saidMs }) => ({ peer, usedMs: Math.max(saidMs, heardMs(peer)) }))
      .filter(({ usedMs }) => usedMs <= idleSinceMs)
      .sort((a, b) => a.usedMs - b.usedMs);
    for (const { peer } of idle.slice(0, Math.max(0, open.length - this.#targetCount))) drop(peer);
    this.noticed();
  }
}
