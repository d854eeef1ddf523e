import { roundsOf, type Cut } from "./cut.ts";
import { chunksLacked, type Lack } from "./lack.ts";
import type { PeerId } from "../ports.ts";

/** One peer is helped with so large a part of a block, once: as one of four that it asks for the last quarter. */
const PART = 1 / 16;

/** And all together with so much of it: liars who ask must not fill our uplink. */
const TOTAL = 1 / 4;

/** How much of one block is given to those who lack the last of it, whatever else they are given. */
export class HelpLimits {
  readonly #chunksMax: number;
  #left: number;
  readonly #helped = new Set<PeerId>();

  constructor(cut: Cut) {
    const chunks = cut.lanes * roundsOf(cut);
    this.#chunksMax = Math.ceil(PART * chunks);
    this.#left = Math.ceil(TOTAL * chunks);
  }

  /** Whether the peer is given what it lacks, which is counted. */
  take(lack: Lack): boolean {
    const chunks = chunksLacked([lack]);
    if (chunks > Math.min(this.#chunksMax, this.#left) || this.#helped.has(lack.peer)) return false;
    this.#helped.add(lack.peer);
    this.#left -= chunks;
    return true;
  }
}
