import type { HeldEvent } from "./event-buffer.ts";
import type { ToldEvent } from "./event-messages.ts";
import type { Membership } from "../members/membership.ts";
import { newsTargets } from "../members/news-targets.ts";
import type { GossipOptions } from "../options.ts";
import type { Clock, PeerId, Random, Transport } from "../ports.ts";
import type { RecentEvents } from "./recent-events.ts";
import { inBatches, statementBytes } from "../wire/in-batches.ts";

export interface EventSpreadParts {
  readonly membership: Membership;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly options: GossipOptions;
  readonly recent: RecentEvents;
}

/** With so many batches each event goes: two neighbours each time reach all but one in 400. */
const BATCHES = 3;

/** The most bytes of events in one message. */
const MESSAGE_BYTES_MAX = 64 << 10;

/**
 * Passes user events on as `MemberNews` does statements: to a few random neighbours of our own organisation, and our
 * own ones to one of each other organisation, which tells them on. No timer runs while there is nothing to pass on.
 */
export class EventSpread {
  readonly #parts: EventSpreadParts;
  /** With how many batches each is still to go. */
  readonly #news = new Map<HeldEvent, number>();
  #isRunning = false;
  #timer: Disposable | undefined;

  constructor(parts: EventSpreadParts) {
    this.#parts = parts;
  }

  /** Passes on until disposed of; then what is waiting, for the last time. */
  start(): Disposable {
    this.#isRunning = true;
    this.#arm();
    return {
      [Symbol.dispose]: () => {
        this.#isRunning = false;
        this.#timer?.[Symbol.dispose]();
        this.passOn();
      },
    };
  }

  /** An event that is to be passed on. */
  tell(held: HeldEvent): void {
    this.#news.set(held, BATCHES);
    this.#arm();
  }

  /** Passes on what has gathered. */
  passOn(): void {
    const { membership, recent } = this.#parts;
    for (const held of this.#news.keys()) if (!recent.isRecent(held)) this.#news.delete(held);
    if (membership.neighbours().length === 0) return;
    const news = [...this.#news];
    for (const [held, batches] of news) {
      if (batches > 1) this.#news.set(held, batches - 1);
      else this.#news.delete(held);
    }
    const events = news.map(([held]) => held);
    const { near, outward, foreign } = newsTargets(this.#parts);
    const { disclosure, self } = membership;
    const isForeign = ({ event }: HeldEvent) => !disclosure.isOwn(membership.partyOf(event.author));
    for (const { peer } of near) this.send(peer, events);
    for (const { peer } of outward) this.send(peer, events.filter(isForeign));
    const ours = events.filter(({ event }) => event.author === self);
    for (const { peer } of foreign) this.send(peer, ours);
  }

  /** Sends a peer those of the events that it may be told of. */
  send(to: PeerId, events: readonly HeldEvent[]): void {
    const { membership, recent, transport, clock } = this.#parts;
    const party = membership.partyOf(to);
    const told = events
      .filter((held) => recent.mayTell(party, held))
      .map(({ signed, sentMs }): ToldEvent => {
        return { event: signed, ageSeconds: Math.max(0, Math.floor((clock.now() - sentMs) / 1_000)) };
      });
    for (const batch of inBatches(told, MESSAGE_BYTES_MAX, ({ event }) => statementBytes(event)))
      transport.send(to, { kind: "user-events", events: batch });
  }

  #arm(): void {
    if (!this.#isRunning || this.#timer !== undefined || this.#news.size === 0) return;
    const { clock, options, random } = this.#parts;
    this.#timer = clock.schedule(options.batchIntervalMs * (0.9 + 0.2 * random()), () => {
      this.#timer = undefined;
      this.passOn();
      this.#arm();
    });
  }
}
