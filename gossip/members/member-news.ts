import type { Accusation } from "../failures/accusations.ts";
import type { Party } from "./disclosure.ts";
import type { Member, Membership } from "./membership.ts";
import { newsTargets } from "./news-targets.ts";
import { inBatches, statementBytes } from "../wire/in-batches.ts";
import type { MemberEntry, Message, SignedStatement } from "../wire/messages.ts";
import type { GossipOptions } from "../options.ts";
import type { PeerId, Random, Transport } from "../ports.ts";

export interface MemberNewsParts {
  readonly membership: Membership;
  readonly transport: Transport;
  readonly random: Random;
  readonly options: GossipOptions;
}

/** A word about a member, of its own or of one that accuses it. */
type Word = { readonly entry: MemberEntry } | { readonly accusation: Accusation };

interface News {
  readonly about: PeerId;
  readonly word: Word;
  /** With how many batches it is still to go. */
  readonly batches: number;
}

/** What changes somebody's state is told more often than that he merely still lives: the next word is far away. */
const CHANGE_BATCHES = 3;

/** The most bytes of statements in one message. */
const BATCH_BYTES_MAX = 256 << 10;

/**
 * What is to be passed on about members: each statement once, to a few random neighbours of our own organisation that
 * may know of it; changes three times. Other organisations hear of us from ourselves alone, one random neighbour of
 * each: they tell it among themselves, and no organisation tells a second about a third. In an open network all are
 * one organisation.
 */
export class MemberNews {
  readonly #parts: MemberNewsParts;
  /** By author, and whom he accuses. */
  readonly #news = new Map<string, News>();

  constructor(parts: MemberNewsParts) {
    this.#parts = parts;
  }

  /** The newest word about a member, to be passed on. */
  tell(about: PeerId, entry: MemberEntry, isChange: boolean): void {
    this.#news.set(about, { about, word: { entry }, batches: isChange ? CHANGE_BATCHES : 1 });
  }

  /** A member is accused, which is to be passed on. */
  tellAccusation(accusation: Accusation): void {
    const { peer, accused } = accusation;
    this.#news.set(`${peer} ${accused}`, { about: accused, word: { accusation }, batches: CHANGE_BATCHES });
  }

  /** Passes on what has gathered. */
  passOn(): void {
    const { membership } = this.#parts;
    if (this.#news.size === 0) return;
    if (membership.neighbours().length === 0) return;
    const { near, outward, foreign } = newsTargets(this.#parts);
    // Who was shown out meanwhile is not spoken of.
    for (const [key, { about }] of this.#news)
      if (membership.get(about)?.state === "refused") this.#news.delete(key);
    const news = [...this.#news.values()];
    for (const [key, { batches, ...rest }] of this.#news) {
      if (batches > 1) this.#news.set(key, { ...rest, batches: batches - 1 });
      else this.#news.delete(key);
    }
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
    this.#send(membership.neighbours(), [{ about: membership.self, word: { entry }, batches: 1 }]);
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
