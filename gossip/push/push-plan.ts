import { gridWidth } from "./relay-grid.ts";
import { firstSpread, SPREAD_EVERYBODY, spreadTargets, type Spread, type SpreadView } from "./spread.ts";
import type { PeerId } from "../ports.ts";

/** What the plan for one block depends on. */
export interface PushPlanParts {
  readonly self: PeerId;
  readonly view: SpreadView;
  readonly number: number;
  readonly blockBytes: number;
  readonly directBytesMax: number;
  readonly neighboursMax: number;
  /** Whether the peer may be given something to relay. */
  readonly isTrusted: (peer: PeerId) => boolean;
}

/** Fewer peers than this are always served by the source. */
const GRID_PEERS_MIN = 4;

/**
 * How the first peer spreads a block that goes whole. A small one it sends to everybody itself: as long as its uplink
 * needs no longer for that than a relay's delay, nothing is faster. A larger one goes along a grid, in two hops and
 * about 2·√n copies by the source; while everybody is linked to everybody, each block has its own grid, so that the
 * work goes round; of a few grids it is the one in which the fewest relays are not trusted.
 */
export function pushPlan(parts: PushPlanParts): Spread {
  const { self, view, number, blockBytes, directBytesMax, neighboursMax } = parts;
  const peerCount = view.active().length;
  const width = gridWidth(peerCount + 1);
  if (peerCount > neighboursMax) return firstSpread(self, view, width, 0);
  if (peerCount < GRID_PEERS_MIN || peerCount * blockBytes <= directBytesMax) return SPREAD_EVERYBODY;
  if (view.active().every(parts.isTrusted)) return firstSpread(self, view, width, seedOf(number, 0));
  const spreads = Array.from({ length: TRIED_MAX }, (_, turn) =>
    firstSpread(self, view, width, seedOf(number, turn)),
  );
  const doubtful = (spread: Spread) => {
    const [first] = spreadTargets(self, view, spread);
    return first?.peers.filter((peer) => !parts.isTrusted(peer)).length ?? 0;
  };
  const [best = SPREAD_EVERYBODY] = spreads
    .map((spread) => ({ spread, count: doubtful(spread) }))
    .sort((a, b) => a.count - b.count)
    .map(({ spread }) => spread);
  return best;
}

function seedOf(number: number, turn: number): number {
  return ((number + turn * TURN_SEEDS) % SEEDS) + 1;
}

/** Different layouts that take turns. */
const SEEDS = 1_024;

/** Layouts that are looked at for one block; as many as a view keeps, and blocks that follow have others. */
const TRIED_MAX = 16;
const TURN_SEEDS = SEEDS / TRIED_MAX;
