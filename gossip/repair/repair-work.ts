import { ChainError } from "../../chain/errors.ts";
import type { BlockFetcher } from "../catch-up/block-fetcher.ts";
import { BlockMender, type BlockMenderParts, type Mending } from "./block-mender.ts";
import { GossipError } from "../errors.ts";
import type { RepairOutcome } from "../wire/messages.ts";
import type { PeerId } from "../ports.ts";
import { REPAIR_NUMBERS_MAX } from "./repair-codec.ts";
import { pause } from "../time.ts";

export interface RepairWorkParts extends BlockMenderParts {
  readonly fetcher: BlockFetcher;
}

/** What was copied, and what went wrong last. */
interface Copying {
  readonly copied: number;
  readonly failure: string | undefined;
}

/** So many failures in a row end it; in between, the source is given a moment. */
const FETCH_FAILURES_MAX = 5;
const RETRY_MS = 1_000;

const NOTHING_COPIED: Copying = { copied: 0, failure: undefined };
const NOTHING_MENDED: Mending = { mended: [], failure: undefined };

/** What is to be done in a hop. */
export interface RepairTask {
  /** Undefined: there is nobody to take from. */
  readonly source: PeerId | undefined;
  /** Whether all that is stored is to be read first. */
  readonly verify: boolean;
  /** Called whenever something has got on. */
  readonly onDone: () => void;
  readonly signal: AbortSignal;
}

/**
 * A peer's own part in a ring of repair: it mends its damaged blocks from the source one by one, and copies what it
 * lacks behind its last one in ranges. All blocks go the usual way, and are verified there.
 */
export class RepairWork {
  readonly #parts: RepairWorkParts;
  readonly #mender: BlockMender;
  #isBusy = false;

  constructor(parts: RepairWorkParts) {
    this.#parts = parts;
    this.#mender = new BlockMender(parts);
  }

  /** How the ledger stands, with nothing done, and why. */
  standing(failure: string | undefined): RepairOutcome {
    const { ledger } = this.#parts;
    const { height } = ledger;
    return {
      heightBefore: height,
      heightAfter: height,
      tipHash: this.#tipHash(),
      copied: 0,
      damaged: [],
      mended: [],
      isVerified: false,
      hasMore: false,
      failure,
    };
  }

  /**
   * Does a hop's work. What fails is told by the outcome.
   *
   * @throws GossipError `CONFLICT`: another hop is being worked on. What the signal is aborted with.
   */
  async take(task: RepairTask): Promise<RepairOutcome> {
    if (this.#isBusy) throw new GossipError("CONFLICT", "another hop is being worked on");
    this.#isBusy = true;
    const before = this.standing(undefined);
    try {
      return await this.#take(task, before);
    } catch (error) {
      task.signal.throwIfAborted();
      return { ...before, ...this.#end(), failure: codeOf(error) };
    } finally {
      this.#isBusy = false;
    }
  }

  async #take({ source, verify, onDone, signal }: RepairTask, before: RepairOutcome): Promise<RepairOutcome> {
    const mender = this.#mender;
    const isVerified = verify && (await mender.verify(onDone, signal));
    const damaged = new Set(mender.damaged);
    const mending = source === undefined ? NOTHING_MENDED : await mender.mendFrom(source, onDone, signal);
    // One may have come to light when the one behind it was mended.
    for (const number of [...mending.mended, ...mender.damaged]) damaged.add(number);
    const copying = source === undefined ? NOTHING_COPIED : await this.#copy(source, onDone, signal);
    return {
      ...before,
      ...this.#end(),
      copied: copying.copied,
      damaged: [...damaged].slice(0, REPAIR_NUMBERS_MAX),
      mended: mending.mended.slice(0, REPAIR_NUMBERS_MAX),
      isVerified,
      hasMore: mender.hasMore,
      failure: copying.failure ?? mending.failure,
    };
  }

  async #copy(source: PeerId, onDone: () => void, signal: AbortSignal): Promise<Copying> {
    const { intake, fetcher, clock, options } = this.#parts;
    let copied = 0;
    let failures = 0;
    const onBlock = ({ number }: { readonly number: number }) => {
      if (!intake.isHere(number)) copied++;
      onDone();
    };
    try {
      for (;;) {
        const first = intake.next;
        const end = Math.min(first + options.stateTransferBatchBlocks, intake.windowEnd);
        const question = { peer: source, range: { first, end }, origin: "repair", isQuestion: true } as const;
        const isAnswered = end === first || (await fetcher.fetch({ ...question, onBlock, signal }));
        signal.throwIfAborted();
        if (!isAnswered && ++failures === FETCH_FAILURES_MAX) return { copied, failure: "UNREACHABLE" };
        // It may have enough to do with others.
        if (!isAnswered) await pause(clock, RETRY_MS);
        await intake.durable(intake.next - 1);
        if (intake.next > first) failures = 0;
        else if (isAnswered && end > first) return { copied, failure: undefined };
      }
    } catch (error) {
      signal.throwIfAborted();
      return { copied, failure: codeOf(error) };
    }
  }

  #end(): Pick<RepairOutcome, "heightAfter" | "tipHash"> {
    return { heightAfter: this.#parts.ledger.height, tipHash: this.#tipHash() };
  }

  #tipHash(): RepairOutcome["tipHash"] {
    const { tipHash } = this.#parts.ledger;
    if (tipHash === undefined) throw new RangeError("a channel's ledger holds genesis at least");
    return tipHash;
  }
}

function codeOf(error: unknown): string {
  return error instanceof GossipError || error instanceof ChainError ? error.code : "UNREACHABLE";
}
