import { equals } from "uint8arrays/equals";
import { fromString } from "uint8arrays/from-string";
import type { EventBuffer, HeldEvent } from "./event-buffer.ts";
import { EVENT_ID_BYTES } from "./event-codec.ts";
import type { EventMessage } from "./event-messages.ts";
import type { EventSpread } from "./event-spread.ts";
import type { Membership } from "./membership.ts";
import type { GossipOptions } from "./options.ts";
import type { Clock, PeerId, Random, Transport } from "./ports.ts";
import { sample } from "./random.ts";
import { RateLimits } from "./rate-limits.ts";
import type { RecentEvents } from "./recent-events.ts";

export interface EventRepairParts {
  readonly membership: Membership;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly options: GossipOptions;
  readonly buffer: EventBuffer;
  readonly recent: RecentEvents;
  readonly spread: EventSpread;
}

/** So often after its start a peer asks those that tell it of the members for recent events too. */
const NEWCOMER_ASKS = 3;

/** The most events that one answer brings; what is left comes with the next comparison. */
const ANSWER_EVENTS_MAX = 128;

/** What one peer may ask; honest ones stay far below. */
const ASKS = { burst: 8, perSecond: 1 };

/**
 * Mends what was missed: while there are recent user events, their hash is compared with a random neighbour's now and
 * then. Where the hashes differ, the one that was asked says what it holds and is sent what it lacks, then the other
 * way round. Without recent events it costs nothing.
 */
export class EventRepair {
  readonly #parts: EventRepairParts;
  readonly #asks = new RateLimits<PeerId>(ASKS);
  #newcomerAsks = 0;
  #isRunning = false;
  #timer: Disposable | undefined;

  constructor(parts: EventRepairParts) {
    this.#parts = parts;
  }

  /** Compares at intervals until disposed of. */
  start(): Disposable {
    this.#isRunning = true;
    this.wake();
    return {
      [Symbol.dispose]: () => {
        this.#isRunning = false;
        this.#timer?.[Symbol.dispose]();
        this.#timer = undefined;
      },
    };
  }

  /** There are recent events. */
  wake(): void {
    if (!this.#isRunning || this.#timer !== undefined || this.#parts.recent.all().length === 0) return;
    const { clock, options, random } = this.#parts;
    this.#timer = clock.schedule(options.membershipSyncIntervalMs * (0.9 + 0.2 * random()), () => {
      this.#timer = undefined;
      this.#compare();
      this.wake();
    });
  }

  /** A peer has told us of the members: the first ones are asked for recent events as well. */
  met(peer: PeerId): void {
    if (this.#newcomerAsks >= NEWCOMER_ASKS || !this.#parts.membership.isAlive(peer)) return;
    this.#newcomerAsks++;
    this.#ask(peer, this.#for(peer));
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

  #compare(): void {
    const { membership, random } = this.#parts;
    for (const { peer } of sample(membership.neighbours(), 1, random)) {
      const ours = this.#for(peer);
      if (ours.length > 0) this.#ask(peer, ours);
    }
  }

  #ask(peer: PeerId, ours: readonly HeldEvent[]): void {
    this.#parts.transport.send(peer, { kind: "event-sync", hash: hashOf(ours), held: undefined });
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
