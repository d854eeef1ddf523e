import type { BlockGossipParts } from "../channel/block-gossip-parts.ts";
import type { BlockIntake } from "../channel/block-intake.ts";
import { HeightLog } from "../catch-up/height-log.ts";
import { LeaderElection, type ElectionView, type Leadership as Standing } from "./leader-election.ts";
import { scaledIntervalMs } from "../options.ts";
import type { PeerId } from "../ports.ts";
import type { SourceFollower } from "./source-follower.ts";
import { CHANGES_PEERS_AT_BASE, type StateInfoGossip } from "../channel/state-info-gossip.ts";
import { NO_ROLE, type ChannelRole } from "../wire/statements.ts";
import { every } from "../time.ts";

export interface LeadershipParts extends BlockGossipParts {
  readonly intake: BlockIntake;
  readonly follower: SourceFollower;
  readonly stateInfo: StateInfoGossip;
  /** Whether a block is on its way. */
  readonly isComing: (number: number) => boolean;
}

/** Of what happens without a message it is known after so long. */
const LOOK_INTERVAL_MS = 250;
const PING_INTERVAL_MS = 500;
/** So many next in line ask the leader whether it lives. */
const WATCHERS = 2;
/** More than this the word about a height needs, beside its author's interval. */
const SPREAD_MS = 3_000;
/** A leader that did not bring what a source had is not reckoned with for so long. */
const DISTRUST_MS = 600_000;
/** How many looks at the source it has for that. */
const LOOKS_PATIENCE = 2;
/** Candidates beside our neighbours that are told at once. */
const TOLD_MAX = 64;

/** Of how many leaders one waits for the blocks, at most: any peer can say that it leads. */
const RANK_MAX = 4;

interface SourceLook {
  /** Of the source. */
  readonly height: number;
  /** The block that we lacked. */
  readonly next: number;
}

/**
 * Which peer brings a channel's blocks in for our organisation, and whether that is us: sees to it that
 * {@link LeaderElection} has what it decides by, that the others hear of it, and that the blocks do come.
 */
export class ChannelLeadership {
  readonly #parts: LeadershipParts;
  readonly #election: LeaderElection;
  readonly #heights: HeightLog;
  readonly #distrustedUntilMs = new Map<PeerId, number>();
  #said = NO_ROLE;
  #told: PeerId | undefined;
  /** Whom we ask whether it lives, since when, and when last. */
  #watch = { peer: undefined as PeerId | undefined, sinceMs: 0, pingedMs: 0 };
  #lookedMs: number;
  #looks: readonly SourceLook[] = [];
  #isRunning = false;
  /** Why nobody leads, where that was found out here. */
  #vacancy: string | undefined;

  constructor(parts: LeadershipParts) {
    const { clock, keyring, options, ledger } = parts;
    this.#parts = parts;
    this.#lookedMs = clock.now();
    this.#election = new LeaderElection(keyring.self, options, clock.now());
    this.#heights = new HeightLog(clock, () => ledger.height);
  }

  /** Takes part until disposed of, where there are sources and the options say so; who leads is seen anyway. */
  start(): Disposable {
    const { clock, random, options, sources, follower } = this.#parts;
    const timers = new DisposableStack();
    if (sources.length === 0 || !options.leader) return timers;
    this.#isRunning = true;
    this.#lookedMs = clock.now();
    this.#election.paused(clock.now());
    timers.use(
      every(
        clock,
        random,
        () => LOOK_INTERVAL_MS,
        () => this.#look(),
      ),
    );
    timers.use(follower.start());
    timers.defer(() => {
      this.#isRunning = false;
      // Another can take over before we are missed.
      this.#decide();
    });
    return timers;
  }

  /** Who leads, as seen from here. */
  get standing(): Standing {
    return this.#election.leadership;
  }

