import { Assembly } from "./assembly.ts";
import { roundsOf, type Cut } from "./cut.ts";
import type { PeerId } from "../ports.ts";

/**
 * Chunks are waited for so long after the last one, or until a pause is twice as long as any before: as they come from
 * many relays, they come evenly at last. While fewer than half are here, they are waited for as long as they have been
 * coming. Between near peers chunks are few and large, and what makes them pause is a busy machine.
 */
const PATIENCE_MS = 250;
const NEAR_PATIENCE_MS = 1_000;
const PATIENCE_MS_MAX = 2_000;
const PAUSES = 2;

/** How often missing chunks are asked for before the block is given up. */
const ATTEMPTS_MAX = 5;

/** From this attempt on the block may come by other ways beside. */
const ATTEMPTS_ALONE = 2;

/** Peers that are remembered to hold the block. */
const HOLDERS_MAX = 16;

/** Peers that wait for what is missing here as well. */
const ASKERS_MAX = 16;

/** How often one peer is sent what it lacks of one block. */
const ANSWERS_MAX = 4;

/** coming: chunks are waited for. here: it has come, by whatever way, and its chunks are still relayed. */
export type IncomingState = "coming" | "here" | "given-up";

/** A block of which one cutter has told: what has come of it, and how long the rest is waited for. */
export class IncomingBlock {
  readonly assembly: Assembly;
  /** Who is known to know the cut. */
  readonly informed: Set<PeerId>;
  state: IncomingState;
  timer: Disposable | undefined;
  readonly #relayed = new Set<string>();
  readonly #holders = new Set<PeerId>();
  readonly #answered = new Map<PeerId, number>();
  readonly #sinceMs: number;
  #progressMs: number;
  readonly #askers = new Map<PeerId, Uint8Array>();
  #longestPauseMs = 0;
  #attempts = 0;

  constructor(cut: Cut, from: PeerId, state: IncomingState, nowMs: number) {
    this.assembly = new Assembly(cut);
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

  /** Whether some of it has been asked for. */
  get wasAsked(): boolean {
    return this.#attempts > 0;
  }

  get #isHalfHere(): boolean {
    const { count, cut } = this.assembly;
    return 2 * count > cut.lanes * roundsOf(cut);
  }

  /** The longest time between two chunks after half of them have come, until some are asked for. */
  get longestPauseMs(): number {
    return this.#longestPauseMs;
  }

  /** A chunk has come, or has been asked for. */
  noteProgress(nowMs: number): void {
    if (this.#isHalfHere && !this.wasAsked)
      this.#longestPauseMs = Math.max(this.#longestPauseMs, nowMs - this.#progressMs);
    this.#progressMs = nowMs;
  }

  /**
   * Until when the next chunk is waited for.
   *
   * @param firstMs how long for the very first.
   * @param learnedMs how long a pause may be, where that is known.
   */
  patientUntilMs(areNear: boolean, firstMs: number, learnedMs: number | undefined): number {
    if (this.assembly.count === 0) return this.#progressMs + firstMs;
    const leastMs = areNear ? NEAR_PATIENCE_MS : PATIENCE_MS;
    const comingMs = this.#progressMs - this.#sinceMs;
    const pauseMs = this.#isHalfHere ? PAUSES * this.#longestPauseMs : comingMs;
    const waitMs = Math.max(leastMs, Math.min(pauseMs, comingMs));
    const learned = areNear || !this.#isHalfHere ? undefined : learnedMs;
    return this.#progressMs + Math.min(waitMs, learned ?? PATIENCE_MS_MAX, PATIENCE_MS_MAX);
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

  /** A peer lacks what is not here yet either: it is answered when the block is whole. */
  noteAsker(peer: PeerId, present: Uint8Array): void {
    if (this.#askers.has(peer) || this.#askers.size < ASKERS_MAX) this.#askers.set(peer, present);
  }

  /** Those who wait for an answer; they do no more. */
  takeAskers(): ReadonlyMap<PeerId, Uint8Array> {
    const askers = new Map(this.#askers);
    this.#askers.clear();
    return askers;
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
