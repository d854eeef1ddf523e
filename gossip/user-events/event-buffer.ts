import { sha256 } from "../../chain/hash.ts";
import { EVENT_ID_BYTES, eventId } from "./event-codec.ts";
import type { EventId } from "./event-messages.ts";
import type { SignedStatement } from "../wire/messages.ts";
import type { PeerId } from "../ports.ts";
import { supersedes, type LogicalTime } from "../wire/statements.ts";
import { compareUserEvents, type UserEvent } from "./user-event.ts";

/** A user event that was taken in. */
export interface HeldEvent {
  readonly id: EventId;
  readonly event: UserEvent;
  readonly signed: SignedStatement;
  /** When it was sent, by our clock, as far as is known. */
  readonly sentMs: number;
}

/** As many events are remembered (Serf's buffer). */
export const EVENTS_HELD_MAX = 512;

/** Authors whose floors are remembered; as many as there are members at most. */
const FLOORS_MAX = 4_096;

/**
 * The latest user events, so that each is delivered once. Where there is no room, the oldest one of whichever author
 * has most makes some, and everything of that author up to it counts as old from then on: a member that floods pushes
 * out nobody's events but its own.
 */
export class EventBuffer {
  readonly #ids = new Set<EventId>();
  /** Of each author, the oldest first. */
  readonly #byAuthor = new Map<PeerId, readonly HeldEvent[]>();
  readonly #floors = new Map<PeerId, LogicalTime>();

  /** What an event is to us. */
  statusOf(event: UserEvent): "new" | "held" | "old" {
    const { author } = event;
    if (this.#byAuthor.get(author)?.some((held) => isSame(held.event, event)) === true) return "held";
    const floor = this.#floors.get(author);
    return floor === undefined || supersedes(event, floor) ? "new" : "old";
  }

  has(id: EventId): boolean {
    return this.#ids.has(id);
  }

  /** Remembers an event that is new. */
  add(event: UserEvent, signed: SignedStatement, sentMs: number): HeldEvent {
    const id = eventId(sha256(signed.payload).slice(0, EVENT_ID_BYTES));
    const held: HeldEvent = { id, event, signed, sentMs };
    this.#ids.add(id);
    const { author } = event;
    const events = [...(this.#byAuthor.get(author) ?? []), held];
    this.#byAuthor.set(author, events.sort(byLogicalTime));
    if (this.#ids.size > EVENTS_HELD_MAX) this.#makeRoom();
    return held;
  }

  /** All that are remembered, in their order. */
  all(): readonly HeldEvent[] {
    return [...this.#byAuthor.values()].flat().sort((a, b) => compareUserEvents(a.event, b.event));
  }

  #makeRoom(): void {
    let most: readonly [PeerId, readonly HeldEvent[]] | undefined;
    for (const entry of this.#byAuthor) if (entry[1].length > (most?.[1].length ?? 0)) most = entry;
    if (most === undefined) return;
    const [author, [oldest, ...rest]] = most;
    if (oldest === undefined) return;
    this.#ids.delete(oldest.id);
    if (rest.length === 0) this.#byAuthor.delete(author);
    else this.#byAuthor.set(author, rest);
    this.#raiseFloor(author, oldest.event);
  }

  #raiseFloor(author: PeerId, { incarnation, sequence }: UserEvent): void {
    const before = this.#floors.get(author);
    const floor = { incarnation, sequence };
    if (before !== undefined && !supersedes(floor, before)) return;
    this.#floors.delete(author);
    this.#floors.set(author, floor);
    for (const peer of this.#floors.keys()) {
      if (this.#floors.size <= FLOORS_MAX) break;
      this.#floors.delete(peer);
    }
  }
}

function isSame(a: LogicalTime, b: LogicalTime): boolean {
  return a.incarnation === b.incarnation && a.sequence === b.sequence;
}

function byLogicalTime({ event: a }: HeldEvent, { event: b }: HeldEvent): number {
  return a.incarnation - b.incarnation || a.sequence - b.sequence;
}
