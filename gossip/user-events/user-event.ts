import { fromString } from "uint8arrays/from-string";
import type { PeerId } from "../ports.ts";
import type { LogicalTime, UserEventStatement } from "../wire/statements.ts";

/** Longest name of a user event, in bytes of UTF-8. */
export const EVENT_NAME_BYTES_MAX = 128;

/** Largest payload of a user event (Serf's `UserEventSizeLimit`, for the payload alone). */
export const EVENT_PAYLOAD_BYTES_MAX = 512;

/**
 * What a member tells all members (Serf's user event). Not to be confused with a `GossipEvent`, which tells this
 * peer's own log and tests what happens here.
 */
export interface UserEvent extends LogicalTime {
  /** By its author's Lamport clock: greater than that of every event its author had seen. */
  readonly time: number;
  readonly author: PeerId;
  readonly name: string;
  readonly payload: Uint8Array;
}

/** What a statement tells. */
export function userEventOf({ time, peer, incarnation, sequence, ...rest }: UserEventStatement): UserEvent {
  const { name, payload } = rest;
  return { time, author: peer, incarnation, sequence, name, payload };
}

/** The order of user events, the same for all peers: by time, then author, then the author's own count. */
export function compareUserEvents(a: UserEvent, b: UserEvent): number {
  if (a.time !== b.time) return a.time - b.time;
  if (a.author !== b.author) return a.author < b.author ? -1 : 1;
  return a.incarnation - b.incarnation || a.sequence - b.sequence;
}

/** Why no peer takes an event of this name and payload; undefined: it does. */
export function userEventFault(name: string, payload: Uint8Array): string | undefined {
  const nameBytes = fromString(name).length;
  if (nameBytes === 0) return "the event has no name";
  if (nameBytes > EVENT_NAME_BYTES_MAX)
    return `the event's name has ${nameBytes} bytes, and at most ${EVENT_NAME_BYTES_MAX} are allowed`;
  // Names go to logs and terminals as they are.
  if (/\p{Cc}/u.test(name)) return "the event's name has control characters";
  if (payload.length > EVENT_PAYLOAD_BYTES_MAX)
    return `the event's payload has ${payload.length} bytes, and at most ${EVENT_PAYLOAD_BYTES_MAX} are allowed`;
  return undefined;
}
