import type { SignedStatement } from "../wire/messages.ts";

/** Names a user event: the first 8 bytes of the SHA-256 of its payload, in hexadecimal. */
export type EventId = string & { readonly __brand: "EventId" };

/** A user event as it is passed on. */
export interface ToldEvent {
  readonly event: SignedStatement;
  /** For how long it has been on its way, as those who passed it on have measured; proves nothing. */
  readonly ageSeconds: number;
}

/** The messages that user events are spread and compared with. */
export type EventMessage =
  | { readonly kind: "user-events"; readonly events: readonly ToldEvent[] }
  | {
      readonly kind: "event-sync";
      /** The XOR of the ids of what the sender holds of late and may tell the receiver; 8 bytes. */
      readonly hash: Uint8Array;
      /** The ids themselves, where the sender has found that the two differ. */
      readonly held: HeldEvents | undefined;
    };

/** What a peer says that it holds. */
export interface HeldEvents {
  readonly ids: readonly EventId[];
  /** Whether the receiver, should it lack some, is to say in its turn what it holds. */
  readonly asksBack: boolean;
}
