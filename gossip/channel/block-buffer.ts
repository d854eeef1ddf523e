import type { Block } from "../../chain/block.ts";
import type { BlockOrigin } from "../events.ts";
import type { PeerId } from "../ports.ts";
import type { Spread } from "../push/spread.ts";

/** A block on its way into the ledger, and how it came. */
export interface ReceivedBlock {
  readonly block: Block;
  /** Undefined: it was handed in here. */
  readonly from: PeerId | undefined;
  readonly origin: BlockOrigin;
  /** To whom it is to be passed on; of no meaning where it was handed in here. */
  readonly spread: Spread;
}

/** A verified block, and the number of the config block under which it was verified. */
export interface VerifiedBlock extends ReceivedBlock {
  readonly configNumber: number;
}

/**
 * Blocks above the ledger's height, within a window: verified ones, one a number, that wait for their predecessors
 * or for the disk; and ones whose config block is not here yet, at most `HELD_PER_NUMBER` a number and one a sender,
 * so that nobody can crowd out the others. It counts bytes and decides nothing else.
 */
export class BlockBuffer {
  readonly #verified = new Map<number, VerifiedBlock>();
  readonly #held = new Map<number, ReceivedBlock[]>();
  #bytes = 0;

  /** How many heights it holds a block for. */
  get heights(): number {
    return this.#verified.size + this.#held.size;
  }

  /** Bytes of all blocks in it. */
  get bytes(): number {
    return this.#bytes;
  }

  verified(number: number): VerifiedBlock | undefined {
    return this.#verified.get(number);
  }

  /** Numbers of the verified blocks, in no order. */
  verifiedNumbers(): number[] {
    return [...this.#verified.keys()];
  }

  putVerified(entry: VerifiedBlock): void {
    this.removeVerified(entry.block.number);
    this.#verified.set(entry.block.number, entry);
    this.#bytes += entry.block.bytes.length;
  }

  removeVerified(number: number): void {
    const entry = this.#verified.get(number);
    if (entry === undefined) return;
    this.#verified.delete(number);
    this.#bytes -= entry.block.bytes.length;
  }

  /** False where there is no room among the held blocks of that number. */
  hold(entry: ReceivedBlock): boolean {
    const held = this.#held.get(entry.block.number) ?? [];
    const isCrowded = held.length >= HELD_PER_NUMBER;
    if (isCrowded || held.some((other) => other.from === entry.from || other.block.hash === entry.block.hash))
      return false;
    this.#held.set(entry.block.number, [...held, entry]);
    this.#bytes += entry.block.bytes.length;
    return true;
  }

  hasHeld(number: number): boolean {
    return this.#held.has(number);
  }

  /** Takes out the held blocks of these numbers, lowest first. */
  takeHeld(matches: (number: number) => boolean): ReceivedBlock[] {
    const numbers = [...this.#held.keys()].filter(matches).sort((a, b) => a - b);
    return numbers.flatMap((number) => {
      const held = this.#held.get(number) ?? [];
      this.#held.delete(number);
      for (const entry of held) this.#bytes -= entry.block.bytes.length;
      return held;
    });
  }
}

const HELD_PER_NUMBER = 4;
