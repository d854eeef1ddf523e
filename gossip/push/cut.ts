import type { BlockHash } from "../../chain/block.ts";
import { sha256 } from "../../chain/hash.ts";
import { ROOTS_MAX } from "./chunk-tree.ts";
import { GossipError } from "../errors.ts";
import type { CutId, SignedStatement } from "../wire/messages.ts";
import type { ChannelId, PeerId } from "../ports.ts";
import { cutId } from "./push-codec.ts";
import { readCut } from "../wire/statements.ts";

/**
 * How many bytes a block has and how they lie in chunks: round after round, in each round one chunk for every lane.
 * A lane is what one relay passes on. The last chunks may be shorter, or empty.
 */
export interface CutShape {
  readonly blockBytes: number;
  readonly chunkBytes: number;
  readonly lanes: number;
}

/** What a cutter signs. */
export interface CutTerms extends CutShape {
  readonly channel: ChannelId;
  readonly number: number;
  readonly hash: BlockHash;
  /** The lanes that the roots stand for: those of data, or some of parity behind them. */
  readonly firstLane: number;
  readonly laneCount: number;
  readonly roots: readonly Uint8Array[];
}

/** A block as a peer has cut it: the chunks of data, or chunks of parity, and the roots that prove them. */
export interface Cut extends CutTerms {
  readonly id: CutId;
  readonly cutter: PeerId;
  readonly signed: SignedStatement;
}

/** What Reed-Solomon codes over bytes can do: lanes of data and of parity together. */
export const LANES_MAX = 255;

/** So that there is room for as much parity as data. */
export const DATA_LANES_MAX = 127;

const ROUNDS_MAX = 32;

/** How many chunks each lane has. */
export function roundsOf({ blockBytes, chunkBytes, lanes }: CutShape): number {
  return Math.ceil(blockBytes / (chunkBytes * lanes));
}

/** How many bytes the chunk has; what it lacks to `chunkBytes` counts as zeros in the code. */
export function chunkLength(shape: CutShape, lane: number, round: number): number {
  if (lane >= shape.lanes) return shape.chunkBytes;
  const start = (round * shape.lanes + lane) * shape.chunkBytes;
  return Math.max(0, Math.min(shape.chunkBytes, shape.blockBytes - start));
}

/** The lanes of parity start behind those of data. */
export function isParity({ firstLane }: CutTerms): boolean {
  return firstLane > 0;
}

/** A signed statement as a cut; the signature is not checked here. @throws GossipError `MALFORMED_MESSAGE`. */
export function cutOf(signed: SignedStatement, cutter: PeerId): Cut {
  const { kind: _, peer: __, ...terms } = readCut(signed, cutter);
  if (!isPossible(terms))
    throw new GossipError("MALFORMED_MESSAGE", `a cut of block ${terms.number} that is none`);
  return { ...terms, cutter, signed, id: cutIdOf(signed) };
}

/** The id of the cut that the statement is. */
export function cutIdOf({ payload }: SignedStatement): CutId {
  return cutId(sha256(payload).subarray(0, 16));
}

function isPossible(terms: CutTerms): boolean {
  const { blockBytes, chunkBytes, lanes, firstLane, laneCount, roots } = terms;
  if (blockBytes < 1 || chunkBytes < 1 || lanes < 1 || lanes > DATA_LANES_MAX) return false;
  // Chunks are no longer than the block makes them: with parity, all are filled up to one length.
  if ((chunkBytes - 1) * lanes >= blockBytes) return false;
  if (roundsOf(terms) > ROUNDS_MAX || laneCount < 1 || firstLane + laneCount > LANES_MAX) return false;
  if (firstLane === 0 ? laneCount !== lanes : firstLane < lanes) return false;
  return roots.length === rootCount(laneCount);
}

function rootCount(laneCount: number): number {
  let count = laneCount;
  while (count > ROOTS_MAX) count = (count + 1) >> 1;
  return count;
}
