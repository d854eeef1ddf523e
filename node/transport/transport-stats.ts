import type { FetchReply, Message } from "../../gossip/wire/messages.ts";

/** A message's kind, or what of a fetch it is. */
export type TrafficKind = Message["kind"] | "fetch" | `fetched-${FetchReply["kind"]}`;

/** What a transport has done since it was made. Bytes are those of frames, without libp2p's own. */
export interface TransportStats {
  readonly sentBytes: Readonly<Partial<Record<TrafficKind, number>>>;
  readonly receivedBytes: Readonly<Partial<Record<TrafficKind, number>>>;
  /** Messages that were given to `send` and did not leave. */
  readonly droppedMessages: number;
  readonly droppedBytes: number;
  /** Messages and questions of others that were refused, by code. */
  readonly refusals: Readonly<Partial<Record<string, number>>>;
}

/** Counts for {@link TransportStats}. */
export class TransportCounters implements TransportStats {
  readonly sentBytes: Partial<Record<TrafficKind, number>> = {};
  readonly receivedBytes: Partial<Record<TrafficKind, number>> = {};
  readonly refusals: Partial<Record<string, number>> = {};
  droppedMessages = 0;
  droppedBytes = 0;

  sent(kind: TrafficKind, bytes: number): void {
    this.sentBytes[kind] = (this.sentBytes[kind] ?? 0) + bytes;
  }

  received(kind: TrafficKind, bytes: number): void {
    this.receivedBytes[kind] = (this.receivedBytes[kind] ?? 0) + bytes;
  }

  refused(code: string): void {
    this.refusals[code] = (this.refusals[code] ?? 0) + 1;
  }

  dropped(messages: number, bytes: number): void {
    this.droppedMessages += messages;
    this.droppedBytes += bytes;
  }
}
