import type { BlockRequest } from "./block-request.ts";
import { GossipError } from "../errors.ts";
import type { Clock, PeerId } from "../ports.ts";

/** Blocks that a peer was asked for in an anti-entropy session. */
export interface OpenQuestion {
  readonly peer: PeerId;
  readonly session: number;
  readonly request: BlockRequest;
  /** Of the peer's ledger, as far as it is known: what is asked for below it comes. */
  readonly height: number;
  /** Whether the peer owes an answer, and is late without one. */
  readonly isOwed: boolean;
  /** Whether the answer may ask in turn. */
  readonly gives: boolean;
}

export interface OpenQuestionsParts {
  readonly clock: Clock;
  /** After which an answer is not waited for any more. */
  readonly timeoutMs: number;
  /** For how long what was asked for counts as on its way. */
  readonly dueMs: number;
  /** An answer that is owed has not come in time. */
  readonly onTimedOut: (peer: PeerId, error: GossipError) => void;
}

interface Waiting extends OpenQuestion {
  readonly askedMs: number;
  readonly timer: Disposable;
}

/** More answers than this are not waited for. */
const QUESTIONS_MAX = 64;

/** What was asked in anti-entropy sessions and has not been answered yet. */
export class OpenQuestions {
  readonly #parts: OpenQuestionsParts;
  readonly #waiting = new Map<string, Waiting>();

  constructor(parts: OpenQuestionsParts) {
    this.#parts = parts;
  }

  /** Whether one more may be asked. */
  get hasRoom(): boolean {
    return this.#waiting.size < QUESTIONS_MAX;
  }

  /** The question is asked now; another one of the same peer and session must not be open. */
  add(question: OpenQuestion): void {
    const { clock, timeoutMs } = this.#parts;
    const key = keyOf(question.peer, question.session);
    const timer = clock.schedule(timeoutMs, () => this.#timedOut(key));
    this.#waiting.set(key, { ...question, askedMs: clock.now(), timer });
  }

  /** Whether this one waits for its answer. */
  has(peer: PeerId, session: number): boolean {
    return this.#waiting.has(keyOf(peer, session));
  }

  /**
   * Takes the question that an answer belongs to, and when it was asked.
   *
   * @throws GossipError `UNSOLICITED` where there is none, or none any more.
   */
  take(peer: PeerId, session: number): OpenQuestion & { readonly askedMs: number } {
    const waiting = this.#remove(keyOf(peer, session));
    if (waiting !== undefined) return waiting;
    throw new GossipError("UNSOLICITED", `an answer in session ${session}, which nobody waits for`);
  }

  /** Whether the peer has been asked a moment ago and has not answered. */
  isAsking(peer: PeerId): boolean {
    return this.#young().some((question) => question.peer === peer);
  }

  /** Whether a peer that holds the block has been asked for it a moment ago. */
  isComing(number: number): boolean {
    return this.#young().some(({ height, request }) => number < height && request.asksFor(number));
  }

  /** Waits for nothing any more. */
  clear(): void {
    for (const { timer } of this.#waiting.values()) timer[Symbol.dispose]();
    this.#waiting.clear();
  }

  #young(): Waiting[] {
    if (this.#waiting.size === 0) return [];
    const sinceMs = this.#parts.clock.now() - this.#parts.dueMs;
    return [...this.#waiting.values()].filter(({ askedMs }) => askedMs > sinceMs);
  }

  #remove(key: string): Waiting | undefined {
    const waiting = this.#waiting.get(key);
    this.#waiting.delete(key);
    waiting?.timer[Symbol.dispose]();
    return waiting;
  }

  #timedOut(key: string): void {
    const waiting = this.#remove(key);
    if (waiting?.isOwed !== true) return;
    const { timeoutMs, onTimedOut } = this.#parts;
    onTimedOut(waiting.peer, new GossipError("TIMED_OUT", `no answer within ${timeoutMs} ms`));
  }
}

function keyOf(peer: PeerId, session: number): string {
  return `${session} ${peer}`;
}
