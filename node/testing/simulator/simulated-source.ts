import type { Block } from "../../../chain/block.ts";
import type { BlockSource, Clock, PeerId } from "../../../gossip/ports.ts";

/** How a source behaves towards somebody. */
export type SourceMood =
  | "well"
  /** It refuses connections. */
  | "down"
  /** It takes questions and answers none, as under SIGSTOP. */
  | "hangs"
  /** It tells its height, and gives nothing. */
  | "withholds"
  /** It gives blocks that are no blocks of the channel. */
  | "lies";

/** How long a question or an answer is on its way. */
const WAY_MS = 5;

/** A source of one channel's blocks in virtual time, as an ordering service is: it holds what is put into it. */
export class SimulatedSource {
  readonly name: string;
  readonly blocks: Block[];
  /** Of each peer: how the source is towards it; others find it as `mood`. */
  readonly moods = new Map<PeerId, SourceMood>();
  mood: SourceMood = "well";
  /** How long it takes over each block. */
  blockMs = 1;
  /** How many blocks it has given to each peer. */
  readonly given = new Map<PeerId, number>();

  constructor(name: string, genesis: Block) {
    this.name = name;
    this.blocks = [genesis];
  }

  add(block: Block): void {
    this.blocks.push(block);
  }

  /** The source as the port of one life of a peer. */
  seenFrom(peer: PeerId, clock: Clock): BlockSource {
    const moodOf = () => this.moods.get(peer) ?? this.mood;
    const way = async (ms: number, signal: AbortSignal) => {
      await passed(clock, ms, signal);
      if (moodOf() === "down") throw new Error(`${this.name} refuses the connection`);
      if (moodOf() === "hangs") await aborted(signal);
    };
    return {
      name: this.name,
      height: async (_above, signal) => {
        await way(WAY_MS, signal);
        const height = this.blocks.length;
        await way(WAY_MS, signal);
        return height;
      },
      fetch: async ({ first, end }, onBlock, signal) => {
        await way(WAY_MS, signal);
        if (moodOf() === "withholds") await aborted(signal);
        for (const block of this.blocks.slice(first, end)) {
          await way(this.blockMs, signal);
          const bytes = block.bytes.slice();
          // Somewhere in the transactions, so that the block can be read.
          if (moodOf() === "lies") flipBit(bytes, bytes.length >> 1);
          this.given.set(peer, (this.given.get(peer) ?? 0) + 1);
          onBlock(bytes);
        }
        await way(WAY_MS, signal);
      },
    };
  }
}

function passed(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    clock.schedule(ms, resolve);
  });
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.throwIfAborted();
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
}

function flipBit(bytes: Uint8Array, index: number): void {
  bytes[index] = (bytes[index] ?? 0) ^ 1;
}
