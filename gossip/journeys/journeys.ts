import type { PeerView } from "../channel/peer-view.ts";
import type { GossipEvent } from "../events.ts";
import type { Disclosure, Party } from "../members/disclosure.ts";
import type { ChannelId, Clock, PeerId, Transport } from "../ports.ts";
import type { Arrival } from "./arrival.ts";
import { ArrivalLog } from "./arrival-log.ts";
import { JourneyAnswers } from "./journey-answers.ts";
import type { JourneyMessage } from "./journey-messages.ts";
import { JourneySurvey } from "./journey-survey.ts";

export interface JourneysParts {
  readonly channel: ChannelId;
  readonly view: PeerView;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly disclosure: Disclosure;
  readonly partyOf: (peer: PeerId) => Party;
  /** How many blocks are in the ledger. */
  readonly height: () => number;
}

/** How the last blocks of a channel came to each peer: when, from whom, and which way. */
export class Journeys {
  readonly #log: ArrivalLog;
  readonly #answers: JourneyAnswers;
  readonly #survey: JourneySurvey;

  constructor(parts: JourneysParts) {
    this.#log = new ArrivalLog(parts.clock);
    this.#answers = new JourneyAnswers({ ...parts, log: this.#log });
    this.#survey = new JourneySurvey(parts);
  }

  /** To be told of all that happens in the channel. */
  note(event: GossipEvent): void {
    this.#log.note(event);
  }

  /** How blocks from `first` on came here, lowest first. */
  own(first: number): readonly Arrival[] {
    return this.#log.from(first);
  }

  /** Asks the other peers; resolves when all have answered, within a second at most. */
  ask(first: number): Promise<void> {
    return this.#survey.ask(first);
  }

  /** How blocks from `first` on came to another peer, as far as it was asked, by its word; lowest first. */
  told(peer: PeerId, first: number): readonly Arrival[] {
    return this.#survey.told(peer, first);
  }

  /** @throws GossipError `RATE_LIMITED`, `UNSOLICITED`. */
  receive(from: PeerId, message: JourneyMessage): void {
    switch (message.kind) {
      case "journey-question":
        return this.#answers.answer(from, message.first);
      case "journey-answer":
        return this.#survey.receive(from, message.arrivals);
      default:
        return message satisfies never;
    }
  }

  /** Asks nobody any more. */
  stop(): void {
    this.#survey.stop();
  }
}
