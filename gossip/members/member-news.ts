import type { Accusation } from "../failures/accusations.ts";
import type { Party } from "./disclosure.ts";
import type { Member, Membership } from "./membership.ts";
import { newsTargets } from "./news-targets.ts";
import { inBatches, statementBytes } from "../wire/in-batches.ts";
import type { MemberEntry, Message, SignedStatement } from "../wire/messages.ts";
import type { GossipOptions } from "../options.ts";
import type { Clock, PeerId, Random, Transport } from "../ports.ts";
import { every } from "../time.ts";

export interface MemberNewsParts {
  readonly membership: Membership;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly options: GossipOptions;
}

/** A word about a member, of its own or of one that accuses it. */
type Word = { readonly entry: MemberEntry } | { readonly accusation: Accusation };

interface News {
  readonly about: PeerId;
  readonly word: Word;
  /** Whether it changes somebody's state. */
  readonly isChange: boolean;
  /** With how many batches it is still to go. */
  readonly batches: number;
}

/** What changes somebody's state is told more often than that he merely still lives: the next word is far away. */
const CHANGE_BATCHES = 3;

/** So many times as often as batches go changes, while there are any: a death waits for them at each hop. */
const CHANGE_HASTE = 10;

/** The most bytes of statements in one message. */
const BATCH_BYTES_MAX = 256 << 10;

/**
 * What is to be passed on about members: each statement once, to a few random neighbours of our own organisation that
 * may know of it; changes three times, and soon. Other organisations hear of us from ourselves alone, one random
 * neighbour of each: they tell it among themselves, and no organisation tells a second about a third. In an open network
 * all are one organisation.
 */
export class MemberNews {
  readonly #parts: MemberNewsParts;
  /** By author, and whom he accuses. */
  readonly #news = new Map<string, News>();
  #isRunning = false;
  /** Runs while there are changes to pass on. */
  #haste: Disposable | undefined;

  constructor(parts: MemberNewsParts) {
    this.#parts = parts;
  }

  /** Passes on until disposed of. */
  start(): Disposable {
    const { clock, random, options } = this.#parts;
    const timers = new DisposableStack();
    timers.use(
      every(
        clock,
        random,
        () => options.batchIntervalMs,
        () => this.#passOn([...this.#news]),
      ),
    );
    this.#isRunning = true;
    this.#hasten();
    timers.defer(() => {
      this.#isRunning = false;
      this.#haste?.[Symbol.dispose]();
    });
    return timers;
  }

  /** The newest word about a member, to be passed on. */
  tell(about: PeerId, entry: MemberEntry, isChange: boolean): void {
    this.#news.set(about, { about, word: { entry }, isChange, batches: isChange ? CHANGE_BATCHES : 1 });
    if (isChange) this.#hasten();
  }

  /** A member is accused, which is to be passed on. */
  tellAccusation(accusation: Accusation): void {
    const { peer, accused } = accusation;
    const news = { about: accused, word: { accusation }, isChange: true, batches: CHANGE_BATCHES };
    this.#news.set(`${peer} ${accused}`, news);
    this.#hasten();
  }

  #hasten(): void {
    const { membership, clock, random, options } = this.#parts;
    const isAlone = membership.neighbours().length === 0;
    if (!this.#isRunning || isAlone || this.#haste !== undefined) return;
    const delayMs = (options.batchIntervalMs / CHANGE_HASTE) * (0.9 + 0.2 * random());
    this.#haste = clock.schedule(delayMs, () => {
      this.#haste = undefined;
      const changes = [...this.#news].filter(([, { isChange }]) => isChange);
      this.#passOn(changes);
      if (changes.length > 0) this.#hasten();
    });
  }

  #passOn(gathered: readonly (readonly [string, News])[]): void {
    const { membership } = this.#parts;
    if (gathered.length === 0 || membership.neighbours().length === 0) return;
    const news: News[] = [];
    for (const [key, each] of gathered) {
      const batches = each.batches - 1;
      // Who was shown out meanwhile is not spoken of.
      const isRefused = membership.get(each.about)?.state === "refused";
      if (!isRefused) news.push(each);
      if (batches > 0 && !isRefused) this.#news.set(key, { ...each, batches });
      else this.#news.delete(key);
    }
    const { near, outward, foreign } = newsTargets(this.#parts);
    const isForeign = ({ about }: News) => !membership.disclosure.isOwn(membership.partyOf(about));
    this.#send(near, news);
    this.#send(outward, news.filter(isForeign));
    this.#send(
      foreign,
      news.filter((each) => this.#authorOf(each) === membership.self),
    );
  }

  /** Tells all neighbours at once that we leave: what they would still give us to pass on would be lost. */
  sayGoodbye(entry: MemberEntry): void {
    const { membership } = this.#parts;
    this.#send(membership.neighbours(), [
      { about: membership.self, word: { entry }, isChange: true, batches: 1 },
    ]);
  }

  #authorOf({ about, word }: News): PeerId {
    return "entry" in word ? about : word.accusation.peer;
  }

  /** Peers that may be told the same get the same messages. */
  #send(targets: readonly Member[], news: readonly News[]): void {
    const { transport } = this.#parts;
    const made = new Map<string, readonly Message[]>();
    for (const target of targets) {
      const key = `${target.isExternal} ${target.organisation ?? ""}`;
      let messages = made.get(key);
      if (messages === undefined) {
        messages = this.#messagesFor(target, news);
        made.set(key, messages);
      }
      for (const message of messages) transport.send(target.peer, message);
    }
  }

  #messagesFor(target: Party, news: readonly News[]): readonly Message[] {
    const { membership } = this.#parts;
    const entries: MemberEntry[] = [];
    const accusations: Accusation[] = [];
    for (const { about, word } of news) {
      if ("accusation" in word) accusations.push(word.accusation);
      else entries.push(...oneOrNone(membership.entryFor(target, membership.partyOf(about), word.entry)));
    }
    const told = accusationsFor(membership, target, accusations);
    const messages = entryBatches(entries).map((members): Message => ({ kind: "alive", members }));
    if (told.length > 0) messages.push({ kind: "accusations", statements: told });
    return messages;
  }
}

/** Those of the accusations that the peer may be told, both whom they are by and whom they are of. */
export function accusationsFor(
  membership: Membership,
  to: Party,
  accusations: readonly Accusation[],
): readonly SignedStatement[] {
  const mayTell = (peer: PeerId) => membership.disclosure.mayTell(to, membership.partyOf(peer));
  return accusations
    .filter(({ peer, accused }) => mayTell(peer) && mayTell(accused))
    .map(({ signed }) => signed);
}

function oneOrNone<T>(value: T | undefined): readonly T[] {
  return value === undefined ? [] : [value];
}

/** Entries in lists that each fit one message. */
export function entryBatches(entries: readonly MemberEntry[]): MemberEntry[][] {
  return inBatches(
    entries,
    BATCH_BYTES_MAX,
    ({ alive, internal }) => statementBytes(alive) + (internal === undefined ? 0 : statementBytes(internal)),
  );
}
