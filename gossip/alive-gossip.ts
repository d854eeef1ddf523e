import { equals } from "uint8arrays/equals";
import { GossipError } from "./errors.ts";
import type { Membership, Member } from "./membership.ts";
import type { MemberEntry, Message } from "./messages.ts";
import type { GossipOptions } from "./options.ts";
import type { Clock, Contact, PeerId, Random, Transport } from "./ports.ts";
import { sample } from "./random.ts";
import { every } from "./time.ts";

export interface AliveGossipParts {
  readonly membership: Membership;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly options: GossipOptions;
  readonly bootstrap: readonly Contact[];
}

interface News {
  readonly entry: MemberEntry;
  /** With how many batches it is still to go. */
  readonly batches: number;
}

/** A peer that comes or leaves is told of more often than one that merely still lives: the next word is far away. */
const CHANGE_BATCHES = 3;

/** How many times as often a peer that knows nobody tries its bootstrap peers. */
const ALONE_HASTE = 5;

/** How many times in an alive interval a peer that has fallen silent is asked. */
const DOUBT_HASTE = 4;

/** The most bytes of statements in one message. */
const BATCH_BYTES_MAX = 256 << 10;

/**
 * Spreads who is there. Each peer says at intervals that it lives; what is news is gathered for a moment and passed
 * on once, to a few random peers. What that misses is repaired by comparing whole views with a random peer, which
 * costs a hash where they agree. Dead peers and bootstrap peers are tried again for ever, so that a healed partition
 * is found without anybody's restart.
 */
export class AliveGossip {
  readonly #parts: AliveGossipParts;
  /** News to pass on with the next batches, by author. */
  readonly #news = new Map<PeerId, News>();

  constructor(parts: AliveGossipParts) {
    this.#parts = parts;
    for (const contact of parts.bootstrap) parts.transport.learn(contact);
  }

  /** Asks the bootstrap peers who is there, and keeps speaking until disposed of. */
  start(): Disposable {
    const { clock, random, options, membership } = this.#parts;
    const timers = new DisposableStack();
    const repeat = (intervalMs: () => number, task: () => void) =>
      timers.use(every(clock, random, intervalMs, task));
    const isAlone = () => membership.alive().length === 0;
    // Where a link has come before, its greeting: whoever has heard it has no news to pass on.
    this.#tell(membership.self, membership.latest(), true);
    for (const contact of this.#parts.bootstrap) this.#ask(contact.peer);
    repeat(
      () => membership.aliveIntervalMs(),
      () => this.#live(),
    );
    repeat(
      () => membership.aliveIntervalMs() / DOUBT_HASTE,
      () => this.#doubt(),
    );
    repeat(
      () => options.batchIntervalMs,
      () => this.#passOn(),
    );
    repeat(
      () => options.membershipSyncIntervalMs,
      () => this.#compare(),
    );
    // Alone, a peer can do nothing else: it knocks more often, so that peers started together find each other soon.
    repeat(
      () => options.reconnectIntervalMs / (isAlone() ? ALONE_HASTE : 1),
      () => this.#reconnect(),
    );
    return timers;
  }

  /** What is said first on a new link: that we live, with our identity. */
  greeting(): Message {
    return { kind: "alive", members: [this.#parts.membership.latest()] };
  }

  /** Tells random peers, who tell the others, that we leave; to be called after the timers have stopped. */
  leave(): void {
    this.#parts.membership.leave();
    const message = this.greeting();
    for (const { peer } of this.#sample(2 * this.#parts.options.statementFanout))
      this.#parts.transport.send(peer, message);
  }

  /** What others say of who is there; honest ones have checked it before they passed it on. @throws GossipError */
  receive(
    from: PeerId,
    message: Message & { kind: "alive" | "membership-request" | "membership-response" },
  ): void {
    switch (message.kind) {
      case "alive":
      case "membership-response":
        return this.#takeIn(message.members);
      case "membership-request":
        this.#takeInOne(message.self);
        return this.#answer(from, message.viewHash);
      default:
        return message satisfies never;
    }
  }

  #takeIn(entries: readonly MemberEntry[]): void {
    let failure: unknown;
    for (const entry of entries) {
      try {
        this.#takeInOne(entry);
      } catch (error) {
        // A peer may pass on somebody whose identity we lack; the next comparison of views brings it.
        const excusable = error instanceof GossipError && error.code === "NOT_ADMITTED" && entries.length > 1;
        if (!excusable) failure ??= error;
      }
    }
    if (failure !== undefined) throw failure;
  }

  #takeInOne(entry: MemberEntry): void {
    const { membership, transport, clock } = this.#parts;
    const news = membership.receive(entry, clock.now());
    if (news === undefined) return;
    const { member, isNew } = news;
    transport.learn({ peer: member.peer, addresses: member.statement.addresses });
    const isChange = isNew || member.state === "left";
    this.#tell(member.peer, isNew ? member.entry : { alive: entry.alive, identity: undefined }, isChange);
  }

  #live(): void {
    const { membership, clock } = this.#parts;
    const { alive } = membership.announce();
    this.#tell(membership.self, { alive, identity: undefined }, false);
    membership.expire(clock.now());
  }

  /** Asks those who are halfway to being taken for dead: a lost statement or two must not kill a healthy peer. */
  #doubt(): void {
    const { membership, clock, options } = this.#parts;
    const doubtMs = (membership.aliveIntervalMs() * options.aliveExpirationIntervals) / 2;
    for (const { peer, heardMs } of membership.alive()) if (clock.now() - heardMs > doubtMs) this.#ask(peer);
  }

