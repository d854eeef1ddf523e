import type { BlockHash } from "../chain/block.ts";
import type { LaneProof } from "./chunk-tree.ts";
import type { ChannelId, PeerId } from "./ports.ts";
import type { Spread } from "./spread.ts";

/** Names a cut: the first 16 bytes of the SHA-256 of its statement, in hexadecimal. */
export type CutId = string & { readonly __brand: "CutId" };

/** A statement as its author signed it: the payload names the author. */
export interface SignedStatement {
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
}

/** Names an identity: the first 16 bytes of its SHA-256, in hexadecimal; empty for a peer that shows none. */
export type IdentityId = string & { readonly __brand: "IdentityId" };

/** A member as it is passed on: its alive statement, and within its organisation where it is reached there. */
export interface MemberEntry {
  readonly alive: SignedStatement;
  readonly internal: SignedStatement | undefined;
}

/** What a peer shows to be admitted. */
export interface PeerIdentity {
  readonly peer: PeerId;
  readonly identity: Uint8Array;
}

/** Block numbers from `first` to `end`, `end` not included. */
export interface BlockRange {
  readonly first: number;
  readonly end: number;
}

/**
 * What a peer says that it need not be sent: all blocks below `height` are in its ledger; those above it that are
 * named are verified there, or on their way.
 */
export interface Digest {
  readonly height: number;
  /** Of the block below the height. */
  readonly tipHash: BlockHash;
  readonly early: readonly number[];
}

/** What is sent on the gossip stream, one way; see `docs/PROTOCOL.md` for the meaning of each. */
export type Message =
  | { readonly kind: "alive"; readonly members: readonly MemberEntry[] }
  | { readonly kind: "membership-request"; readonly self: MemberEntry; readonly viewHash: Uint8Array }
  | { readonly kind: "membership-response"; readonly members: readonly MemberEntry[] }
  | { readonly kind: "identity-want"; readonly ids: readonly IdentityId[] }
  | { readonly kind: "identities"; readonly identities: readonly PeerIdentity[] }
  | {
      readonly kind: "state-info";
      readonly channel: ChannelId;
      readonly statements: readonly SignedStatement[];
    }
  | {
      readonly kind: "block";
      readonly channel: ChannelId;
      /** To whom the receiver is to pass it on. */
      readonly spread: Spread;
      readonly block: Uint8Array;
    }
  | CutNotice
  | ChunkMessage
  | {
      readonly kind: "chunk-want";
      readonly channel: ChannelId;
      readonly cut: CutId;
      /** A bit for each chunk of data that the sender has, round by round, lane by lane; lowest bits first. */
      readonly present: Uint8Array;
    }
  | {
      readonly kind: "advert";
      readonly channel: ChannelId;
      /** Of the sender's ledger. */
      readonly height: number;
      /** What the sender holds since it last said so. */
      readonly blocks: readonly HeldBlock[];
    }
  | { readonly kind: "want"; readonly channel: ChannelId; readonly number: number; readonly hash: BlockHash }
  | EntropyMessage;

/** The three messages of an anti-entropy session, named as Cassandra's gossiper names its own. */
export type EntropyMessage =
  | {
      readonly kind: "syn";
      readonly channel: ChannelId;
      /** Of the sender's choice, from 1. */
      readonly session: number;
      readonly digest: Digest;
      /** What the digest lacks below it is asked for; 0: nothing is. */
      readonly end: number;
      /** Whether the sender gives in return what the other asks for. */
      readonly gives: boolean;
    }
  | {
      readonly kind: "ack";
      readonly channel: ChannelId;
      readonly session: number;
      readonly digest: Digest;
      readonly end: number;
      /** What the syn asked for, lowest first. */
      readonly blocks: readonly Uint8Array[];
    }
  | {
      readonly kind: "ack2";
      readonly channel: ChannelId;
      /** 0: nobody has asked. */
      readonly session: number;
      readonly blocks: readonly Uint8Array[];
    };

/** A block that a peer holds, as its advert tells. */
export interface HeldBlock {
  readonly number: number;
  readonly hash: BlockHash;
  readonly blockBytes: number;
}

/** How a block is cut, as its cutter has signed it. */
export interface CutNotice {
  readonly kind: "cut";
  readonly channel: ChannelId;
  /** Undefined: the sender. */
  readonly cutter: PeerId | undefined;
  readonly statement: SignedStatement;
}

/** A chunk of a block. It names its cut, and the cut names the channel. */
export interface ChunkMessage {
  readonly kind: "chunk";
  readonly cut: CutId;
  readonly lane: number;
  readonly round: number;
  readonly data: Uint8Array;
  /** With the first chunk of a lane from one sender; the others are known by it. */
  readonly proof: LaneProof | undefined;
  readonly spread: Spread;
  /** The `shortId` of peers whom the cutter sends it to itself, and who are to be left out. */
  readonly served: readonly number[];
}

/** What is asked on a fetch stream: which blocks of which channel. */
export interface BlockQuestion {
  readonly channel: ChannelId;
  readonly range: BlockRange;
}

/** One message of an answer on a fetch stream. */
export type FetchReply =
  | { readonly kind: "block"; readonly block: Uint8Array }
  | { readonly kind: "refusal"; readonly code: string };
