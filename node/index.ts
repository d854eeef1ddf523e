/** The library `blockgossip`: a peer in a program of one's own. docs/EMBEDDING.md shows how. */
// oxlint-disable-next-line import/no-unassigned-import -- it adds what Node.js 22 lacks
import "./disposable-stacks.ts";
export { Block, type BlockHash, type BlockNumber } from "../chain/block.ts";
export { ChainError, type ChainErrorCode } from "../chain/errors.ts";
export { transactionData, transactionHeader, type TransactionHeader } from "../chain/transaction.ts";
export { GossipError, type GossipErrorCode } from "../gossip/errors.ts";
export type { BlockOrigin, GossipEvent, MemberState } from "../gossip/events.ts";
export type { GossipOptions } from "../gossip/options.ts";
export type { UserEvent } from "../gossip/user-events/user-event.ts";
export type { BlockPeer, BlocksOptions, SubmitOptions, Submitted } from "./peer/block-peer.ts";
export {
  startEmbeddedPeer as startPeer,
  type ChannelTip,
  type EmbeddedPeer as Peer,
  type EventOf,
  type PeerOptions,
} from "./peer/embedded-peer.ts";
export { NodeError, type NodeErrorCode } from "./errors.ts";
export type { BlockStart } from "./following/follow-blocks.ts";
export type { FollowOptions } from "./following/follow-events.ts";
export { createNetwork, type Network, type NetworkPeer } from "./network/network.ts";
export type { NetworkSpec } from "./network/network-spec.ts";
export { Orderer, type BlockRequest } from "./orderer/orderer.ts";
export type { PeerMember } from "./peer/peer-member.ts";
