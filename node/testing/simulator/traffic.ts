import type { PeerId } from "../../../gossip/ports.ts";

/** What a peer has sent, in bytes, and in messages and bytes by kind. */
export interface Traffic {
  bytes: number;
  readonly messages: Record<string, number>;
  readonly bytesByKind: Record<string, number>;
  /** Bytes that others have sent to it. */
  addressedBytes: number;
}

/** Counts what all peers send, through all their lives. */
export class TrafficMeter {
  readonly #traffic = new Map<PeerId, Traffic>();

  of(peer: PeerId): Traffic {
    let traffic = this.#traffic.get(peer);
    if (traffic === undefined) {
      traffic = { bytes: 0, messages: {}, bytesByKind: {}, addressedBytes: 0 };
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

  /** Bytes that have been sent to these peers. */
  addressedBytes(peers: readonly PeerId[]): number {
    return peers.reduce((sum, peer) => sum + this.of(peer).addressedBytes, 0);
  }

  /** Messages and bytes that all peers have sent, by kind. */
  byKind(): ReadonlyMap<string, { readonly messages: number; readonly bytes: number }> {
    const sums = new Map<string, { messages: number; bytes: number }>();
    for (const { messages, bytesByKind } of this.#traffic.values()) {
      for (const [kind, count] of Object.entries(messages)) {
        const sum = sums.get(kind) ?? { messages: 0, bytes: 0 };
        sums.set(kind, { messages: sum.messages + count, bytes: sum.bytes + (bytesByKind[kind] ?? 0) });
      }
    }
    return sums;
  }
}

/** Counts one message. */
export function countMessage(from: Traffic, to: Traffic, kind: string, bytes: number): void {
  from.bytes += bytes;
  to.addressedBytes += bytes;
  from.messages[kind] = (from.messages[kind] ?? 0) + 1;
  from.bytesByKind[kind] = (from.bytesByKind[kind] ?? 0) + bytes;
}
