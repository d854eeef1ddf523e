import { Block, type BlockHash } from "../../chain/block.ts";
import { ChainError } from "../../chain/errors.ts";
import type { Ledger } from "../../chain/ledger.ts";
import type { ReceivedBlock } from "../channel/block-buffer.ts";
import type { BlockIntake } from "../channel/block-intake.ts";
import type { BlockRequest } from "./block-request.ts";
import { EARLY_MAX } from "./entropy-codec.ts";
import { GossipError } from "../errors.ts";
import type { Digest } from "../wire/messages.ts";
import type { PeerView } from "../channel/peer-view.ts";
import type { PeerId } from "../ports.ts";
import { SPREAD_NONE } from "../push/spread.ts";

export interface EntropyIntakeParts {
  readonly view: PeerView;
  readonly ledger: Ledger;
  readonly intake: BlockIntake;
  /** Whether a block is on its way already. */
  readonly isComing: (number: number) => boolean;
  /** Whether others bring what is missing. */
  readonly isCatchingUp: () => boolean;
  /** Takes a block in. @throws ChainError where it is bad. */
  readonly offer: (received: ReceivedBlock) => void;
  /** A peer's height has been learned. */
  readonly onHeight: () => void;
  /** A peer names another hash than that of the block that is here. */
  readonly onOtherHash: (peer: PeerId, number: number) => void;
}

/** What was asked for, and the height of who answers: it holds what is below. */
export interface AnsweredQuestion {
  readonly request: BlockRequest;
  readonly height: number;
}

/** What is lacking here, and what comes of it in anti-entropy sessions. */
export class EntropyIntake {
  readonly #parts: EntropyIntakeParts;

  constructor(parts: EntropyIntakeParts) {
    this.#parts = parts;
  }

  /**
   * What is held here, and up to where what is lacking is wanted; 0: not at all, while state transfer brings it. What is
   * on its way counts as held, so that nobody sends it twice. What is above `heightMax` is told as early.
   */
  question(heightMax = Infinity): { readonly digest: Digest; readonly end: number } {
    const { intake, isComing, isCatchingUp } = this.#parts;
    const { height, tipHash } = this.#tip(heightMax);
    const end = Math.min(intake.windowEnd, height + EARLY_MAX);
    const early: number[] = [];
    for (let number = height; number < end; number++)
      if (intake.isHere(number) || isComing(number)) early.push(number);
    return { digest: { height, tipHash, early }, end: isCatchingUp() ? 0 : end };
  }

  /** A peer has told what it holds. */
  told(from: PeerId, { height, tipHash }: Digest): void {
    const { view, intake, onHeight, onOtherHash } = this.#parts;
    view.noteHeight(from, height);
    const present = intake.hashOf(height - 1);
    if (present !== undefined && present !== tipHash) onOtherHash(from, height - 1);
    onHeight();
  }

  /**
   * Takes in what a peer sends because it was asked: of what was asked for, all that is below its height in order, and
   * then what is above; where it ends is its own affair, unless it does not even begin.
   *
   * @throws GossipError `BROKEN_PROMISE` where there is nothing of what its height promises; ChainError for another
   * block, or a bad one. The peer is left alone for a while then; what came before is kept.
   */
  takeAnswer(from: PeerId, blocks: readonly Uint8Array[], { request, height }: AnsweredQuestion): void {
    const promised = request.numbersBelow(height);
    let last = height - 1;
    const check = ({ number }: Block) => {
      const { value = Math.max(number, last + 1) } = promised.next();
      if (number !== value || !request.asksFor(number))
        throw new ChainError("WRONG_NUMBER", `block ${number}, which was not asked for here`);
      last = Math.max(number, last);
    };
    this.#blaming(from, () => {
      const first = request.firstBelow(height);
      if (blocks.length === 0 && first !== undefined)
        throw new GossipError("BROKEN_PROMISE", `no block ${first}, though its height is ${height}`);
      for (const bytes of blocks) this.#offer(from, bytes, check);
    });
    if (blocks.length > 0) this.#parts.view.reward(from);
  }

  /** Takes in what a peer sends unasked. @throws ChainError for a bad block, as `takeAnswer` does. */
  takeUnasked(from: PeerId, blocks: readonly Uint8Array[]): void {
    this.#blaming(from, () => {
      for (const bytes of blocks) this.#offer(from, bytes, () => undefined);
    });
  }

  /** The whole ledger, where the hash of an earlier tip is not known any more. */
  #tip(heightMax: number): { readonly height: number; readonly tipHash: BlockHash } {
    const { ledger, intake } = this.#parts;
    const earlierHash = heightMax < ledger.height ? intake.hashOf(heightMax - 1) : undefined;
    if (earlierHash !== undefined) return { height: heightMax, tipHash: earlierHash };
    if (ledger.tipHash === undefined) throw new RangeError("the ledger is empty");
    return { height: ledger.height, tipHash: ledger.tipHash };
  }

  #offer(from: PeerId, bytes: Uint8Array, check: (block: Block) => void): void {
    const block = Block.parse(bytes);
    check(block);
    this.#parts.offer({ block, from, origin: "pull", spread: SPREAD_NONE });
  }

  #blaming(peer: PeerId, task: () => void): void {
    try {
      task();
    } catch (error) {
      this.#parts.view.penalise(peer);
      throw error;
    }
  }
}
