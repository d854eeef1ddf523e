import type { ChannelId } from "../ports.ts";
import type { Arrival } from "./arrival.ts";

/** Asks how blocks from `first` on came to the receiver. */
export interface JourneyQuestion {
  readonly kind: "journey-question";
  readonly channel: ChannelId;
  readonly first: number;
}

/** Answers a journey-question: what the sender remembers of them. */
export interface JourneyAnswer {
  readonly kind: "journey-answer";
  readonly channel: ChannelId;
  /** Lowest first, `ARRIVALS_MAX` at most. */
  readonly arrivals: readonly Arrival[];
}

export type JourneyMessage = JourneyQuestion | JourneyAnswer;
