import type { Block } from "../../chain/block.ts";
import type { BenchNetwork } from "./bench-network.ts";
import type { BlockMaker } from "./block-maker.ts";
import { monotonicMs } from "./monotonic-ms.ts";

export interface ClosedLoadSpec {
  readonly network: Pick<BenchNetwork, "submit" | "completions">;
  readonly maker: Pick<BlockMaker, "next">;
  /** How many blocks may be under way to some peers. */
  readonly window: number;
  /** A block that is not at all peers so long after it was handed in is lost. */
  readonly limitMs: number;
}

/** A block that all peers have. */
export interface Carried {
  readonly bytes: number;
  readonly submitMs: number;
  readonly completeMs: number;
}

/** Hands the next block in as soon as few enough are under way, so that the network sets the pace. */
export class ClosedLoad {
  readonly #spec: ClosedLoadSpec;
  readonly #underWay = new Map<number, { readonly bytes: number; readonly submitMs: number }>();
  readonly #carried: Carried[] = [];
  #next: Block;
  #isStopped = false;
  #hasLost = false;

  constructor(spec: ClosedLoadSpec) {
    this.#spec = spec;
    this.#next = spec.maker.next();
  }

  get carried(): readonly Carried[] {
    return this.#carried;
  }

  /** Blocks that were handed in and are not at all peers. */
  get underWay(): number {
    return this.#underWay.size;
  }

  /** Goes on until it is stopped and all blocks are at all peers, or until a block is lost. Never rejects. */
  async run(): Promise<void> {
    while (!this.#hasLost && (!this.#isStopped || this.#underWay.size > 0)) {
      while (!this.#isStopped && this.#underWay.size < this.#spec.window) this.#submit();
      await this.#progress();
    }
  }

  /** Hands nothing in any more. */
  stop(): void {
    this.#isStopped = true;
  }

  #submit(): void {
    const block = this.#next;
    this.#underWay.set(block.number, { bytes: block.bytes.length, submitMs: monotonicMs() });
    this.#spec.network.submit(block).catch((error: unknown) => {
      console.error(`block ${block.number} was not taken:`, error);
      this.#hasLost = true;
    });
    // Made ahead, so that nobody waits for it.
    this.#next = this.#spec.maker.next();
  }

  /** Waits for a block to be complete, or until the oldest one is lost. */
  async #progress(): Promise<void> {
    const { network, limitMs } = this.#spec;
    if (this.#collect()) return;
    await network.completions.next(this.#oldestMs() + limitMs - monotonicMs());
    this.#collect();
    if (this.#oldestMs() + limitMs <= monotonicMs()) this.#hasLost = true;
  }

  /** When the oldest block that is under way was handed in. */
  #oldestMs(): number {
    const [oldest] = this.#underWay.values();
    return oldest?.submitMs ?? Infinity;
  }

  #collect(): boolean {
    const before = this.#underWay.size;
    for (const [number, { bytes, submitMs }] of this.#underWay) {
      const completeMs = this.#spec.network.completions.atMs(number, "verified");
      if (completeMs === undefined) continue;
      this.#underWay.delete(number);
      this.#carried.push({ bytes, submitMs, completeMs });
    }
    return this.#underWay.size < before;
  }
}
