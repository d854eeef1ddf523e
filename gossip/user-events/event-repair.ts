import { equals } from "uint8arrays/equals";
import { fromString } from "uint8arrays/from-string";
import type { EventBuffer, HeldEvent } from "./event-buffer.ts";
import { EVENT_ID_BYTES } from "./event-codec.ts";
import type { EventMessage } from "./event-messages.ts";
import type { EventSpread } from "./event-spread.ts";
import type { Membership } from "../members/membership.ts";
import type { Clock, PeerId, Random, Transport } from "../ports.ts";
import { sample } from "../random.ts";
import { RateLimits } from "./rate-limits.ts";
import type { RecentEvents } from "./recent-events.ts";

export interface EventRepairParts {
  readonly membership: Membership;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly buffer: EventBuffer;
  readonly recent: RecentEvents;
  readonly spread: EventSpread;
}

/** The most events that one answer brings; what is left comes with the next comparison. */
const ANSWER_EVENTS_MAX = 128;

/** What one peer may ask; honest ones stay far below. */
const ASKS = { burst: 8, perSecond: 1 };

/**
 * Mends what was missed: while there are recent user events, their hash goes to each peer that asks for the members, as
 * every one asks a random neighbour now and then, and a newcomer at once. Where the hashes differ, the asker says what it
 * holds and is sent what it lacks, then the other way round. Without recent events it costs nothing.
 */
export class EventRepair {
  readonly #parts: EventRepairParts;
  readonly #asks = new RateLimits<PeerId>(ASKS);

  constructor(parts: EventRepairParts) {
    this.#parts = parts;
  }

  /** A peer has asked us for the members. */
  asked(peer: PeerId): void {
    const ours = this.#parts.membership.isAlive(peer) ? this.#for(peer) : [];
    if (ours.length === 0) return;
    this.#parts.transport.send(peer, { kind: "event-sync", hash: hashOf(ours), held: undefined });
  }

  receive(from: PeerId, { hash, held }: EventMessage & { readonly kind: "event-sync" }): void {
    const { membership, clock, random, spread, buffer } = this.#parts;
    if (!membership.isAlive(from) || !this.#asks.take(from, clock.now())) return;
    const ours = this.#for(from);
    if (held === undefined) {
      if (!equals(hash, hashOf(ours))) this.#list(from, ours, true);
      return;
    }
    const theirs = new Set(held.ids);
    const lacked = ours.filter(({ id }) => !theirs.has(id));
    // Which ones is left to chance: what the other does not take must not keep the rest from it.
    const chosen = new Set(sample(lacked, ANSWER_EVENTS_MAX, random));
    spread.send(
      from,
      lacked.filter((each) => chosen.has(each)),
    );
    if (held.asksBack && held.ids.some((id) => !buffer.has(id))) this.#list(from, ours, false);
  }

  #list(peer: PeerId, ours: readonly HeldEvent[], asksBack: boolean): void {
    const held = { ids: ours.map(({ id }) => id), asksBack };
    this.#parts.transport.send(peer, { kind: "event-sync", hash: hashOf(ours), held });
  }

  #for(peer: PeerId): readonly HeldEvent[] {
    const { membership, recent } = this.#parts;
    return recent.for(membership.partyOf(peer));
  }
}

function hashOf(events: readonly HeldEvent[]): Uint8Array {
  const hash = new Uint8Array(EVENT_ID_BYTES);
  for (const { id } of events)
    for (const [index, byte] of fromString(id, "base16").entries()) hash[index] = (hash[index] ?? 0) ^ byte;
  return hash;
}
