import { GossipError } from "../errors.ts";
import { EventBuffer } from "./event-buffer.ts";
import type { EventMessage, ToldEvent } from "./event-messages.ts";
import { EventRepair } from "./event-repair.ts";
import { EventSpread } from "./event-spread.ts";
import type { Observer } from "../events.ts";
import { LamportClock } from "./lamport-clock.ts";
import type { Membership } from "../members/membership.ts";
import type { SignedStatement } from "../wire/messages.ts";
import type { GossipOptions } from "../options.ts";
import type { Clock, Keyring, PeerId, Random, Transport } from "../ports.ts";
import { RateLimits } from "./rate-limits.ts";
import { EVENT_LIFE_MS, RecentEvents } from "./recent-events.ts";
import { isSigned, readUserEvent, signStatement, type UserEventStatement } from "../wire/statements.ts";
import { compareUserEvents, userEventFault, userEventOf, type UserEvent } from "./user-event.ts";

export interface UserEventsParts {
  readonly keyring: Keyring;
  readonly membership: Membership;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly options: GossipOptions;
  readonly observe: Observer;
}

/** How many events of others were not delivered, by reason. */
export interface DroppedEvents {
  /** Of nobody who is a member now, or of a member's former life. */
  readonly unknown: number;
  /** Of before what is remembered, or on their way for longer than events are passed on. */
  readonly old: number;
  /** More than their author may send. */
  readonly tooMany: number;
  /** Of a time too far ahead of ours. */
  readonly ahead: number;
}

/** What a member may send. */
const OWN_RATE = { burst: 10, perSecond: 1 };

/** What is taken from one author: events sent in several bursts may come in one. */
const AUTHOR_RATE = { burst: 20, perSecond: 1 };

interface Received {
  readonly statement: UserEventStatement;
  readonly signed: SignedStatement;
  readonly ageMs: number;
}

/**
 * Small messages to all members (Serf's user events): signed by their authors, passed on by gossip, mended by comparing
 * what is held.
 *
 * Promised: each event is delivered at most once in a life of this peer, and as long as it is passed on (ten minutes)
 * to everybody with whom its author and he share a path of living members that may be told of it. Events that come
 * together are delivered in the order of time, then author. Not promised: that an event which comes later has a later
 * time, as one total order would; who needs that sorts by (time, author, sequence), which is the same everywhere.
 * Nothing is kept over a restart: the new life is told the recent events anew.
 */
export class UserEvents {
  readonly #parts: UserEventsParts;
  readonly #clock = new LamportClock();
  readonly #buffer = new EventBuffer();
  readonly #recent: RecentEvents;
  readonly #spread: EventSpread;
  readonly #repair: EventRepair;
  readonly #ownRate = new RateLimits<PeerId>(OWN_RATE);
  readonly #authorRates = new RateLimits<PeerId>(AUTHOR_RATE);
  readonly #subscribers = new Set<(event: UserEvent) => void>();
  readonly #dropped = { unknown: 0, old: 0, tooMany: 0, ahead: 0 };
  #sequence = 0;

  constructor(parts: UserEventsParts) {
    this.#parts = parts;
    const buffer = this.#buffer;
    const recent = new RecentEvents({ ...parts, buffer });
    const spread = new EventSpread({ ...parts, recent });
    this.#recent = recent;
    this.#spread = spread;
    this.#repair = new EventRepair({ ...parts, buffer, recent, spread });
  }

  /** The Lamport time of now. */
  get time(): number {
    return this.#clock.time;
  }