  #tell(about: PeerId, entry: MemberEntry, isChange: boolean): void {
    this.#news.set(about, { entry, batches: isChange ? CHANGE_BATCHES : 1 });
  }

  #passOn(): void {
    if (this.#news.size === 0) return;
    const targets = this.#sample(this.#parts.options.statementFanout);
    if (targets.length === 0) return;
    const entries = [...this.#news.values()].map((news) => news.entry);
    for (const [about, { entry, batches }] of this.#news) {
      if (batches > 1) this.#news.set(about, { entry, batches: batches - 1 });
      else this.#news.delete(about);
    }
    const messages = inBatches(entries).map((members): Message => ({ kind: "alive", members }));
    for (const { peer } of targets) {
      for (const message of messages) this.#parts.transport.send(peer, message);
    }
  }

  #compare(): void {
    for (const { peer } of this.#sample(1)) this.#ask(peer);
  }

  #reconnect(): void {
    const { membership, bootstrap, random } = this.#parts;
    const lost = membership
      .all()
      .filter((member) => member.state === "dead")
      .map((member) => member.peer);
    const missing = bootstrap
      .map((contact) => contact.peer)
      .filter((peer) => peer !== membership.self && !membership.isAlive(peer));
    for (const peer of sample([...new Set([...lost, ...missing])], 1, random)) this.#ask(peer);
  }

  #ask(peer: PeerId): void {
    const { membership, transport } = this.#parts;
    if (peer === membership.self) return;
    transport.send(peer, {
      kind: "membership-request",
      self: membership.latest(),
      viewHash: membership.viewHash(),
    });
  }

  #answer(to: PeerId, theirHash: Uint8Array): void {
    const { membership, transport } = this.#parts;
    // The asker's own entry too: should it have lost count of its incarnations, it learns of the latest so.
    const others = equals(membership.viewHash(), theirHash)
      ? []
      : membership.alive().map((member) => member.entry);
    for (const members of inBatches([membership.latest(), ...others])) {
      transport.send(to, { kind: "membership-response", members });
    }
  }

  #sample(count: number): Member[] {
    return sample(this.#parts.membership.neighbours(), count, this.#parts.random);
  }
}

/** Splits entries into lists of at most `BATCH_BYTES_MAX` each. */
function inBatches(entries: readonly MemberEntry[]): MemberEntry[][] {
  const lists: MemberEntry[][] = [];
  let bytes = Infinity;
  for (const entry of entries) {
    const size = entry.alive.payload.length + entry.alive.signature.length + (entry.identity?.length ?? 0);
    if (bytes + size > BATCH_BYTES_MAX) {
      lists.push([]);
      bytes = 0;
    }
    lists.at(-1)?.push(entry);
    bytes += size;
  }
  return lists;
}
