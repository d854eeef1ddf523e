import type { GossipOptions } from "../options.ts";
import type { PeerId } from "../ports.ts";

/** A peer of our organisation whose block source answers, as far as is known here. */
export interface Candidate {
  readonly peer: PeerId;
  readonly height: number;
  /** Whether it says that it leads. */
  readonly leads: boolean;
}

/** What an election is decided by. */
export interface ElectionView {
  /** Of our own ledger. */
  readonly height: number;
  /** By so many blocks it has grown while the words of others were on their way; they may be higher by as much. */
  readonly growth: number;
  /** Whether our own source answers and our view is to be trusted. */
  readonly canLead: boolean;
  /** Why nobody leads, where it is known. */
  readonly vacancy?: string | undefined;
  /** The other candidates; those that are not to be reckoned with are left out. */
  readonly others: readonly Candidate[];
}

/** Who leads, as seen from here. */
export interface Leadership {
  /** Undefined: nobody. */
  readonly leader: PeerId | undefined;
  /** Why, in words. */
  readonly reason: string;
  readonly sinceMs: number;
}

type ElectionOptions = Pick<GossipOptions, "leaderLagBlocks" | "leaderPatienceMs">;

const NOBODY = "no peer of the organisation that has a block source says that it leads";

/**
 * Which peer of an organisation brings blocks in. There are no votes: each peer says whether its source answers and
 * whether it leads, and decides for itself by what it has heard. The line is made of those within `leaderLagBlocks` of
 * the highest, by id, and behind them the others by height. The first in line claims where nobody leads, the k-th one k
 * times `leaderPatienceMs` later; of two that lead the one behind in line yields. Whoever leads stays, unless it lags:
 * then the first in line claims over it (Fabric keeps the lowest id however far it is behind, fabric-rfcs #49).
 *
 * Two leaders for a moment cost a block that is sent twice; none costs blocks that come late. All methods are
 * synchronous; times are the caller's clock.
 */
export class LeaderElection {
  readonly #self: PeerId;
  readonly #options: ElectionOptions;
  #leads = false;
  /** Why we lead. */
  #claim = "";
  #vacantSinceMs: number | undefined;
  #aheadSinceMs: number | undefined;
  /** Until then others have had no time to tell us that they lead. */
  #listensUntilMs: number;
  #leadership: Leadership;

  constructor(self: PeerId, options: ElectionOptions, nowMs: number) {
    this.#self = self;
    this.#options = options;
    this.#leadership = { leader: undefined, reason: NOBODY, sinceMs: nowMs };
    this.#listensUntilMs = nowMs + options.leaderPatienceMs;
  }

  get leads(): boolean {
    return this.#leads;
  }

  get leadership(): Leadership {
    return this.#leadership;
  }

  /** Nothing ran here for a while: others may have taken over. */
  paused(nowMs: number): void {
    this.#leads = false;
    this.#listensUntilMs = nowMs + this.#options.leaderPatienceMs;
  }

  /** Takes note of what is seen, and claims or yields. Who leads now. */
  decide(view: ElectionView, nowMs: number): Leadership {
    if (this.#leads) this.#leads = this.#mayStay(view);
    else if (view.canLead) this.#consider(view, nowMs);
    const leader = this.#leads ? this.#self : this.#leaderOf(view)?.peer;
    if (leader !== this.#leadership.leader)
      this.#leadership = { leader, reason: this.#reason(leader), sinceMs: nowMs };
    return this.#leadership;
  }

  /** How many stand before us in the line of those that do not lead. */
  place(view: ElectionView): number {
    return this.#line(view)
      .filter(({ leads }) => !leads)
      .findIndex(({ peer }) => peer === this.#self);
  }

  #mayStay(view: ElectionView): boolean {
    if (!view.canLead) return false;
    const leaders = this.#line(view).filter(({ peer, leads }) => leads || peer === this.#self);
    return leaders[0]?.peer === this.#self;
  }

  #consider(view: ElectionView, nowMs: number): void {
    const { leaderPatienceMs, leaderLagBlocks } = this.#options;
    const leader = this.#leaderOf(view);
    const isAhead = leader !== undefined && view.height > leader.height + leaderLagBlocks + view.growth;
    this.#vacantSinceMs = leader === undefined ? (this.#vacantSinceMs ?? nowMs) : undefined;
    this.#aheadSinceMs = isAhead ? (this.#aheadSinceMs ?? nowMs) : undefined;
    const sinceMs = this.#vacantSinceMs ?? this.#aheadSinceMs;
    if (sinceMs === undefined || nowMs < this.#listensUntilMs) return;
    const turns = this.place(view) + (leader === undefined ? 0 : 1);
    if (nowMs < sinceMs + turns * leaderPatienceMs) return;
    this.#leads = true;
    this.#claim =
      leader === undefined
        ? (view.vacancy ?? "its block source answers, and no other leads")
        : `${leader.peer}, which led, is ${view.height - leader.height} blocks behind`;
    this.#vacantSinceMs = undefined;
    this.#aheadSinceMs = undefined;
  }

  #leaderOf(view: ElectionView): Candidate | undefined {
    return this.#line(view).find(({ peer, leads }) => leads && peer !== this.#self);
  }

  /** All candidates, the best first. */
  #line({ height, growth, canLead, others }: ElectionView): readonly Candidate[] {
    const own = canLead ? [{ peer: this.#self, height, leads: this.#leads }] : [];
    const all = [...others, ...own];
    const highest = Math.max(...all.map((candidate) => candidate.height));
    const isNear = (candidate: Candidate) => {
      // What we know of ourselves is of now, so it is not higher.
      const slack = candidate.peer === this.#self ? 0 : growth;
      return candidate.height + this.#options.leaderLagBlocks + slack >= highest;
    };
    const near = all.filter(isNear).sort(byId);
    const far = all
      .filter((candidate) => !isNear(candidate))
      .sort((a, b) => b.height - a.height || byId(a, b));
    return [...near, ...far];
  }

  #reason(leader: PeerId | undefined): string {
    if (leader === undefined) return NOBODY;
    return leader === this.#self ? this.#claim : "it says that it leads, and that its block source answers";
  }
}

function byId(a: Candidate, b: Candidate): number {
  return a.peer < b.peer ? -1 : a.peer > b.peer ? 1 : 0;
}
