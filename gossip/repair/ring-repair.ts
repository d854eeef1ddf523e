import { toString } from "uint8arrays/to-string";
import { blockNumber } from "../../chain/block.ts";
import type { Ledger } from "../../chain/ledger.ts";
import type { Disclosure, Party } from "../members/disclosure.ts";
import { GossipError } from "../errors.ts";
import type { RepairOutcome, RepairProgress, RepairReport, RingId } from "../wire/messages.ts";
import type { PeerView } from "../channel/peer-view.ts";
import type { ChannelId, Clock, Keyring, PeerId, Random, Transport } from "../ports.ts";
import { RING_ID_BYTES } from "./repair-codec.ts";
import { RepairQuestion } from "./repair-question.ts";
import type { RepairWork } from "./repair-work.ts";
import { ringHops } from "./ring-hops.ts";
import { areEqual, RingMemberRecord, type RingReport } from "./ring-report.ts";
import { pause } from "../time.ts";

export interface RingRepairParts {
  readonly channel: ChannelId;
  readonly ledger: Ledger;
  readonly view: PeerView;
  readonly keyring: Keyring;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly disclosure: Disclosure;
  readonly partyOf: (peer: PeerId) => Party;
  readonly work: RepairWork;
}

/** How a ring is to be made. */
export interface RingOptions {
  /** Whether every member is to read all that it has stored. */
  readonly verify: boolean;
  readonly signal: AbortSignal;
}

/** One ring under way. */
interface Ring extends RingOptions {
  readonly id: RingId;
  /** In the order of the ring, ourselves first. */
  readonly members: readonly RingMemberRecord[];
  hops: number;
}

/** A member that works on the hop of another ring is asked again so often, after so long. */
const BUSY_RETRIES = 30;
const BUSY_PAUSE_MS = 1_000;

/**
 * Leads a ring of repair (`ringHops`): asks one live member of the channel after the other to take from the one before
 * it what it lacks, until all are equal; a bounded number of hops, with nothing left to chance. A member that dies or
 * falls silent is left out, and the ring closed around it. Where one member may not be told of the one before it, since
 * organisations keep them from each other, we stand between the two, and the hop becomes two.
 */
export class RingRepair {
  readonly #parts: RingRepairParts;
  #isRunning = false;
  #question: RepairQuestion | undefined;

  constructor(parts: RingRepairParts) {
    this.#parts = parts;
  }

