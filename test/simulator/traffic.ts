import type { PeerId } from "../../gossip/ports.ts";

/** What a peer has sent, in bytes and in messages by kind. */
export interface Traffic {
  bytes: number;
  readonly messages: Record<string, number>;
}

/** Counts what all peers send, through all their lives. */
export class TrafficMeter {
  readonly #traffic = new Map<PeerId, Traffic>();

  of(peer: PeerId): Traffic {
    let traffic = this.#traffic.get(peer);
    if (traffic === undefined) {
      traffic = { bytes: 0, messages: {} };
      this.#traffic.set(peer, traffic);
    }
    return traffic;
  }

  /** Messages of a kind that all peers have sent. */
  count(kind: string): number {
    return [...this.#traffic.values()].reduce((sum, traffic) => sum + (traffic.messages[kind] ?? 0), 0);
  }

  /** Bytes that all peers have sent. */
  bytes(): number {
    return [...this.#traffic.values()].reduce((sum, traffic) => sum + traffic.bytes, 0);
  }
}
