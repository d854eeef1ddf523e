import { ChunkTree, leafNode, type LaneProof } from "./chunk-tree.ts";
import { chunkLength, cutOf, LANES_MAX, roundsOf, type Cut, type CutShape, type CutTerms } from "./cut.ts";
import type { ErasureCode, Keyring } from "../ports.ts";
import { signStatement } from "../wire/statements.ts";

/** Chunks with what proves them, ready to be sent. */
export interface CutChunks {
  readonly cut: Cut;
  chunk(lane: number, round: number): Uint8Array;
  proof(lane: number, round: number): LaneProof;
}

/** What of a cut does not depend on the chunks. */
type Named = Pick<CutTerms, "channel" | "number" | "hash">;

/** Cuts a block and signs it, or finds the chunks of somebody else's cut again in the block. */
export class CutBlock implements CutChunks {
  readonly cut: Cut;
  readonly #bytes: Uint8Array;
  readonly #tree: ChunkTree;

  private constructor(bytes: Uint8Array, cut: Cut, tree: ChunkTree) {
    this.#bytes = bytes;
    this.cut = cut;
    this.#tree = tree;
  }

  /** Cuts the block into one lane for each of `lanes` relays. */
  static make(
    bytes: Uint8Array,
    named: Named,
    shape: Omit<CutShape, "blockBytes">,
    keyring: Keyring,
  ): CutBlock {
    const full = { ...shape, blockBytes: bytes.length };
    const tree = treeOf(full.lanes, roundsOf(full), (lane, round) => dataChunk(bytes, full, lane, round));
    const terms = { ...named, ...full, firstLane: 0, laneCount: full.lanes, roots: tree.roots };
    return new CutBlock(bytes, signed(terms, keyring), tree);
  }

  /** @param cut of this very block. */
  static of(bytes: Uint8Array, cut: Cut): CutBlock {
    const tree = treeOf(cut.lanes, roundsOf(cut), (lane, round) => dataChunk(bytes, cut, lane, round));
    return new CutBlock(bytes, cut, tree);
  }

  chunk(lane: number, round: number): Uint8Array {
    return dataChunk(this.#bytes, this.cut, lane, round);
  }

  proof(lane: number, round: number): LaneProof {
    return this.#tree.proof(lane, round);
  }

  /** Makes and signs `laneCount` lanes of parity from `firstLane` on, or as many as there can be; undefined: none. */
  parity(firstLane: number, laneCount: number, code: ErasureCode, keyring: Keyring): CutChunks | undefined {
    const { cut } = this;
    const count = Math.min(laneCount, LANES_MAX - firstLane);
    if (count < 1) return undefined;
    const rounds = Array.from({ length: roundsOf(cut) }, (_, round) =>
      code.parity(paddedRound(this, round), firstLane - cut.lanes, count),
    );
    const chunk = (lane: number, round: number) => rounds[round]?.[lane - firstLane] ?? new Uint8Array(0);
    const tree = treeOf(count, rounds.length, (lane, round) => chunk(firstLane + lane, round));
    const { id: _, cutter: __, signed: ___, ...terms } = cut;
    const parityCut = signed({ ...terms, firstLane, laneCount: count, roots: tree.roots }, keyring);
    return { cut: parityCut, chunk, proof: (lane, round) => tree.proof(lane - firstLane, round) };
  }
}

/** A chunk with zeros behind it where it is shorter than the others. */
export function padded(chunk: Uint8Array, chunkBytes: number): Uint8Array {
  if (chunk.length === chunkBytes) return chunk;
  const full = new Uint8Array(chunkBytes);
  full.set(chunk);
  return full;
}

function paddedRound(block: CutBlock, round: number): Uint8Array[] {
  const { lanes, chunkBytes } = block.cut;
  return Array.from({ length: lanes }, (_, lane) => padded(block.chunk(lane, round), chunkBytes));
}

function dataChunk(bytes: Uint8Array, shape: CutShape, lane: number, round: number): Uint8Array {
  const start = (round * shape.lanes + lane) * shape.chunkBytes;
  return bytes.subarray(start, start + chunkLength(shape, lane, round));
}

function treeOf(
  laneCount: number,
  rounds: number,
  chunk: (lane: number, round: number) => Uint8Array,
): ChunkTree {
  return new ChunkTree(
    Array.from({ length: laneCount }, (_, lane) =>
      Array.from({ length: rounds }, (__, round) => leafNode(chunk(lane, round))),
    ),
  );
}

function signed(terms: CutTerms, keyring: Keyring): Cut {
  const statement = signStatement({ ...terms, kind: "cut", peer: keyring.self }, keyring);
  return cutOf(statement, keyring.self);
}
