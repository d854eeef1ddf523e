import { equals } from "uint8arrays/equals";
import { sha256 } from "../../chain/hash.ts";

/**
 * Bytes of a node: SHA-256 cut to 128 bits. Nobody can make a chunk that fits a node that somebody else has made; only
 * who cuts a block could, with 2^64 tries, make two that fit one node, and a block that is not the same for all is
 * his own doing and comes out as such.
 */
export const NODE_BYTES = 16;

/** A tree is signed by its nodes at the level where there are at most so many, which spares every proof four nodes. */
export const ROOTS_MAX = 16;

/** What shows that the chunks of a lane belong to a cut. */
export interface LaneProof {
  /** The hash of each of the lane's other chunks, in order. */
  readonly leaves: readonly Uint8Array[];
  /** The nodes beside the way from the lane's node up to a root, lowest first. */
  readonly path: readonly Uint8Array[];
}

/** The node of a chunk. */
export function leafNode(chunk: Uint8Array): Uint8Array {
  return sha256(LEAF, chunk).subarray(0, NODE_BYTES);
}

/**
 * A Merkle tree (as in RFC 6962, leaves and nodes hashed apart) over lanes, each of which is the hash of its chunks'
 * hashes. Where a level has an odd node, that one moves up as it is.
 */
export class ChunkTree {
  readonly #leaves: readonly (readonly Uint8Array[])[];
  readonly #levels: readonly (readonly Uint8Array[])[];

  /** @param leaves for each lane, the `leafNode` of each of its chunks. */
  constructor(leaves: readonly (readonly Uint8Array[])[]) {
    this.#leaves = leaves;
    const levels = [leaves.map(laneNode)];
    for (let level = levels[0] ?? []; level.length > ROOTS_MAX; level = levels.at(-1) ?? [])
      levels.push(above(level));
    this.#levels = levels;
  }

  /** What is signed. */
  get roots(): readonly Uint8Array[] {
    return this.#levels.at(-1) ?? [];
  }

  /** The proof that goes with a chunk. @param lane counted from the first lane of the tree. */
  proof(lane: number, round: number): LaneProof {
    const path: Uint8Array[] = [];
    let index = lane;
    for (const level of this.#levels.slice(0, -1)) {
      const sibling = level[index ^ 1];
      if (sibling !== undefined) path.push(sibling);
      index >>= 1;
    }
    return { leaves: this.#leaves[lane]?.toSpliced(round, 1) ?? [], path };
  }
}

/** A lane that is to be proven: all its leaves, and the nodes beside its way up. */
export interface ClaimedLane extends LaneProof {
  /** Counted from the first lane of the tree. */
  readonly lane: number;
  readonly laneCount: number;
}

/** Whether the lane's leaves lead to these roots. */
export function isProven(claim: ClaimedLane, roots: readonly Uint8Array[]): boolean {
  const { leaves, path, lane, laneCount } = claim;
  let node = laneNode(leaves);
  let index = lane;
  let used = 0;
  for (let width = laneCount; width > ROOTS_MAX; width = (width + 1) >> 1) {
    if ((index ^ 1) < width) {
      const sibling = path[used++];
      if (sibling === undefined) return false;
      node = (index & 1) === 0 ? innerNode(node, sibling) : innerNode(sibling, node);
    }
    index >>= 1;
  }
  const root = roots[index];
  return used === path.length && root !== undefined && equals(node, root);
}

const LEAF = Uint8Array.of(0);
const INNER = Uint8Array.of(1);
const LANE = Uint8Array.of(2);

function laneNode(leaves: readonly Uint8Array[]): Uint8Array {
  return sha256(LANE, ...leaves).subarray(0, NODE_BYTES);
}

function innerNode(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(INNER, left, right).subarray(0, NODE_BYTES);
}

function above(level: readonly Uint8Array[]): Uint8Array[] {
  const nodes: Uint8Array[] = [];
  for (let index = 0; index < level.length; index += 2) {
    const [left, right] = [level[index], level[index + 1]];
    if (left !== undefined) nodes.push(right === undefined ? left : innerNode(left, right));
  }
  return nodes;
}
