import { GossipError } from "./errors.ts";
import type { Membership, Member } from "./membership.ts";
import type { MemberEntry, Message } from "./messages.ts";
import type { GossipOptions } from "./options.ts";
import type { Clock, Contact, PeerId, Random, Transport } from "./ports.ts";
import { sample } from "./random.ts";
import { every } from "./time.ts";
import { viewHash } from "./view-hash.ts";

export interface AliveGossipParts {
  readonly membership: Membership;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly options: GossipOptions;
  readonly bootstrap: readonly Contact[];
}

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
  /** News to pass on with the next batch, by author. */
  readonly #news = new Map<PeerId, MemberEntry>();

  constructor(parts: AliveGossipParts) {
    this.#parts = parts;
    for (const contact of parts.bootstrap) parts.transport.learn(contact);
  }

  /** Asks the bootstrap peers who is there, and keeps speaking until disposed of. */
  start(): Disposable {
    const { clock, random, options, membership } = this.#parts;
    const timers = new DisposableStack();
    this.#announce(true);
    for (const contact of this.#parts.bootstrap) this.#ask(contact.peer);
    timers.use(
      every(
        clock,
        random,
        () => membership.aliveIntervalMs(),
        () => this.#live(),
      ),
    );
    timers.use(
      every(
        clock,
        random,
        () => options.batchIntervalMs,
        () => this.#passOn(),
      ),
    );
    timers.use(
      every(
        clock,
        random,
        () => options.membershipSyncIntervalMs,
        () => this.#compare(),
      ),
    );
    timers.use(
      every(
        clock,
        random,
        () => options.reconnectIntervalMs,
        () => this.#reconnect(),
      ),
    );
    return timers;
  }

  /** What is said first on a new link: that we live, with our identity. */
  greeting(): Message {
    return { kind: "alive", members: [this.#parts.membership.announce()] };
  }

  /** Tells random peers, who tell the others, that we leave; to be called after the timers have stopped. */
  leave(): void {
    const message: Message = { kind: "alive", members: [this.#parts.membership.announce(true)] };
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
    this.#news.set(member.peer, isNew ? member.entry : { alive: entry.alive, identity: undefined });
  }

  #live(): void {
    this.#announce(false);
    this.#parts.membership.expire(this.#parts.clock.now());
  }

  #announce(withIdentity: boolean): void {
    const { alive, identity } = this.#parts.membership.announce();
    this.#news.set(this.#parts.membership.self, { alive, identity: withIdentity ? identity : undefined });
  }

  #passOn(): void {
    if (this.#news.size === 0) return;
    const targets = this.#sample(this.#parts.options.statementFanout);
    if (targets.length === 0) return;
    const messages = batches([...this.#news.values()]).map((members): Message => ({
      kind: "alive",
      members,
    }));
    this.#news.clear();
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
      self: membership.announce(),
      viewHash: viewHash(membership),
    });
  }

  #answer(to: PeerId, theirHash: Uint8Array): void {
    const { membership, transport } = this.#parts;
    const ours = viewHash(membership);
    if (ours.length === theirHash.length && ours.every((byte, index) => byte === theirHash[index])) return;
    const entries = [
      membership.announce(),
      ...membership
        .alive()
        .filter((member) => member.peer !== to)
        .map((member) => member.entry),
    ];
    for (const members of batches(entries)) transport.send(to, { kind: "membership-response", members });
  }

  #sample(count: number): Member[] {
    return sample(this.#parts.membership.alive(), count, this.#parts.random);
  }
}

/** Splits entries into lists of at most `BATCH_BYTES_MAX` each. */
function batches(entries: readonly MemberEntry[]): MemberEntry[][] {
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
