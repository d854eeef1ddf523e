import type { BlockGossip } from "../../gossip/channel/block-gossip.ts";
import type { GossipPeer } from "../../gossip/gossip-peer.ts";
import type { PeerId } from "../../gossip/ports.ts";
import type { TransportStats } from "../transport/transport-stats.ts";
import type { ChannelFolder } from "../channel/channel-folder.ts";
import type { PeerConfig } from "../config/config.ts";
import type { Loggers } from "../logs/loggers.ts";
import type { Observers } from "./observers.ts";

/** A joined channel. */
export interface PeerChannel extends ChannelFolder {
  readonly gossip: BlockGossip;
  /** Why the channel has stopped; undefined while it works. */
  readonly failure: Error | undefined;
}

/** What a running peer is and knows, for those who show it. */
export interface PeerState {
  readonly id: PeerId;
  readonly name: string;
  /** The organisation that the peer itself belongs to. */
  readonly organisation: string | undefined;
  readonly config: PeerConfig;
  /** Where its settings came from, as `explainConfig` says it. */
  readonly origins: ReadonlyMap<string, string>;
  /** Asks whoever runs the peer to stop it. */
  readonly leave: () => void;
  /** Where it listens, with the peer id. */
  readonly multiaddrs: readonly string[];
  /** Where it tells others to reach it, without the peer id. */
  readonly announced: readonly string[];
  readonly startedMs: number;
  /** When its certificate ends, in milliseconds since 1970; undefined where it has none. */
  readonly certificateExpiresMs: () => number | undefined;
  /** The protocol: whom the peer knows, and the small messages from any member to all. */
  readonly gossip: GossipPeer;
  /** What the network has carried, dropped and refused. */
  readonly stats: TransportStats;
  /** Where the log goes, and which level each part of it has. */
  readonly loggers: Loggers;
  /** What people call a peer: the name that it gives itself, else the end of its id. */
  readonly nameOf: (peer: PeerId) => string;
  /** How many connections to other peers are open, theirs and ours. */
  readonly connections: () => number;
  /** Who is told of what happens in the protocol. */
  readonly observers: Observers;
  readonly channels: readonly PeerChannel[];
}
