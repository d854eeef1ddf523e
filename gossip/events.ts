import type { BlockHash } from "../chain/block.ts";
import type { CatchUpReport, CatchUpTotals } from "./catch-up/catch-up-progress.ts";
import type { PeerId } from "./ports.ts";

/**
 * How a block can come: handed in here, fetched from a block source, pushed (whole, in chunks, or asked for after an
 * advert), pulled, by state transfer, or in a ring of repair. On the wire they are numbered in this order: a new one
 * goes to the end.
 */
export const BLOCK_ORIGINS = [
  "publish",
  "source",
  "push",
  "chunks",
  "want",
  "pull",
  "state-transfer",
  "repair",
] as const;

/** One of {@link BLOCK_ORIGINS}. */
export type BlockOrigin = (typeof BLOCK_ORIGINS)[number];

/** What happens in the protocol that somebody may want to know; for logs, metrics and the simulator's checks. */
export type GossipEvent =
  | {
      readonly kind: "member";
      readonly peer: PeerId;
      readonly name: string;
      readonly state: MemberState;
      readonly reason: string;
    }
  | {
      /** A user event (`UserEvent`) was taken in, or sent from here. */
      readonly kind: "user-event";
      readonly author: PeerId;
      /** Its Lamport time. */
      readonly eventTime: number;
      readonly sequence: number;
      readonly name: string;
      readonly bytes: number;
    }
  | { readonly kind: "identity-in-use"; readonly incarnation: number }
  | {
      readonly kind: "misconduct";
      readonly peer: PeerId;
      readonly lies: number;
      readonly code: string;
      readonly message: string;
      readonly isCutOff: boolean;
    }
  | {
      readonly kind: "refused-identity";
      readonly peer: PeerId;
      readonly code: string;
      readonly message: string;
    }
  | { readonly kind: "seed-failed"; readonly seed: string; readonly code: string; readonly message: string }
  | {
      /** A neighbour tells that it holds a block, or that one is coming in chunks, and it is not here yet. */
      readonly kind: "block-announced";
      readonly channel: string;
      readonly number: number;
      readonly from: PeerId;
    }
  | {
      readonly kind: "block-received";
      readonly channel: string;
      readonly number: number;
      readonly from: PeerId | undefined;
      readonly origin: BlockOrigin;
      readonly duplicate: boolean;
    }
  | {
      readonly kind: "block-verified";
      readonly channel: string;
      readonly number: number;
      readonly hash: BlockHash;
      readonly from: PeerId | undefined;
      readonly origin: BlockOrigin;
    }
  | {
      readonly kind: "block-committed";
      readonly channel: string;
      readonly number: number;
      readonly hash: BlockHash;
      readonly origin: BlockOrigin;
      readonly bytes: number;
      /** When its producer made it, as far as it says (chain/produced-ms.ts). */
      readonly producedMs: number | undefined;
    }
  | {
      readonly kind: "rejected";
      readonly channel: string;
      /** The block's, as it says. */
      readonly number: number;
      readonly peer: PeerId | undefined;
      readonly code: string;
      readonly message: string;
    }
  | {
      readonly kind: "fetch-failed";
      readonly channel: string;
      readonly peer: PeerId;
      readonly code: string;
      readonly message: string;
    }
  | {
      /** There is no room for more blocks that wait for the peer; said once until none waits for it. */
      readonly kind: "mail-dropped";
      readonly channel: string;
      readonly peer: PeerId;
      /** The first block that there was no room for. */
      readonly number: number;
    }
  | {
      readonly kind: "fork";
      readonly channel: string;
      readonly number: number;
      readonly first: BlockHash;
      readonly second: BlockHash;
    }
  | {
      readonly kind: "catching-up";
      readonly channel: string;
      readonly height: number;
      readonly target: number;
    }
  | ({ readonly kind: "catch-up-progress"; readonly channel: string } & CatchUpReport)
  | ({ readonly kind: "caught-up"; readonly channel: string; readonly height: number } & CatchUpTotals)
  | {
      readonly kind: "block-damaged" | "block-mended";
      readonly channel: string;
      readonly number: number;
    }
  | {
      /** Another peer of our organisation leads from now on, as seen from here; undefined: none. */
      readonly kind: "leader";
      readonly channel: string;
      readonly peer: PeerId | undefined;
      readonly reason: string;
    }
  | {
      /** A block source does not answer, or has given what is no block of the channel. Once until it answers again. */
      readonly kind: "source-failed";
      readonly channel: string;
      readonly source: string;
      readonly code: string;
      readonly message: string;
    }
  | { readonly kind: "source-answers"; readonly channel: string; readonly source: string }
  | { readonly kind: "failed"; readonly channel: string; readonly error: Error };

/**
 * alive: heard of lately. suspect: one member at least cannot reach it. dead: so many cannot, or nobody has heard of it
 * for long. left: it said goodbye. refused: its identity is not let in any more, or it has lied too often.
 */
export type MemberState = "alive" | "suspect" | "dead" | "left" | "refused" | "forgotten";

/** Where events go. Must not throw. */
export type Observer = (event: GossipEvent) => void;