  /** What we say of ourselves. */
  get role(): ChannelRole {
    return { hasSource: this.#canLead(), leads: this.#election.leads };
  }

  /** How many leaders of the channel, of all organisations, have lower ids than ours. */
  get rank(): number {
    const { view, keyring } = this.#parts;
    const before = view
      .sourced()
      .filter(({ peer, leads }) => leads && peer < keyring.self && !this.#distrustedUntilMs.has(peer));
    return Math.min(before.length, RANK_MAX);
  }

  /** Our ledger has grown. */
  grown(): void {
    if (this.#isRunning) this.#heights.grown();
  }

  /** Somebody may have said another thing, come or gone. */
  changed(): void {
    const isIdle = !this.#isRunning && this.standing.leader === undefined;
    // With every message, in a network without sources.
    if (isIdle && this.#parts.view.sourced().length === 0) return;
    this.#decide();
  }

  /** The source has told its height, or failed to. */
  looked(): void {
    const { follower, intake } = this.#parts;
    const height = follower.report?.height;
    if (this.#election.leads || height === undefined) this.#looks = [];
    else {
      const { next } = intake;
      const looks = [...this.#looks, { height, next }].slice(-LOOKS_PATIENCE - 1);
      const [first] = looks;
      this.#looks = looks;
      const isStuck = looks.length > LOOKS_PATIENCE && first?.next === next && first.height > next;
      if (isStuck && !this.#parts.isComing(next)) this.#distrust(next);
    }
    this.#decide();
  }

  #look(): void {
    const { clock, options } = this.#parts;
    const nowMs = clock.now();
    const wasPaused = nowMs - this.#lookedMs >= options.sourceLostMs - PING_INTERVAL_MS;
    this.#lookedMs = nowMs;
    if (wasPaused) {
      this.#election.paused(nowMs);
      this.#watch = { ...this.#watch, sinceMs: nowMs };
      this.#looks = [];
    }
    this.#watchLeader(nowMs);
    this.#decide();
  }

  #decide(): void {
    const { clock, follower, keyring } = this.#parts;
    const { leader } = this.#election.decide(this.#view(), clock.now());
    if (leader !== undefined) this.#vacancy = undefined;
    follower.lead(leader === keyring.self);
    const { role } = this;
    if (role.leads !== this.#said.leads || role.hasSource !== this.#said.hasSource) {
      this.#said = role;
      this.#parts.stateInfo.tell(this.#audience());
    }
    this.#tellChange();
  }

  #tellChange(): void {
    const { name, observe } = this.#parts;
    const { leader, reason } = this.standing;
    if (leader === this.#told) return;
    this.#told = leader;
    observe({ kind: "leader", channel: name, peer: leader, reason });
  }

  /** The two next in line ask the leader whether it lives; whom they do not hear leads no more, until it says so anew. */
  #watchLeader(nowMs: number): void {
    const { keyring, heardMs, view, options, transport, mayJudge } = this.#parts;
    const { leader } = this.standing;
    const place = this.#election.place(this.#view());
    if (leader === undefined || leader === keyring.self || place < 0 || place >= WATCHERS) {
      this.#watch = { peer: undefined, sinceMs: nowMs, pingedMs: 0 };
      return;
    }
    if (this.#watch.peer !== leader) this.#watch = { peer: leader, sinceMs: nowMs, pingedMs: 0 };
    const silentMs = nowMs - Math.max(heardMs(leader) ?? 0, this.#watch.sinceMs);
    if (silentMs >= options.sourceLostMs && mayJudge()) {
      view.forgetRole(leader);
      this.#vacancy = `${leader}, which led, has fallen silent`;
    } else if (nowMs - this.#watch.pingedMs >= PING_INTERVAL_MS - LOOK_INTERVAL_MS / 2) {
      this.#watch = { ...this.#watch, pingedMs: nowMs };
      // Whatever comes from it is the answer.
      transport.send(leader, { kind: "ping", id: 0, accusation: undefined });
    }
  }

  /** Those that lead have had time to bring what our source has had for a while. */
  #distrust(missing: number): void {
    const untilMs = this.#parts.clock.now() + DISTRUST_MS;
    for (const { peer, leads } of this.#others()) {
      if (!leads) continue;
      this.#distrustedUntilMs.set(peer, untilMs);
      this.#vacancy = `${peer}, which led, did not bring block ${missing}`;
    }
    this.#looks = [];
  }

  #view(): ElectionView {
    const { ledger, options, view } = this.#parts;
    const { height } = ledger;
    const saidMs = scaledIntervalMs(
      options.stateInfoIntervalMs,
      view.active().length + 1,
      CHANGES_PEERS_AT_BASE,
    );
    const growth = height - this.#heights.heightAgo(saidMs + SPREAD_MS);
    const canLead = this.#canLead();
    return { height, growth, canLead, vacancy: this.#vacancy, others: this.#others() };
  }

  #others(): ElectionView["others"] {
    const { view, clock, disclosure, partyOf } = this.#parts;
    const nowMs = clock.now();
    for (const [peer, untilMs] of this.#distrustedUntilMs)
      if (untilMs <= nowMs || !view.isMember(peer)) this.#distrustedUntilMs.delete(peer);
    return view
      .sourced()
      .filter(({ peer }) => disclosure.isOwn(partyOf(peer)) && !this.#distrustedUntilMs.has(peer))
      .map(({ peer, leads }) => ({ peer, leads, height: view.heightOf(peer) ?? 0 }));
  }

  #canLead(): boolean {
    const { follower, mayJudge } = this.#parts;
    return this.#isRunning && follower.report?.isHealthy === true && mayJudge();
  }

  /** Of our organisation those that we have links to, and those for whom it matters. */
  #audience(): readonly PeerId[] {
    const { view } = this.#parts;
    const candidates = view.sourced().map(({ peer }) => peer);
    return [...new Set([...this.#own(view.neighbours()), ...this.#own(candidates).slice(0, TOLD_MAX)])];
  }

  #own(peers: readonly PeerId[]): readonly PeerId[] {
    const { disclosure, partyOf } = this.#parts;
    return peers.filter((peer) => disclosure.isOwn(partyOf(peer)));
  }
}
