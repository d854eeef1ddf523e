import type { Identities } from "../door/identities.ts";
import { isLiving } from "./member-directory.ts";
import type { Member, Membership } from "./membership.ts";
import type { GossipOptions } from "../options.ts";
import type { Clock, PeerId, Random } from "../ports.ts";
import { sample } from "../random.ts";
import type { Seed, Seeds } from "./seeds.ts";
import { every } from "../time.ts";

export interface RoundsParts {
  readonly membership: Membership;
  readonly identities: Identities;
  readonly clock: Clock;
  readonly random: Random;
  readonly options: GossipOptions;
  readonly seeds: Seeds;
  /** Asks a peer who is there, and tells it of ourselves. */
  readonly ask: (peer: PeerId) => void;
}

/** How many times as often a peer that knows nobody looks for its seeds. */
const ALONE_HASTE = 5;

/**
 * The rounds in which a peer makes sure that its view and the others' become one, as Cassandra's gossiper goes them:
 * each time it compares with a random living member; with a probability that grows with their share it tries one that
 * is lost; and where the living one was no seed, a seed, so that two halves that each have seeds of their own find each
 * other (CASSANDRA-150). A seed is met in every round while none was ever found, and so are, by turns of its members, the
 * anchors of an organisation of which an organisation knows nobody. The lost and the seeds are tried for ever: nobody has
 * to be restarted after a partition.
 */
export class Rounds {
  readonly #parts: RoundsParts;

  constructor(parts: RoundsParts) {
    this.#parts = parts;
  }

  /** Looks for all seeds now, and goes its rounds until disposed of. */
  start(): Disposable {
    const { clock, random, options, membership, seeds } = this.#parts;
    seeds.meetAll();
    // Alone, a peer can do nothing else: it knocks more often, so that peers started together find each other soon.
    const haste = () => (membership.living().length === 0 ? ALONE_HASTE : 1);
    return every(
      clock,
      random,
      () => options.roundIntervalMs / haste(),
      () => this.round(),
    );
  }

  /** One round now. */
  round(): void {
    const { membership, random, seeds, ask } = this.#parts;
    const living = membership.living();
    const lost = membership.all().filter((member) => this.#isLost(member));
    const [live] = sample(
      membership.neighbours().filter(({ isReachable }) => isReachable),
      1,
      random,
    );
    if (live !== undefined) ask(live.peer);
    if (random() < lost.length / (living.length + 1))
      for (const { peer } of sample(lost, 1, random)) ask(peer);
    const missing = seeds.missing();
    this.#meetUnknown(missing, living);
    if (live !== undefined && seeds.has(live.peer) && living.length >= missing.length) return;
    const isDue = random() < missing.length / Math.max(1, living.length + lost.length);
    if (isDue || living.length === 0 || seeds.isNew)
      for (const seed of sample(missing, 1, random)) seeds.meet(seed);
  }

  /** Looks for an organisation that we know nobody of: members of other ones tell nobody of it. */
  #meetUnknown(missing: readonly Seed[], living: readonly Member[]): void {
    const { membership, random, seeds } = this.#parts;
    if (missing.length === 0 || membership.disclosure.isOpen) return;
    const known = new Set(living.map(({ organisation }) => organisation));
    const unknown = missing.filter(
      ({ organisation }) => organisation !== undefined && !known.has(organisation),
    );
    if (unknown.length === 0) return;
    // One of an organisation is enough: its members tell each other of those they meet.
    const own = living.filter((member) => membership.disclosure.isOwn(member)).length;
    if (random() < 1 / (own + 1)) for (const seed of sample(unknown, 1, random)) seeds.meet(seed);
  }

  #isLost(member: Member): boolean {
    const { peer, state, isReachable } = member;
    if (isLiving(member)) return !isReachable;
    // A peer whose identity has ended may have a new one, and be unable to come since ours had ended too.
    return state === "dead" || (state === "refused" && this.#parts.identities.newest(peer) === undefined);
  }
}
