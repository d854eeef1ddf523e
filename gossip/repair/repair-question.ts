import { GossipError } from "../errors.ts";
import type { RepairOutcome, RepairProgress, RepairReport, RepairStep } from "../wire/messages.ts";
import type { PeerView } from "../channel/peer-view.ts";
import type { Clock, PeerId, Random, Transport } from "../ports.ts";
import { isSameHop } from "./repair-responder.ts";
import { every } from "../time.ts";

export interface RepairQuestionParts {
  readonly view: PeerView;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
}

/** How often a member that was asked is looked after. */
const LOOK_INTERVAL_MS = 500;
/** A question to which nothing has come is asked again. */
const REPEAT_MS = 3_000;
/** One that is not alive any more is given up as soon as this: a connection may break and be made again. */
const DEATH_MS = 2_000;
/** A member that says nothing for so long is given up. */
const SILENCE_MS = 10_000;
/** So is one that says that it works, and gets nowhere. */
const STANDSTILL_MS = 60_000;
/** And one that takes longer than any work does. */
const HOP_MS = 6 * 60 * 60 * 1_000;

/** A hop that another member was asked to make, until it has answered or is given up. */
export class RepairQuestion {
  readonly #parts: RepairQuestionParts;
  readonly #to: PeerId;
  readonly #step: RepairStep;
  readonly #answered = Promise.withResolvers<RepairOutcome>();
  readonly #beganMs: number;
  #heardMs: number;
  #askedMs: number;
  #gotOnMs: number;
  #done = 0;

  constructor(parts: RepairQuestionParts, to: PeerId, step: RepairStep) {
    this.#parts = parts;
    this.#to = to;
    this.#step = step;
    const nowMs = parts.clock.now();
    this.#beganMs = nowMs;
    this.#heardMs = nowMs;
    this.#askedMs = nowMs;
    this.#gotOnMs = nowMs;
    // Nobody may be waiting for it yet when it happens.
    this.#answered.promise.catch(() => undefined);
  }

  /**
   * Asks, and resolves with the answer.
   *
   * @throws GossipError `UNREACHABLE`, `TIMED_OUT`: the member is given up; what the signal is aborted with.
   */
  async ask(signal: AbortSignal): Promise<RepairOutcome> {
    const { clock, random, transport } = this.#parts;
    const onAbort = () => this.#answered.reject(signal.reason);
    signal.throwIfAborted();
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      transport.send(this.#to, this.#step);
      using _look = every(
        clock,
        random,
        () => LOOK_INTERVAL_MS,
        () => this.#look(),
      );
      return await this.#answered.promise;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** Whether what the peer says is about this hop, which then counts as heard of. */
  receive(from: PeerId, message: RepairProgress | RepairReport): boolean {
    if (from !== this.#to || !isSameHop(this.#step, message)) return false;
    const nowMs = this.#parts.clock.now();
    this.#heardMs = nowMs;
    if (message.kind === "repair-report") {
      this.#answered.resolve(message.outcome);
    } else if (message.done > this.#done) {
      this.#done = message.done;
      this.#gotOnMs = nowMs;
    }
    return true;
  }

  #look(): void {
    const { clock, view, transport } = this.#parts;
    const nowMs = clock.now();
    const silentMs = nowMs - this.#heardMs;
    if (silentMs >= DEATH_MS && !view.isActive(this.#to))
      this.#giveUp("UNREACHABLE", "it is not alive any more");
    else if (silentMs >= SILENCE_MS) this.#giveUp("TIMED_OUT", `it has said nothing for ${SILENCE_MS} ms`);
    else if (nowMs - this.#gotOnMs >= STANDSTILL_MS)
      this.#giveUp("TIMED_OUT", `it has got nowhere for ${STANDSTILL_MS} ms`);
    else if (nowMs - this.#beganMs >= HOP_MS) this.#giveUp("TIMED_OUT", `it took longer than ${HOP_MS} ms`);
    else if (nowMs - Math.max(this.#heardMs, this.#askedMs) >= REPEAT_MS) {
      this.#askedMs = nowMs;
      transport.send(this.#to, this.#step);
    }
  }

  #giveUp(code: "UNREACHABLE" | "TIMED_OUT", why: string): void {
    this.#answered.reject(new GossipError(code, `${this.#to} was given up: ${why}`));
  }
}
