import { rateLimited } from "../errors.ts";
import type { Disclosure, Party } from "../members/disclosure.ts";
import type { ChannelId, Clock, PeerId, Transport } from "../ports.ts";
import { RateLimits } from "../user-events/rate-limits.ts";
import type { Arrival } from "./arrival.ts";
import type { ArrivalLog } from "./arrival-log.ts";

export interface JourneyAnswersParts {
  readonly channel: ChannelId;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly disclosure: Disclosure;
  readonly partyOf: (peer: PeerId) => Party;
  readonly log: ArrivalLog;
}

/** Of one asker: a page that looks asks about once a second. */
const ASKER_RATE = { burst: 8, perSecond: 3 } as const;

/** Tells other members of the channel how blocks came here, but not by whom where they may not know of that one. */
export class JourneyAnswers {
  readonly #parts: JourneyAnswersParts;
  readonly #rates = new RateLimits<PeerId>(ASKER_RATE);

  constructor(parts: JourneyAnswersParts) {
    this.#parts = parts;
  }

  /** A member asks for the blocks from `first` on. @throws GossipError `RATE_LIMITED`. */
  answer(asker: PeerId, first: number): void {
    const { channel, transport, clock, log } = this.#parts;
    if (!this.#rates.take(asker, clock.now())) throw rateLimited(asker);
    const arrivals = log.from(first).map((arrival) => this.#disclosed(arrival, asker));
    transport.send(asker, { kind: "journey-answer", channel, arrivals });
  }

  #disclosed(arrival: Arrival, asker: PeerId): Arrival {
    const { disclosure, partyOf } = this.#parts;
    const { from } = arrival;
    const mayKnow = from === undefined || from === asker || disclosure.mayTell(partyOf(asker), partyOf(from));
    return mayKnow ? arrival : { ...arrival, from: undefined };
  }
}
