import type { BlockHash } from "../../chain/block.ts";
import type { LaneProof } from "../push/chunk-tree.ts";
import type { JourneyMessage } from "../journeys/journey-messages.ts";
import type { EventMessage } from "../user-events/event-messages.ts";
import type { ChannelId, PeerId } from "../ports.ts";
import type { RelayMessage } from "../push/relay-messages.ts";
import type { Spread } from "../push/spread.ts";

/** Names a cut: the first 16 bytes of the SHA-256 of its statement, in hexadecimal. */
export type CutId = string & { readonly __brand: "CutId" };

/** Names a ring of repair: 16 random bytes in hexadecimal. */
export type RingId = string & { readonly __brand: "RingId" };

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
  /** Who says of whom that he cannot be reached. */
  | { readonly kind: "accusations"; readonly statements: readonly SignedStatement[] }
  | PingMessage
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
      /** Chunks that the round that lacks most still needs, of data or of parity; 0: as many as are not present. */
      readonly needed: number;
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
  | RelayMessage
  | EventMessage
  | RepairMessage
  | EntropyMessage
  | ForkProofMessage
  | JourneyMessage;

/** The orderers have signed two blocks of one height: these, each without its transactions. */
export interface ForkProofMessage {
  readonly kind: "fork-proof";
  readonly channel: ChannelId;
  readonly blocks: readonly [first: Uint8Array, second: Uint8Array];
}

/** Whether a peer lives (SWIM, Das et al. 2002): asked of itself, or of another that is to ask it. */
export type PingMessage =
  | {
      readonly kind: "ping";
      /** The sender's own number for it. */
      readonly id: number;
      /** What the sender says of the receiver, who can speak against it at once (Lifeguard, Dadgar et al. 2017). */
      readonly accusation: SignedStatement | undefined;
    }
  | { readonly kind: "ping-request"; readonly id: number; readonly peer: PeerId }
  | {
      readonly kind: "pong";
      readonly id: number;
      /** Answers a request: the peer did not answer. */
      readonly isSilent: boolean;
    };

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

/** Names one hop of one ring of repair in a channel. */
export interface RepairHop {
  readonly channel: ChannelId;
  readonly ring: RingId;
  readonly hop: number;
}

/** Asks the receiver to take from the source what it lacks, and to mend what it has damaged. */
export interface RepairStep extends RepairHop {
  readonly kind: "repair-step";
  readonly source: PeerId;
  /** Whether it is to read all that it has stored first. */
  readonly verify: boolean;
}

/** The hop is being worked on: `done` grows while anything gets on. */
export interface RepairProgress extends RepairHop {
  readonly kind: "repair-progress";
  readonly done: number;
}

/** What became of the hop. */
export interface RepairReport extends RepairHop {
  readonly kind: "repair-report";
  readonly outcome: RepairOutcome;
}

/** The messages of a ring of repair. */
export type RepairMessage = RepairStep | RepairProgress | RepairReport;

/** What a peer has done in a hop, by its own word. */
export interface RepairOutcome {
  readonly heightBefore: number;
  readonly heightAfter: number;
  readonly tipHash: BlockHash;
  /** Blocks that it has come to hold. */
  readonly copied: number;
  /** Blocks that it had damaged when the hop began, and those of them that it has mended. */
  readonly damaged: readonly number[];
  readonly mended: readonly number[];
  /** Whether it has read all that it has stored. */
  readonly isVerified: boolean;
  /** More is damaged than was named. */
  readonly hasMore: boolean;
  /** Why something was left undone, as a code; undefined: nothing was. */
  readonly failure: string | undefined;
}
