import type { FetchReply, Message } from "../../gossip/wire/messages.ts";

/** A message's kind, or what of a fetch it is. */
export type TrafficKind = Message["kind"] | "fetch" | `fetched-${FetchReply["kind"]}`;

/** Why messages were not sent: there was no room in the peer's queue, it is not reached, or the transport has ended. */
export type DropReason = "queue-full" | "unreachable" | "closed";

/** What a transport has done since it was made. Bytes are those of frames, without libp2p's own. */
export interface TransportStats {
  readonly sentMessages: Readonly<Partial<Record<TrafficKind, number>>>;
  readonly receivedMessages: Readonly<Partial<Record<TrafficKind, number>>>;
  readonly sentBytes: Readonly<Partial<Record<TrafficKind, number>>>;
  readonly receivedBytes: Readonly<Partial<Record<TrafficKind, number>>>;
  /** Messages that were given to `send` and did not leave. */
  readonly droppedMessages: number;
  readonly droppedBytes: number;
  /** The same messages by reason. */
  readonly drops: Readonly<Record<DropReason, number>>;
  /** Messages and questions of others that were refused, by code. */
  readonly refusals: Readonly<Partial<Record<string, number>>>;
}

/** Counts for {@link TransportStats}. */
export class TransportCounters implements TransportStats {
  readonly sentMessages: Partial<Record<TrafficKind, number>> = {};
  readonly receivedMessages: Partial<Record<TrafficKind, number>> = {};
  readonly sentBytes: Partial<Record<TrafficKind, number>> = {};
  readonly receivedBytes: Partial<Record<TrafficKind, number>> = {};
  readonly refusals: Partial<Record<string, number>> = {};
  readonly drops: Record<DropReason, number> = { "queue-full": 0, unreachable: 0, closed: 0 };
  droppedMessages = 0;
  droppedBytes = 0;

  sent(kind: TrafficKind, bytes: number): void {
    this.sentMessages[kind] = (this.sentMessages[kind] ?? 0) + 1;
    this.sentBytes[kind] = (this.sentBytes[kind] ?? 0) + bytes;
  }

  received(kind: TrafficKind, bytes: number): void {
    this.receivedMessages[kind] = (this.receivedMessages[kind] ?? 0) + 1;
    this.receivedBytes[kind] = (this.receivedBytes[kind] ?? 0) + bytes;
  }

  refused(code: string): void {
    this.refusals[code] = (this.refusals[code] ?? 0) + 1;
  }

  dropped(reason: DropReason, messages: number, bytes: number): void {
    this.drops[reason] += messages;
    this.droppedMessages += messages;
    this.droppedBytes += bytes;
  }
}
