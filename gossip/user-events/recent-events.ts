import type { Party } from "../members/disclosure.ts";
import type { EventBuffer, HeldEvent } from "./event-buffer.ts";
import type { Membership } from "../members/membership.ts";
import type { Clock } from "../ports.ts";
import type { UserEvent } from "./user-event.ts";

/** For so long after it was sent an event is passed on; who joins later is not told of it. */
export const EVENT_LIFE_MS = 10 * 60_000;

export interface RecentEventsParts {
  readonly membership: Membership;
  readonly clock: Clock;
  readonly buffer: EventBuffer;
}

/** Which user events are spoken of, and to whom. */
export class RecentEvents {
  readonly #parts: RecentEventsParts;

  constructor(parts: RecentEventsParts) {
    this.#parts = parts;
  }

  /**
   * Whether the event is of a member's present life. One that has said goodbye counts still: what it said last is often
   * why it left.
   */
  isOfMember({ author, incarnation }: UserEvent): boolean {
    const { membership } = this.#parts;
    if (author === membership.self) return incarnation === membership.incarnation;
    const member = membership.get(author);
    if (member === undefined || member.statement.incarnation !== incarnation) return false;
    return membership.isAlive(author) || member.state === "left";
  }

  /** Whether there is still something to say about an event. */
  isRecent({ event, sentMs }: HeldEvent): boolean {
    return this.#parts.clock.now() - sentMs <= EVENT_LIFE_MS && this.isOfMember(event);
  }

  /** Whether this peer may be told of an event. */
  mayTell(to: Party, { event }: HeldEvent): boolean {
    const { membership } = this.#parts;
    return membership.disclosure.mayTell(to, membership.partyOf(event.author));
  }

  /** All that there is still something to say about. */
  all(): readonly HeldEvent[] {
    return this.#parts.buffer.all().filter((held) => this.isRecent(held));
  }

  /** What this peer may be told of them. */
  for(to: Party): readonly HeldEvent[] {
    return this.all().filter((held) => this.mayTell(to, held));
  }
}
