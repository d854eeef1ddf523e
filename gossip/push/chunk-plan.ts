import { DATA_LANES_MAX } from "./cut.ts";
import type { PeerId } from "../ports.ts";
import { gridWidth } from "./relay-grid.ts";
import { SPREAD_EVERYBODY, type Spread, type SpreadView } from "./spread.ts";

/** A peer that is given the chunks of a lane, and how it is to spread them. */
export interface LaneHead {
  readonly peer: PeerId;
  readonly spread: Spread;
}

/**
 * Peers that answer within this are near: on a network of one site the links are fast, and what costs is the message
 * and not the byte.
 */
const NEAR_MS = 20;

/** Whether the peers are near, as far as is known. */
export function isNear(view: { answerMs(): number | undefined }): boolean {
  const answerMs = view.answerMs();
  return answerMs !== undefined && answerMs < NEAR_MS;
}

/** For peers that are near: as much as goes in one message of Noise (65,519 bytes), headers and proof included. */
const NEAR_CHUNK_BYTES = 60000;

/**
 * For peers that are far: chunks of a lane. While a relay sends one on, the next one comes. More rounds shorten the time until the first
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

/** Whether each of these heads reaches everybody by itself, as where all peers are linked to all. */
export function reachEverybody(heads: readonly LaneHead[]): boolean {
  return heads[0]?.spread.step === "everybody";
}

/**
 * How a block of so many bytes is cut for so many heads.
 */
export function cutShape(
  blockBytes: number,
  heads: readonly LaneHead[],
  areNear: boolean,
): { readonly chunkBytes: number; readonly lanes: number } {
  const lanesMax = Math.min(heads.length, DATA_LANES_MAX);
  if (areNear) {
    const lanes = Math.min(lanesMax, Math.ceil(blockBytes / NEAR_CHUNK_BYTES));
    const rounds = Math.ceil(blockBytes / (lanes * NEAR_CHUNK_BYTES));
    return { chunkBytes: Math.ceil(blockBytes / (lanes * Math.min(rounds, ROUNDS_MAX))), lanes };
  }
  const lanes = lanesMax;
  const roundsMax = reachEverybody(heads) ? ROUNDS_MAX : ROUNDS_MAX_IN_GRID;
  const rounds = Math.max(1, Math.min(roundsMax, Math.floor(blockBytes / (lanes * CHUNK_BYTES_MIN))));
  return { chunkBytes: Math.ceil(blockBytes / (lanes * rounds)), lanes };
}

/**
 * For each lane, the peers that the source serves itself in the last round: more of the later lanes, in all about as
 * many as one relay serves with a chunk, which is what the source has time for while the relays end.
 */
export function ownShare(
  heads: readonly LaneHead[],
  peers: readonly PeerId[],
): readonly (readonly PeerId[])[] {
  const count = Math.floor(Math.sqrt(2 * peers.length));
  let next = 0;
  return heads.map(({ peer: head }, lane) => {
    const share = Math.max(0, lane + count - heads.length);
    const own = Array.from({ length: share }, () => peers[next++ % peers.length]);
    return own.filter((peer) => peer !== undefined && peer !== head) as PeerId[];
  });
}
