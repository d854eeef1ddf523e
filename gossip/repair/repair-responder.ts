import { GossipError } from "../errors.ts";
import type { RepairHop, RepairMessage, RepairOutcome, RepairStep } from "../wire/messages.ts";
import type { PeerView } from "../channel/peer-view.ts";
import type { Clock, PeerId, Random, Transport } from "../ports.ts";
import type { RepairWork } from "./repair-work.ts";
import { every } from "../time.ts";

export interface RepairResponderParts {
  readonly view: PeerView;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly work: RepairWork;
  readonly signal: AbortSignal;
}

/** How often a peer says that it still works on a hop. */
const PROGRESS_INTERVAL_MS = 1_000;

/**
 * Does what the member that leads a ring of repair asks, one hop at a time. A question that comes again, since the
 * answer may have been lost, is not a new one.
 */
export class RepairResponder {
  readonly #parts: RepairResponderParts;
  /** The hop that was begun last, and what became of it; undefined while it is being worked on. */
  #last: { readonly from: PeerId; readonly step: RepairStep; outcome: RepairOutcome | undefined } | undefined;

  constructor(parts: RepairResponderParts) {
    this.#parts = parts;
  }

  /** Another member of the channel asks. */
  receive(from: PeerId, step: RepairStep): void {
    const last = this.#last;
    if (last !== undefined && last.from === from && isSameHop(last.step, step)) {
      if (last.outcome !== undefined) this.#report(from, step, last.outcome);
      return;
    }
    if (!this.#parts.view.isActive(step.source)) {
      this.#report(from, step, this.#parts.work.standing("NOT_A_MEMBER"));
      return;
    }
    void this.#work(from, step);
  }

  async #work(from: PeerId, step: RepairStep): Promise<void> {
    const { work, clock, random, signal } = this.#parts;
    const began = { from, step, outcome: undefined as RepairOutcome | undefined };
    let done = 0;
    const tell = () => this.#send(from, { ...hopOf(step), kind: "repair-progress", done });
    const onDone = () => {
      done++;
    };
    try {
      const taking = work.take({ source: step.source, verify: step.verify, onDone, signal });
      using _progress = every(clock, random, () => PROGRESS_INTERVAL_MS, tell);
      this.#last = began;
      began.outcome = await taking;
      this.#report(from, step, began.outcome);
    } catch (error) {
      if (this.#last === began) this.#last = undefined;
      if (error instanceof GossipError && error.code === "CONFLICT")
        this.#report(from, step, work.standing("CONFLICT"));
    }
  }

  #report(to: PeerId, step: RepairStep, outcome: RepairOutcome): void {
    this.#send(to, { ...hopOf(step), kind: "repair-report", outcome });
  }

  #send(to: PeerId, message: RepairMessage): void {
    this.#parts.transport.send(to, message);
  }
}

/** Whether both are of one hop. */
export function isSameHop(a: RepairHop, b: RepairHop): boolean {
  return a.channel === b.channel && a.ring === b.ring && a.hop === b.hop;
}

function hopOf({ channel, ring, hop }: RepairHop): RepairHop {
  return { channel, ring, hop };
}
