import { gridWidth } from "./relay-grid.ts";
import { firstSpread, SPREAD_EVERYBODY, type Spread, type SpreadView } from "./spread.ts";
import type { PeerId } from "./ports.ts";

/** What the plan for one block depends on. */
export interface PushPlanParts {
  readonly self: PeerId;
  readonly view: SpreadView;
  readonly number: number;
  readonly blockBytes: number;
  readonly directBytesMax: number;
  readonly neighboursMax: number;
}

/** Fewer peers than this are always served by the source. */
const GRID_PEERS_MIN = 4;

/**
 * How the first peer spreads a block that goes whole. A small one it sends to everybody itself: as long as its uplink
 * needs no longer for that than a relay's delay, nothing is faster. A larger one goes along a grid, in two hops and
 * about 2·√n copies by the source; while everybody is linked to everybody, each block has its own grid, so that the
 * work goes round.
 */
export function pushPlan(parts: PushPlanParts): Spread {
  const { self, view, number, blockBytes, directBytesMax, neighboursMax } = parts;
  const peerCount = view.active().length;
  const width = gridWidth(peerCount + 1);
  if (peerCount > neighboursMax) return firstSpread(self, view, width, 0);
  if (peerCount < GRID_PEERS_MIN || peerCount * blockBytes <= directBytesMax) return SPREAD_EVERYBODY;
  return firstSpread(self, view, width, (number % SEEDS) + 1);
}

/** Different layouts that take turns. */
const SEEDS = 1_024;
