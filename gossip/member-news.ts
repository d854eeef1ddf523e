import type { Membership } from "./membership.ts";
import type { MemberEntry, Message } from "./messages.ts";
import type { GossipOptions } from "./options.ts";
import type { PeerId, Random, Transport } from "./ports.ts";
import { sample } from "./random.ts";

export interface MemberNewsParts {
  readonly membership: Membership;
  readonly transport: Transport;
  readonly random: Random;
  readonly options: GossipOptions;
}

interface News {
  readonly entry: MemberEntry;
  /** With how many batches it is still to go. */
  readonly batches: number;
}

/** A peer that comes or leaves is told of more often than one that merely still lives: the next word is far away. */
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
  /** By author. */
  readonly #news = new Map<PeerId, News>();

  constructor(parts: MemberNewsParts) {
    this.#parts = parts;
  }

  /** The newest word about a member, to be passed on. */
  tell(about: PeerId, entry: MemberEntry, isChange: boolean): void {
    this.#news.set(about, { entry, batches: isChange ? CHANGE_BATCHES : 1 });
  }

  /** Passes on what has gathered. */
  passOn(): void {
    const { membership, options, random } = this.#parts;
    if (this.#news.size === 0) return;
    const neighbours = membership.neighbours();
    if (neighbours.length === 0) return;
    const ours = neighbours.filter((member) => membership.disclosure.isOwn(member));
    const targets = sample(ours, options.statementFanout, random);
    // Who is not seen from outside hears of nobody there: others of us must.
    const outward = targets.every(({ isExternal }) => isExternal)
      ? []
      : sample(
          ours.filter((member) => member.isExternal && !targets.includes(member)),
          options.statementFanout,
          random,
        );
    const foreign = this.#oneOfEachOther();
    // Who was shown out meanwhile is not spoken of.
    for (const about of this.#news.keys())
      if (membership.get(about)?.state === "refused") this.#news.delete(about);
    const news = [...this.#news];
    for (const [about, { entry, batches }] of news) {
      if (batches > 1) this.#news.set(about, { entry, batches: batches - 1 });
      else this.#news.delete(about);
    }
    const isForeign = ([about]: (typeof news)[number]) =>
      !membership.disclosure.isOwn(membership.partyOf(about));
    this.#send(targets, news);
    this.#send(outward, news.filter(isForeign));
    this.#send(
      foreign,
      news.filter(([about]) => about === membership.self),
    );
  }

  /** Tells random peers at once that we leave. */
  sayGoodbye(entry: MemberEntry): void {
    const { membership, options, random } = this.#parts;
    const ours = membership.neighbours().filter((member) => membership.disclosure.isOwn(member));
    const targets = [...sample(ours, 2 * options.statementFanout, random), ...this.#oneOfEachOther()];
    this.#send(targets, [[membership.self, { entry, batches: 1 }]]);
  }

  #oneOfEachOther(): readonly Target[] {
    const { membership, random } = this.#parts;
    const others = new Map<string | undefined, Target[]>();
    for (const member of membership.neighbours()) {
      if (membership.disclosure.isOwn(member)) continue;
      const known = others.get(member.organisation);
      if (known === undefined) others.set(member.organisation, [member]);
      else known.push(member);
    }
    return [...others.values()].flatMap((members) => sample(members, 1, random));
  }

  /** Peers that may be told the same get the same messages. */
  #send(targets: readonly Target[], news: readonly (readonly [PeerId, News])[]): void {
    const { membership, transport } = this.#parts;
    const made = new Map<string, readonly Message[]>();
    for (const target of targets) {
      const key = `${target.isExternal} ${target.organisation ?? ""}`;
      let messages = made.get(key);
      if (messages === undefined) {
        const entries = news.flatMap(
          ([about, { entry }]) => membership.entryFor(target, membership.partyOf(about), entry) ?? [],
        );
        messages = inBatches(entries).map((members): Message => ({ kind: "alive", members }));
        made.set(key, messages);
      }
      for (const message of messages) transport.send(target.peer, message);
    }
  }
}

type Target = ReturnType<Membership["neighbours"]>[number];

/** Splits entries into lists of at most `BATCH_BYTES_MAX` each. */
export function inBatches(entries: readonly MemberEntry[]): MemberEntry[][] {
  const lists: MemberEntry[][] = [];
  let bytes = Infinity;
  for (const entry of entries) {
    const size = bytesOf(entry.alive) + (entry.internal === undefined ? 0 : bytesOf(entry.internal));
    if (bytes + size > BATCH_BYTES_MAX) {
      lists.push([]);
      bytes = 0;
    }
    lists.at(-1)?.push(entry);
    bytes += size;
  }
  return lists;
}

function bytesOf({ payload, signature }: MemberEntry["alive"]): number {
  return payload.length + signature.length;
}
