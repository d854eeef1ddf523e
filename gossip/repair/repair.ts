import { GossipError } from "../errors.ts";
import type { RepairMessage } from "../wire/messages.ts";
import type { PeerId } from "../ports.ts";
import { RepairResponder, type RepairResponderParts } from "./repair-responder.ts";
import { RepairWork, type RepairWorkParts } from "./repair-work.ts";
import { RingRepair, type RingRepairParts } from "./ring-repair.ts";
import type { RingReport } from "./ring-report.ts";

export type RepairParts = RepairWorkParts &
  Omit<RingRepairParts, "work"> &
  Omit<RepairResponderParts, "work" | "signal">;

/** Rings of repair in one channel: those that this peer leads, and its part in those that others lead. */
export class Repair {
  readonly #stopped = new AbortController();
  readonly #responder: RepairResponder;
  readonly #ring: RingRepair;

  constructor(parts: RepairParts) {
    const work = new RepairWork(parts);
    this.#responder = new RepairResponder({ ...parts, work, signal: this.#stopped.signal });
    this.#ring = new RingRepair({ ...parts, work });
  }

  /** Leads a ring. @throws as {@link RingRepair.run}; GossipError `STOPPED` where the channel stops meanwhile. */
  run(verify: boolean, signal: AbortSignal): Promise<RingReport> {
    return this.#ring.run({ verify, signal: AbortSignal.any([signal, this.#stopped.signal]) });
  }

  /** What a member of the channel says. @throws GossipError `UNSOLICITED`. */
  receive(from: PeerId, message: RepairMessage): void {
    if (message.kind === "repair-step") this.#responder.receive(from, message);
    else this.#ring.receive(from, message);
  }

  /** Gives up all that is under way. */
  stop(): void {
    this.#stopped.abort(new GossipError("STOPPED", "the channel has stopped"));
  }
}
