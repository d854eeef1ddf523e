import type { GossipOptions } from "../options.ts";
import type { Random } from "../ports.ts";
import { sample } from "../random.ts";
import type { Member, Membership } from "./membership.ts";

export interface NewsTargetsParts {
  readonly membership: Membership;
  readonly random: Random;
  readonly options: GossipOptions;
}

/** To whom what is news goes in one batch. */
export interface NewsTargets {
  /** A few random neighbours of our own organisation: everything. */
  readonly near: readonly Member[];
  /** Where one of those is not seen from outside, and so hears of nobody there, others of ours: what is foreign. */
  readonly outward: readonly Member[];
  /** One random neighbour of each other organisation, which tells it at home: what is our own. */
  readonly foreign: readonly Member[];
}

/** Draws them anew. */
export function newsTargets(parts: NewsTargetsParts): NewsTargets {
  const { membership, random, options } = parts;
  const ours = membership.neighbours().filter((member) => membership.disclosure.isOwn(member));
  const near = sample(ours, options.statementFanout, random);
  const seen = ours.filter((member) => member.isExternal && !near.includes(member));
  const isSeen = membership.disclosure.isOpen || near.every(({ isExternal }) => isExternal);
  const outward = isSeen ? [] : sample(seen, options.statementFanout, random);
  return { near, outward, foreign: oneOfEachOther(parts) };
}

/** A random neighbour of each other organisation. */
function oneOfEachOther({ membership, random }: Omit<NewsTargetsParts, "options">): readonly Member[] {
  const others = new Map<string | undefined, Member[]>();
  for (const member of membership.neighbours()) {
    if (membership.disclosure.isOwn(member)) continue;
    const known = others.get(member.organisation);
    if (known === undefined) others.set(member.organisation, [member]);
    else known.push(member);
  }
  return [...others.values()].flatMap((members) => sample(members, 1, random));
}
