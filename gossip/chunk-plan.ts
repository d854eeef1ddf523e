import { DATA_LANES_MAX } from "./cut.ts";
import type { PeerId } from "./ports.ts";
import { gridWidth } from "./relay-grid.ts";
import { SPREAD_EVERYBODY, type Spread, type SpreadView } from "./spread.ts";

/** A peer that is given the chunks of a lane, and how it is to spread them. */
export interface LaneHead {
  readonly peer: PeerId;
  readonly spread: Spread;
}

/**
 * Chunks of a lane: while a relay sends one on, the next one comes. More rounds shorten the time until the first
 * relay can begin and the last one is done, and cost a header each; on three levels there are fewer lanes.
 */
const ROUNDS_MAX = 4;
const ROUNDS_MAX_IN_GRID = 12;

/** Headers and proofs are about a tenth of this. */
const CHUNK_BYTES_MIN = 1_024;

/**
 * The peers that can reach everybody with what they are given: where every peer is linked to every other, each of
 * them, by itself; else those of the source's row and column whose own line meets all others. Each is then as good as
 * any other, and every peer's uplink gets the same work: in a grid, a head sends to its row and its column, and every
 * other peer serves along one line for half of the heads and along the other for the rest.
 */
export function laneHeads(self: PeerId, view: SpreadView, neighboursMax: number): LaneHead[] {
  const peers = view.active();
  if (peers.length <= neighboursMax) return peers.map((peer) => ({ peer, spread: SPREAD_EVERYBODY }));
  const width = gridWidth(peers.length + 1);
  const grid = view.grid(width, 0);
  const head = (peer: PeerId, step: "row-then-columns" | "column-then-rows"): LaneHead => ({
    peer,
    spread: { step, width, seed: 0 },
  });
  const ofColumn = grid.column(self).filter((peer) => grid.isRowFull(peer));
  const ofRow = grid.row(self).filter((peer) => grid.isColumnFull(peer));
  return [
    ...ofColumn.map((peer) => head(peer, "row-then-columns")),
    ...ofRow.map((peer) => head(peer, "column-then-rows")),
  ];
}

/** How a block of so many bytes is cut for so many heads. */
export function cutShape(
  blockBytes: number,
  heads: readonly LaneHead[],
): { readonly chunkBytes: number; readonly lanes: number } {
  const lanes = Math.min(heads.length, DATA_LANES_MAX);
  const roundsMax = heads[0]?.spread.step === "everybody" ? ROUNDS_MAX : ROUNDS_MAX_IN_GRID;
  const rounds = Math.max(1, Math.min(roundsMax, Math.floor(blockBytes / (lanes * CHUNK_BYTES_MIN))));
  return { chunkBytes: Math.ceil(blockBytes / (lanes * rounds)), lanes };
}
