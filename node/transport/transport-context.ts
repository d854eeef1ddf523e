import type { Connection, Libp2p } from "@libp2p/interface";
import { ChainError } from "../../chain/errors.ts";
import { GossipError } from "../../gossip/errors.ts";
import type { Inbox, PeerId } from "../../gossip/ports.ts";
import type { TransportEvent } from "./transport-events.ts";
import type { TransportOptions } from "./transport-options.ts";
import type { TransportCounters } from "./transport-stats.ts";

/** What all parts of a transport have in common. */
export interface TransportContext {
  readonly node: Libp2p;
  readonly inbox: Inbox;
  readonly options: TransportOptions;
  readonly counters: TransportCounters;
  readonly onEvent: (event: TransportEvent) => void;
}

/** Who is at the other end of a connection, as it has proven. */
export function peerOf(connection: Connection): PeerId {
  return connection.remotePeer.toString() as PeerId;
}

/**
 * Tells of an error that the inbox threw, or that the bytes of a peer led to: counts a refusal, reports anything else,
 * which is a bug of ours and must hurt nobody.
 */
export function reportRefusal({ counters, onEvent }: TransportContext, peer: PeerId, error: unknown): void {
  if (error instanceof GossipError || error instanceof ChainError) {
    counters.refused(error.code);
    onEvent({ kind: "refused", peer, code: error.code, message: error.message });
  } else {
    onEvent({ kind: "crashed", peer, error });
  }
}