  /**
   * Makes a ring.
   *
   * @throws GossipError `CONFLICT`: one is under way; what the signal is aborted with.
   */
  async run(options: RingOptions): Promise<RingReport> {
    if (this.#isRunning) throw new GossipError("CONFLICT", "a ring of repair is under way in this channel");
    this.#isRunning = true;
    try {
      const ring = { ...options, id: this.#ringId(), members: this.#members(), hops: 0 };
      if (options.verify && ring.members.length === 1) await this.#verifyAlone(ring);
      for (const { source, receiver } of ringHops(ring.members.length))
        await this.#pass(ring, source, receiver);
      const members = ring.members.map((member) => member.report());
      const isEqual = await areEqual(members, (number) => this.#hashAt(number));
      return { hops: ring.hops, members, isEqual };
    } finally {
      this.#isRunning = false;
      this.#question = undefined;
    }
  }

  /** A member tells of its hop. @throws GossipError `UNSOLICITED` where nobody waits for that. */
  receive(from: PeerId, message: RepairProgress | RepairReport): void {
    if (this.#question?.receive(from, message) === true) return;
    throw new GossipError("UNSOLICITED", `${from} tells of a hop that it is not asked for`);
  }

  /** With nobody to go round to, damage can still be named. */
  async #verifyAlone({ members, signal }: Ring): Promise<void> {
    const task = { source: undefined, verify: true, onDone: () => undefined, signal };
    at(members, 0).add(await this.#parts.work.take(task));
  }

  #ringId(): RingId {
    return toString(this.#parts.keyring.nonce().subarray(0, RING_ID_BYTES), "base16") as RingId;
  }

  /** All of the channel by their ids, from ourselves on. */
  #members(): RingMemberRecord[] {
    const { keyring, view, work } = this.#parts;
    const { self } = keyring;
    const others = view.members().toSorted();
    const members = [self, ...others.filter((peer) => peer > self), ...others.filter((peer) => peer < self)];
    const records = members.map((peer) => new RingMemberRecord(peer));
    // Others ask nothing of us before we are the first to give.
    records[0]?.add(work.standing(undefined));
    return records;
  }

  /**
   * One hop. Where the source does not deliver, or not what the one before it is known to have, which no honest member
   * behind it lacks, that one is tried as well.
   */
  async #pass(ring: Ring, source: number, receiver: number): Promise<void> {
    const { members } = ring;
    const to = at(members, receiver);
    const sources = members
      .map((_, back) => at(members, source - back))
      .filter((member) => member !== to && !member.isGivenUp)
      .slice(0, SOURCES_PER_HOP);
    let failure: string | undefined;
    for (const [tries, from] of sources.entries()) {
      const isDone = tries > 0 && failure === undefined && from.height <= to.height;
      if (isDone || to.isGivenUp) return;
      failure = await this.#carry(ring, from, to);
    }
  }

  /** Returns what failed. */
  async #carry(ring: Ring, from: RingMemberRecord, to: RingMemberRecord): Promise<string | undefined> {
    const { keyring, disclosure, partyOf } = this.#parts;
    const self = at(ring.members, 0);
    const isOurs = from.peer === keyring.self || to.peer === keyring.self;
    if (isOurs || disclosure.mayTell(partyOf(to.peer), partyOf(from.peer)))
      return await this.#hop(ring, from, to);
    const failure = await this.#hop(ring, from, self);
    return (await this.#hop(ring, self, to)) ?? failure;
  }

  async #hop(ring: Ring, from: RingMemberRecord, to: RingMemberRecord): Promise<string | undefined> {
    for (let tries = 0; ; tries++) {
      ring.signal.throwIfAborted();
      ring.hops++;
      try {
        const outcome = await this.#ask(ring, from, to);
        if (outcome.failure !== "CONFLICT" || tries === BUSY_RETRIES) {
          to.add(outcome);
          return outcome.failure;
        }
        ring.hops--;
        await pause(this.#parts.clock, BUSY_PAUSE_MS);
      } catch (error) {
        ring.signal.throwIfAborted();
        if (!(error instanceof GossipError)) throw error;
        to.giveUp(error.code);
        return error.code;
      }
    }
  }

  async #ask(ring: Ring, { peer: source }: RingMemberRecord, to: RingMemberRecord): Promise<RepairOutcome> {
    const { channel, keyring, work } = this.#parts;
    const { signal, id, hops: hop } = ring;
    const verify = ring.verify && !to.isVerified;
    if (to.peer === keyring.self) {
      const busy = (error: unknown) => {
        if (error instanceof GossipError && error.code === "CONFLICT") return work.standing("CONFLICT");
        throw error;
      };
      return await work.take({ source, verify, onDone: () => undefined, signal }).catch(busy);
    }
    const step = { kind: "repair-step", channel, ring: id, hop, source, verify } as const;
    this.#question = new RepairQuestion(this.#parts, to.peer, step);
    return await this.#question.ask(signal);
  }

  async #hashAt(number: number) {
    const { ledger } = this.#parts;
    if (number >= ledger.height) return undefined;
    return (await ledger.read(blockNumber(number)).catch(() => undefined))?.hash;
  }
}

/** The one before the receiver, and the one before that. */
const SOURCES_PER_HOP = 2;

function at<T>(ring: readonly T[], place: number): T {
  const found = ring.at(place % ring.length);
  if (found === undefined) throw new RangeError(`place ${place} of a ring of ${ring.length}`);
  return found;
}
