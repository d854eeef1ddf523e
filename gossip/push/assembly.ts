import { equals } from "uint8arrays/equals";
import { isProven, leafNode, type LaneProof } from "./chunk-tree.ts";
import { padded } from "./cut-block.ts";
import { chunkLength, isParity, roundsOf, type Cut } from "./cut.ts";
import { GossipError } from "../errors.ts";
import type { ChunkMessage, CutId } from "../wire/messages.ts";
import type { ErasureCode } from "../ports.ts";

/** What became of a chunk. unproven: it came without the proof of its lane, which has not come from elsewhere. */
export type ChunkOutcome = "new" | "known" | "unproven";

/**
 * A block that is put together from the chunks of one cutter. It keeps what has been proven, and that only: at most
 * the bytes that the cutter has announced, and as they come. A round is whole when it has as many chunks, of data or
 * of parity, as there are lanes of data.
 */
export class Assembly {
  readonly cut: Cut;
  readonly #cuts: Map<CutId, Cut>;
  /** The proven hashes of each lane's chunks, data and parity. */
  readonly #leaves = new Map<number, readonly Uint8Array[]>();
  /** By round, then by lane. */
  readonly #rounds: readonly Map<number, Uint8Array>[];
  /** A bit for each chunk that has come. It outlives the chunks. */
  readonly #seen: readonly Set<number>[];
  #bytes = 0;
  #isReleased = false;

  constructor(cut: Cut) {
    this.cut = cut;
    this.#cuts = new Map([[cut.id, cut]]);
    this.#rounds = Array.from({ length: roundsOf(cut) }, () => new Map<number, Uint8Array>());
    this.#seen = this.#rounds.map(() => new Set<number>());
  }

  /** Bytes of the chunks that are kept. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Chunks that have come. */
  get count(): number {
    return this.#seen.reduce((sum, round) => sum + round.size, 0);
  }

  /** Chunks that the round that lacks most still needs. */
  get needed(): number {
    return Math.max(...this.#seen.map((round) => Math.max(0, this.cut.lanes - round.size)));
  }

  /** Whether the block can be put together. */
  get isComplete(): boolean {
    return this.#seen.every((round) => round.size >= this.cut.lanes);
  }

  /** Its cuts: that of the data, then those of parity. */
  cuts(): readonly Cut[] {
    return [...this.#cuts.values()];
  }

  /** Parity for the same block. False where it does not belong to it. */
  addParity(parity: Cut): boolean {
    const { cut } = this;
    const isSame =
      isParity(parity) &&
      parity.hash === cut.hash &&
      parity.lanes === cut.lanes &&
      parity.chunkBytes === cut.chunkBytes &&
      parity.blockBytes === cut.blockBytes;
    if (!isSame || this.#cuts.size > PARITY_CUTS_MAX) return false;
    this.#cuts.set(parity.id, parity);
    return true;
  }

  /** @throws GossipError `BAD_CHUNK` for a chunk that is not of its cut: it is made by whoever sent it. */
  add({ cut: id, lane, round, data, proof }: ChunkMessage): ChunkOutcome {
    const cut = this.#cuts.get(id);
    const seen = this.#seen[round];
    const kept = this.#rounds[round];
    const index = lane - (cut?.firstLane ?? 0);
    if (cut === undefined || seen === undefined || kept === undefined || index < 0 || index >= cut.laneCount)
      throw badChunk(lane, round, "there is none of that place");
    if (data.length !== chunkLength(cut, lane, round))
      throw badChunk(lane, round, `it has ${data.length} bytes`);
    const leaf = leafNode(data);
    const leaves = this.#leaves.get(lane) ?? this.#prove(cut, lane, proof && withLeaf(proof, round, leaf));
    if (leaves === undefined) return "unproven";
    if (!equals(leaves[round] ?? new Uint8Array(0), leaf)) throw badChunk(lane, round, "its hash is another");
    // Only now: a chunk of a known place may still have to be passed on.
    if (seen.has(lane)) return "known";
    const isNeeded = !this.#isReleased && seen.size < cut.lanes;
    seen.add(lane);
    if (isNeeded) {
      kept.set(lane, data);
      this.#bytes += data.length;
    }
    return "new";
  }

  /** A bit for each chunk of data, round by round, lane by lane; a round that is whole counts as all there. */
  present(): Uint8Array {
    const { lanes } = this.cut;
    const bits = new Uint8Array(Math.ceil((lanes * this.#rounds.length) / 8));
    this.#seen.forEach((seen, round) => {
      for (let lane = 0; lane < lanes; lane++) {
        if (seen.size < lanes && !seen.has(lane)) continue;
        const bit = round * lanes + lane;
        bits[bit >> 3] = (bits[bit >> 3] ?? 0) | (1 << (bit & 7));
      }
    });
    return bits;
  }

  /** The block's bytes; undefined where the chunks of parity do not fit those of data. To be called when complete. */
  assemble(code: ErasureCode): Uint8Array | undefined {
    const { cut } = this;
    const block = new Uint8Array(cut.blockBytes);
    for (const [round, kept] of this.#rounds.entries()) {
      const data = this.#restored(kept, code);
      if (data === undefined) return undefined;
      for (const [lane, chunk] of data.entries()) {
        const start = (round * cut.lanes + lane) * cut.chunkBytes;
        const length = chunkLength(cut, lane, round);
        if (length > 0) block.set(chunk.subarray(0, length), start);
      }
    }
    return block;
  }

  /** Lets go of the chunks and keeps no more; what comes is still proven. */
  release(): void {
    this.#isReleased = true;
    for (const kept of this.#rounds) kept.clear();
    this.#bytes = 0;
  }

  #restored(kept: Map<number, Uint8Array>, code: ErasureCode): readonly Uint8Array[] | undefined {
    const { lanes, chunkBytes } = this.cut;
    const lanesHere = [...kept.keys()];
    if (lanesHere.every((lane) => lane < lanes))
      return Array.from({ length: lanes }, (_, lane) => kept.get(lane) ?? new Uint8Array(0));
    const shards = Array.from({ length: Math.max(...lanesHere) + 1 }, (_, lane) => {
      const chunk = kept.get(lane);
      return chunk === undefined ? undefined : padded(chunk, chunkBytes);
    });
    return code.restore(shards, lanes);
  }

  #prove(cut: Cut, lane: number, claim: LaneProof | undefined): readonly Uint8Array[] | undefined {
    if (claim === undefined) return undefined;
    const { laneCount, firstLane, roots } = cut;
    const isGood =
      claim.leaves.length === this.#rounds.length &&
      isProven({ ...claim, lane: lane - firstLane, laneCount }, roots);
    if (!isGood) throw badChunk(lane, 0, "its proof leads elsewhere");
    this.#leaves.set(lane, claim.leaves);
    return claim.leaves;
  }
}

/** The proof with the leaf of the chunk that it came with in its place. */
function withLeaf({ leaves, path }: LaneProof, round: number, leaf: Uint8Array): LaneProof {
  return { leaves: leaves.toSpliced(round, 0, leaf), path };
}

/** Waves of parity for one block. */
const PARITY_CUTS_MAX = 4;

function badChunk(lane: number, round: number, why: string): GossipError {
  return new GossipError("BAD_CHUNK", `chunk ${round} of lane ${lane} is not of its cut: ${why}`);
}
