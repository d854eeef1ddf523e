import { Assembly } from "./assembly.ts";
import { roundsOf, type Cut } from "./cut.ts";
import { HelpLimits } from "./help-limits.ts";
import type { Lack } from "./lack.ts";
import type { PeerId } from "../ports.ts";

/**
 * While fewer than half of the chunks have come, the next one is waited for so long, or as long as they have been coming.
 * Between near peers chunks are few and large, and what makes them pause is a busy machine.
 */
const PATIENCE_MS = 250;
const NEAR_PATIENCE_MS = 1_000;
const PATIENCE_MS_MAX = 2_000;

/**
 * As they come from many relays, the second half takes no longer than the first one, which has waited for the source and
 * the relays to begin. When it has, a short pause is enough: what is lacking now is lost, or so late that it is no loss to
 * ask for it.
 */
const HALVES = 2;
const PAUSE_MS = 100;

/** How often missing chunks are asked for before the block is given up. */
const ATTEMPTS_MAX = 5;

/** From this attempt on the block may come by other ways beside. */
const ATTEMPTS_ALONE = 2;

/** Peers that are remembered to hold the block. */
const HOLDERS_MAX = 16;

/** Answers that wait for the block to be whole here. */
const OWED_MAX = 64;

/** How often one peer is sent what it lacks of one block. */
const ANSWERS_MAX = 4;

/** coming: chunks are waited for. here: it has come, by whatever way, and its chunks are still relayed. */
export type IncomingState = "coming" | "here" | "given-up";

/** A block of which one cutter has told: what has come of it, and how long the rest is waited for. */
export class IncomingBlock {
  readonly assembly: Assembly;
  /** Who is known to know the cut. */
  readonly informed: Set<PeerId>;
  /** What others may be given of it. */
  readonly help: HelpLimits;
  state: IncomingState;
  timer: Disposable | undefined;
  readonly #relayed = new Set<string>();
  readonly #holders = new Set<PeerId>();
  readonly #answered = new Map<PeerId, number>();
  readonly #sinceMs: number;
  #progressMs: number;
  readonly #owed: Lack[] = [];
  /** How long the first half of the chunks took. */
  #halfMs: number | undefined;
  #attempts = 0;
  #repeatedCuts = 0;

  constructor(cut: Cut, from: PeerId, state: IncomingState, nowMs: number) {
    this.assembly = new Assembly(cut);
    this.help = new HelpLimits(cut);
    this.informed = new Set([from, cut.cutter]);
    this.state = state;
    this.#sinceMs = nowMs;
    this.#progressMs = nowMs;
    if (state !== "coming") this.assembly.release();
  }

  /** Whether nobody else need be asked for the block. */
  get isPromising(): boolean {
    return this.state === "coming" && this.#attempts < ATTEMPTS_ALONE;
  }

  /** A chunk has come, or has been asked for. */
  noteProgress(nowMs: number): void {
    this.#progressMs = nowMs;
    const { count, cut } = this.assembly;
    if (2 * count > cut.lanes * roundsOf(cut)) this.#halfMs ??= nowMs - this.#sinceMs;
  }

  /** Until when the next chunk is waited for. `firstMs`: how long for the very first. */
  patientUntilMs(areNear: boolean, firstMs: number): number {
    if (this.assembly.count === 0) return this.#progressMs + firstMs;
    if (this.#halfMs === undefined || this.#attempts > 0) {
      const leastMs = areNear ? NEAR_PATIENCE_MS : PATIENCE_MS;
      const comingMs = this.#progressMs - this.#sinceMs;
      return this.#progressMs + Math.min(Math.max(leastMs, comingMs), PATIENCE_MS_MAX);
    }
    const pauseMs = areNear ? NEAR_PATIENCE_MS : PAUSE_MS;
    return Math.max(this.#sinceMs + HALVES * this.#halfMs, this.#progressMs + pauseMs);
  }

  /**
   * Whom to ask for what is missing: the cutter first, who can help all at once; then those who hold the block, and
   * where none is known, any of `others`, should the cutter be out of reach. Undefined where all has been tried.
   */
  nextToAsk(canReach: (peer: PeerId) => boolean, others: () => PeerId | undefined): PeerId | undefined {
    if (this.#attempts++ >= ATTEMPTS_MAX) return undefined;
    const { cutter } = this.assembly.cut;
    const isThere = canReach(cutter);
    const [holder] = this.#attempts === 1 && isThere ? [] : this.#holders;
    if (holder !== undefined) this.#holders.delete(holder);
    else if (!isThere) return others() ?? cutter;
    return holder ?? cutter;
  }

  /** A peer lacks what may not be here yet either: it is answered when the block is whole. */
  owe(lack: Lack): void {
    if (this.#owed.length < OWED_MAX) this.#owed.push(lack);
  }

  /** What peers are waiting for; they do no more. */
  takeOwed(): readonly Lack[] {
    return this.#owed.splice(0);
  }

  /** The peer says that it holds the block. */
  noteHolder(peer: PeerId): void {
    if (this.#holders.size < HOLDERS_MAX) this.#holders.add(peer);
  }

  /** True once for each chunk: it is now to be passed on. */
  relaysNow(lane: number, round: number): boolean {
    const place = `${lane} ${round}`;
    if (this.#relayed.has(place)) return false;
    this.#relayed.add(place);
    return true;
  }

  /** True once for each number of cuts: they are now to be told of again. */
  repeatsNow(cuts: number): boolean {
    const isNew = cuts > this.#repeatedCuts;
    this.#repeatedCuts = cuts;
    return isNew;
  }

  /** Whether the peer may be sent what it lacks once more. */
  answersNow(peer: PeerId): boolean {
    return takesAnother(this.#answered, peer);
  }
}

/** Counts the answers to a peer; false where it has had as many as it may have. */
export function takesAnother(answers: Map<PeerId, number>, peer: PeerId): boolean {
  const count = answers.get(peer) ?? 0;
  answers.set(peer, count + 1);
  return count < ANSWERS_MAX;
}
