import { DEFAULT_GOSSIP_OPTIONS } from "../../gossip/options.ts";
import type { Clock } from "../../gossip/ports.ts";
import { SystemClock } from "../system-clock.ts";

/** What can be set of the transport. Durations in milliseconds, sizes in bytes. */
export interface TransportOptions {
  /** The largest block that is received. */
  readonly blockBytesMax: number;
  /** What an answer of more than one block may have in all. */
  readonly replyBytesMax: number;
  /** What may wait to be sent to one peer. A message of any size is taken where nothing waits. */
  readonly sendQueueBytesMax: number;
  /** Open links above this are let go of when nothing was said on them for a minute. */
  readonly connectionsTarget: number;
  /** A peer that takes nothing in for so long, while there is something for it, is let go of. */
  readonly stallTimeoutMs: number;
  /** How long connecting to a peer may take, and how long agreeing on a protocol. */
  readonly openTimeoutMs: number;
  /** How long both sides of a new connection have to prove themselves. */
  readonly handshakeTimeoutMs: number;
  /** How long a peer that could not be reached is not tried again; doubles with each failure. */
  readonly backOffMs: number;
  readonly backOffMsMax: number;
  /** How long a peer that opened a fetch stream has to ask its question. */
  readonly requestTimeoutMs: number;
  /** How long a question may take to be answered in full. */
  readonly answerTimeoutMs: number;
  /** Answers that are made at the same time, in all and for one peer; what is asked beyond that is cut off. */
  readonly answersMax: number;
  readonly answersPerPeerMax: number;
  /** How long the transport may go on writing what was sent before it was closed. */
  readonly closeGraceMs: number;
  readonly clock: Clock;
}

/** The options with defaults for what is left out. */
export function transportOptions(overrides: Partial<TransportOptions>): TransportOptions {
  return {
    blockBytesMax: overrides.blockBytesMax ?? DEFAULT_GOSSIP_OPTIONS.blockBytesMax,
    replyBytesMax: overrides.replyBytesMax ?? DEFAULT_GOSSIP_OPTIONS.replyBytesMax,
    sendQueueBytesMax: overrides.sendQueueBytesMax ?? 8 << 20,
    connectionsTarget: overrides.connectionsTarget ?? 100,
    stallTimeoutMs: overrides.stallTimeoutMs ?? 20_000,
    openTimeoutMs: overrides.openTimeoutMs ?? 10_000,
    handshakeTimeoutMs: overrides.handshakeTimeoutMs ?? 5_000,
    backOffMs: overrides.backOffMs ?? 1_000,
    backOffMsMax: overrides.backOffMsMax ?? 30_000,
    requestTimeoutMs: overrides.requestTimeoutMs ?? 5_000,
    answerTimeoutMs: overrides.answerTimeoutMs ?? 60_000,
    answersMax: overrides.answersMax ?? 32,
    answersPerPeerMax: overrides.answersPerPeerMax ?? 8,
    closeGraceMs: overrides.closeGraceMs ?? 1_000,
    clock: overrides.clock ?? new SystemClock(),
  };
}