  get dropped(): DroppedEvents {
    return { ...this.#dropped };
  }

  /** What is remembered (512 events), in the order of time, then author. */
  all(): readonly UserEvent[] {
    return this.#buffer.all().map(({ event }) => event);
  }

  /** Calls for each event from now on, our own included, until disposed of. What is called must not throw. */
  subscribe(subscriber: (event: UserEvent) => void): Disposable {
    // The same function may be there twice.
    const own = (event: UserEvent) => subscriber(event);
    this.#subscribers.add(own);
    return { [Symbol.dispose]: () => void this.#subscribers.delete(own) };
  }

  /**
   * Tells all members, ourselves included.
   *
   * @throws GossipError `INVALID_EVENT` (name or payload are too long, or the name empty), `RATE_LIMITED`.
   */
  send(name: string, payload: Uint8Array): UserEvent {
    const { keyring, membership, clock } = this.#parts;
    const fault = userEventFault(name, payload);
    if (fault !== undefined) throw new GossipError("INVALID_EVENT", fault);
    if (!this.#ownRate.take(keyring.self, clock.now()))
      throw new GossipError(
        "RATE_LIMITED",
        `a peer sends ${OWN_RATE.burst} events at once and ${OWN_RATE.perSecond} a second on average, not more`,
      );
    const statement: UserEventStatement = {
      kind: "user-event",
      peer: keyring.self,
      incarnation: membership.incarnation,
      sequence: this.#sequence++,
      time: this.#clock.next(),
      name,
      payload: payload.slice(),
    };
    return this.#take({ statement, signed: signStatement(statement, keyring), ageMs: 0 });
  }

  /** Passes events on until disposed of. */
  start(): Disposable {
    return this.#spread.start();
  }

  /** A peer has asked us for the members. */
  asked(peer: PeerId): void {
    this.#repair.asked(peer);
  }

  /** @throws GossipError `MALFORMED_MESSAGE`, `BAD_SIGNATURE`; what else came with it is taken in all the same. */
  receive(from: PeerId, message: EventMessage): void {
    switch (message.kind) {
      case "user-events":
        return this.#takeIn(message.events);
      case "event-sync":
        return this.#repair.receive(from, message);
      default:
        return message satisfies never;
    }
  }

  #takeIn(told: readonly ToldEvent[]): void {
    let failure: unknown;
    const trying = <T>(task: () => T): T[] => {
      try {
        return [task()];
      } catch (error) {
        failure ??= error;
        return [];
      }
    };
    const received = told.flatMap(({ event: signed, ageSeconds }) =>
      trying((): Received => ({ statement: readUserEvent(signed), signed, ageMs: 1_000 * ageSeconds })),
    );
    received.sort((a, b) => compareUserEvents(userEventOf(a.statement), userEventOf(b.statement)));
    for (const each of received) trying(() => this.#takeInOne(each));
    if (failure !== undefined) throw failure;
  }

  #takeInOne(received: Received): void {
    const { statement, signed, ageMs } = received;
    const { keyring, clock } = this.#parts;
    const { peer } = statement;
    const event = userEventOf(statement);
    // Before the signature is checked: most come more than once.
    const status = this.#buffer.statusOf(event);
    if (status === "held") return;
    // What we have not sent in this life is none of our words.
    if (peer === keyring.self || !this.#recent.isOfMember(event)) return this.#drop("unknown");
    if (status === "old" || ageMs > EVENT_LIFE_MS) return this.#drop("old");
    if (!this.#authorRates.has(peer, clock.now())) return this.#drop("tooMany");
    if (!isSigned(statement, signed, keyring))
      throw new GossipError("BAD_SIGNATURE", `a user event of ${peer} that it did not sign`);
    this.#authorRates.take(peer, clock.now());
    if (!this.#clock.witness(statement.time)) return this.#drop("ahead");
    this.#take(received);
  }

  #take({ statement, signed, ageMs }: Received): UserEvent {
    const event = userEventOf(statement);
    this.#spread.tell(this.#buffer.add(event, signed, this.#parts.clock.now() - ageMs));
    const { author, time: eventTime, sequence, name, payload } = event;
    this.#parts.observe({ kind: "user-event", author, eventTime, sequence, name, bytes: payload.length });
    for (const subscriber of this.#subscribers) subscriber(event);
    return event;
  }

  #drop(reason: keyof DroppedEvents): void {
    this.#dropped[reason]++;
  }
}
