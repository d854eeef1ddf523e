import type { BlockHash } from "../../chain/block.ts";
import type { RepairOutcome } from "../wire/messages.ts";
import type { PeerId } from "../ports.ts";

/** What a ring of repair has come to, by what each member says of itself. */
export interface RingReport {
  /** How many hops were made. */
  readonly hops: number;
  /** In the order of the ring; the one that was asked is the first. */
  readonly members: readonly RingMember[];
  /**
   * Whether all that were reached ended on one chain, none of them lower than any of them began, and with nothing
   * damaged that is known. Where no new blocks come meanwhile, that is one height and one tip.
   */
  readonly isEqual: boolean;
}

/** One member's part. */
export interface RingMember {
  readonly peer: PeerId;
  /** Whether it has answered at all. */
  readonly isReached: boolean;
  /** Height when it was first asked; undefined where it was not reached, as for what else it would have said. */
  readonly before: number | undefined;
  readonly after: number | undefined;
  readonly tipHash: BlockHash | undefined;
  readonly copied: number;
  /** Highest first. */
  readonly damaged: readonly number[];
  readonly mended: readonly number[];
  /** Whether it has read all that it has stored. */
  readonly isVerified: boolean;
  /** Whether more is damaged than it has named. */
  readonly hasMore: boolean;
  /** Why it was given up, or what was left undone in its last hop, as a code; undefined: nothing. */
  readonly failure: string | undefined;
}

/** A member's part as it comes in. */
export class RingMemberRecord {
  readonly peer: PeerId;
  #first: RepairOutcome | undefined;
  #last: RepairOutcome | undefined;
  #copied = 0;
  readonly #damaged = new Set<number>();
  readonly #mended = new Set<number>();
  #isVerified = false;
  #givenUp: string | undefined;

  constructor(peer: PeerId) {
    this.peer = peer;
  }

  /** Whether it takes part no more. */
  get isGivenUp(): boolean {
    return this.#givenUp !== undefined;
  }

  /** Whether it has read all that it has stored. */
  get isVerified(): boolean {
    return this.#isVerified;
  }

  /** How high it was when it last said so. */
  get height(): number {
    return this.#last?.heightAfter ?? 0;
  }

  giveUp(code: string): void {
    this.#givenUp = code;
  }

  add(outcome: RepairOutcome): void {
    this.#first ??= outcome;
    this.#last = outcome;
    this.#copied += outcome.copied;
    for (const number of outcome.damaged) this.#damaged.add(number);
    for (const number of outcome.mended) this.#mended.add(number);
    this.#isVerified ||= outcome.isVerified;
  }

  report(): RingMember {
    return {
      peer: this.peer,
      isReached: this.#last !== undefined,
      before: this.#first?.heightBefore,
      after: this.#last?.heightAfter,
      tipHash: this.#last?.tipHash,
      copied: this.#copied,
      damaged: [...this.#damaged].sort((a, b) => b - a),
      mended: [...this.#mended].sort((a, b) => b - a),
      isVerified: this.#isVerified,
      hasMore: this.#last?.hasMore ?? false,
      failure: this.#givenUp ?? this.#last?.failure,
    };
  }
}

/**
 * Whether the members that were reached are equal, see {@link RingReport}. `hashAt` is that of our own block of a
 * number; undefined where there is none, or it is damaged.
 */
export async function areEqual(
  members: readonly RingMember[],
  hashAt: (number: number) => Promise<BlockHash | undefined>,
): Promise<boolean> {
  const reached = members.filter(({ isReached }) => isReached);
  const target = Math.max(...reached.map(({ before = 0 }) => before));
  const tips = new Map<number, BlockHash | undefined>();
  for (const { after = 0, tipHash, damaged, mended, hasMore } of reached) {
    const isMended = !hasMore && damaged.every((number) => mended.includes(number));
    if (after < target || !isMended) return false;
    if (!tips.has(after)) tips.set(after, (await hashAt(after - 1)) ?? tipHash);
    if (tips.get(after) !== tipHash) return false;
  }
  return true;
}
