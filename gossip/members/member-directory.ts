import { equals } from "uint8arrays/equals";
import type { Disclosure, Party } from "./disclosure.ts";
import type { Member } from "./membership.ts";
import type { PeerId } from "../ports.ts";
import { ViewHash } from "./view-hash.ts";

/** The hashes of an organisation's living members. */
interface OrganisationHashes {
  readonly all: ViewHash;
  /** Of those that can be seen from outside. */
  readonly external: ViewHash;
}

/** The members that are remembered, with the views of them that are asked for often. Data only; it decides nothing. */
export class MemberDirectory {
  readonly #members = new Map<PeerId, Member>();
  readonly #hashes = new Map<string, OrganisationHashes>();
  #living: readonly Member[] | undefined;
  #version = 0;

  /** Goes up whenever who is alive or can be reached, or what they say of themselves, changes. */
  get version(): number {
    return this.#version;
  }

  get size(): number {
    return this.#members.size;
  }

  get(peer: PeerId): Member | undefined {
    return this.#members.get(peer);
  }

  /** All, in whatever state. */
  all(): readonly Member[] {
    return [...this.#members.values()];
  }

  /** Those that are alive or suspect. */
  living(): readonly Member[] {
    this.#living ??= this.all().filter(isLiving);
    return this.#living;
  }

  set(member: Member): void {
    const before = this.#members.get(member.peer);
    this.#members.set(member.peer, member);
    this.#living = undefined;
    if (before !== undefined && describesSame(before, member)) return;
    this.#version++;
    if (before !== undefined) this.#toggle(before);
    this.#toggle(member);
  }

  delete(member: Member): void {
    this.#members.delete(member.peer);
    this.#toggle(member);
    this.#living = undefined;
    this.#version++;
  }

  /**
   * The hash of those of whom we and the other tell each other, ourselves included: within an organisation everybody,
   * or those of the organisation where one of the two hears of no others; between two, what can be seen of both.
   */
  hashFor(
    to: Party,
    disclosure: Disclosure,
    self: { readonly peer: PeerId; readonly incarnation: number } & Party,
  ) {
    const hash = new ViewHash();
    const sees = self.isExternal && to.isExternal;
    for (const [key, { all, external }] of this.#hashes) {
      const isOurs = key === keyOf(self);
      if (disclosure.isOpen || (disclosure.isOwn(to) && (isOurs || sees))) hash.add(all);
      else if (!disclosure.isOwn(to) && (isOurs || key === keyOf(to))) hash.add(external);
    }
    hash.toggle(self.peer, self.incarnation);
    return hash.bytes;
  }

  #toggle(member: Member): void {
    if (!isLiving(member)) return;
    const key = keyOf(member);
    const hashes = this.#hashes.get(key) ?? { all: new ViewHash(), external: new ViewHash() };
    this.#hashes.set(key, hashes);
    const { incarnation } = member.statement;
    hashes.all.toggle(member.peer, incarnation);
    if (member.isExternal) hashes.external.toggle(member.peer, incarnation);
  }
}

/** Whether it is taken for one that takes part, be it doubted or not. */
export function isLiving({ state }: Pick<Member, "state">): boolean {
  return state === "alive" || state === "suspect";
}

function keyOf({ organisation }: Party): string {
  return organisation ?? "";
}

/** Whether two records of one peer differ in nothing but the time. */
function describesSame(before: Member, after: Member): boolean {
  const [old, fresh] = [before.statement, after.statement];
  return (
    before.state === after.state &&
    before.isReachable === after.isReachable &&
    before.credentials === after.credentials &&
    before.isExternal === after.isExternal &&
    old.incarnation === fresh.incarnation &&
    old.channelTags.length === fresh.channelTags.length &&
    old.channelTags.every((tag, index) => equals(tag, fresh.channelTags[index] ?? EMPTY))
  );
}

const EMPTY = new Uint8Array(0);
