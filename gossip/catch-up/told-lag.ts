import { BlockRequest } from "./block-request.ts";
import type { HeightLog } from "./height-log.ts";
import type { GossipOptions } from "../options.ts";
import type { PeerView } from "../channel/peer-view.ts";
import type { Clock, PeerId } from "../ports.ts";
import { heightTellingMs } from "../channel/state-info-gossip.ts";

export interface ToldLagParts {
  readonly view: PeerView;
  readonly clock: Clock;
  readonly options: GossipOptions;
  /** Of our own height. */
  readonly log: HeightLog;
}

/**
 * What other peers are believed to lack by the heights that they last told. Those are old: what has come lately may be
 * there by now, and what was pushed a moment ago too.
 */
export class ToldLag {
  readonly #parts: ToldLagParts;
  /** What active peers had told when something was pushed to them, and when that was. */
  readonly #pushed = new Map<PeerId, { readonly height: number; readonly atMs: number }>();

  constructor(parts: ToldLagParts) {
    this.#parts = parts;
  }

  /** What the peer may be sent; undefined: nothing, or so much that it fetches that from several itself. */
  of(peer: PeerId): BlockRequest | undefined {
    const { view, clock, options, log } = this.#parts;
    const height = view.heightOf(peer);
    const tellingMs = this.#tellingMs();
    const end = log.heightAgo(tellingMs);
    if (height === undefined || height >= end) return undefined;
    if (options.stateTransfer && end - height >= options.stateTransferGapBlocks) return undefined;
    const pushed = this.#pushed.get(peer);
    if (pushed?.height === height && clock.now() - pushed.atMs < tellingMs) return undefined;
    return new BlockRequest({ height, early: [] }, end);
  }

  /** The peer is being sent that. */
  pushed(peer: PeerId): void {
    const { view, clock } = this.#parts;
    this.#pushed.set(peer, { height: view.heightOf(peer) ?? 0, atMs: clock.now() });
    for (const each of this.#pushed.keys()) if (!view.isActive(each)) this.#pushed.delete(each);
  }

  /** Who has reached a height has had time to say so to all. */
  #tellingMs(): number {
    const { view, options } = this.#parts;
    return heightTellingMs(options, view.active().length + 1);
  }
}
