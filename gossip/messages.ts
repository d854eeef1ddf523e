import type { BlockHash } from "../chain/block.ts";
import type { ChannelId } from "./ports.ts";

/** A statement as its author signed it: the payload names the author. */
export interface SignedStatement {
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
}

/** A member as it is passed on: its alive statement, and its identity where the receiver may lack it. */
export interface MemberEntry {
  readonly alive: SignedStatement;
  readonly identity: Uint8Array | undefined;
}

/** Block numbers from `first` to `end`, `end` not included. */
export interface BlockRange {
  readonly first: number;
  readonly end: number;
}

/** What a peer says that it holds: all blocks below `height`, and these verified ones above it. */
export interface FetchedDigest {
  readonly height: number;
  readonly early: readonly number[];
}

/** What is sent on the gossip stream, one way; see `docs/PROTOCOL.md` for the meaning of each. */
export type Message =
  | { readonly kind: "alive"; readonly members: readonly MemberEntry[] }
  | { readonly kind: "membership-request"; readonly self: MemberEntry; readonly viewHash: Uint8Array }
  | { readonly kind: "membership-response"; readonly members: readonly MemberEntry[] }
  | {
      readonly kind: "state-info";
      readonly channel: ChannelId;
      readonly statements: readonly SignedStatement[];
    }
  | {
      readonly kind: "block";
      readonly channel: ChannelId;
      readonly fullHops: number;
      readonly block: Uint8Array;
    }
  | {
      readonly kind: "advert";
      readonly channel: ChannelId;
      readonly number: number;
      readonly hash: BlockHash;
      readonly blockBytes: number;
      /** The block itself follows from the same peer; there is no need to ask. */
      readonly sending: boolean;
    }
  | { readonly kind: "want"; readonly channel: ChannelId; readonly number: number; readonly hash: BlockHash };

/** Which blocks of which channel are asked for. */
export interface BlockQuestion {
  readonly channel: ChannelId;
  readonly range: BlockRange;
}

/** What is asked on a fetch stream: a digest (no range), or the blocks of a range. */
export interface FetchRequest {
  readonly channel: ChannelId;
  readonly range: BlockRange | undefined;
}

/** One message of an answer on a fetch stream. */
export type FetchReply =
  | { readonly kind: "digest"; readonly digest: FetchedDigest }
  | { readonly kind: "block"; readonly block: Uint8Array }
  | { readonly kind: "refusal"; readonly code: string };
