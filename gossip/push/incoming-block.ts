import { Assembly } from "./assembly.ts";
import type { Cut } from "./cut.ts";
import { HelpLimits } from "./help-limits.ts";
import type { PeerId } from "../ports.ts";

/**
 * Chunks are waited for so long after the last one, or as long as they have been coming. Between near peers chunks are
 * few and large, and what makes them pause is a busy machine.
 */
const PATIENCE_MS = 250;
const NEAR_PATIENCE_MS = 1_000;
const PATIENCE_MS_MAX = 2_000;

/** How often missing chunks are asked for before the block is given up. */
const ATTEMPTS_MAX = 5;

/** From this attempt on the block may come by other ways beside. */
const ATTEMPTS_ALONE = 2;

/** Peers that are remembered to hold the block. */
const HOLDERS_MAX = 16;

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
  #attempts = 0;

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
  }

  /** Until when the next chunk is waited for. `firstMs`: how long for the very first. */
  patientUntilMs(areNear: boolean, firstMs: number): number {
    if (this.assembly.count === 0) return this.#progressMs + firstMs;
    const leastMs = areNear ? NEAR_PATIENCE_MS : PATIENCE_MS;
    const comingMs = this.#progressMs - this.#sinceMs;
    return this.#progressMs + Math.min(Math.max(leastMs, comingMs), PATIENCE_MS_MAX);
  }

  /** Whom to ask for what is missing: the cutter first, who can help all at once; undefined where all has been tried. */
  nextToAsk(): PeerId | undefined {
    if (this.#attempts++ >= ATTEMPTS_MAX) return undefined;
    const [holder] = this.#attempts === 1 ? [] : this.#holders;
    if (holder === undefined) return this.assembly.cut.cutter;
    this.#holders.delete(holder);
    return holder;
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
