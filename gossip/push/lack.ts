import type { PeerId } from "../ports.ts";

/** What a peer lacks of a block. */
export interface Lack {
  readonly peer: PeerId;
  /** For each round, the lanes of data. */
  readonly missing: readonly (readonly number[])[];
}

/** Of how many lanes it lacks something: so much parity brings it the block. */
export function lanesLacked({ missing }: Lack): number {
  return Math.max(...missing.map((lanes) => lanes.length));
}

/** How many chunks all of them lack. */
export function chunksLacked(lacks: readonly Lack[]): number {
  return lacks.reduce((sum, { missing }) => missing.reduce((count, lanes) => count + lanes.length, sum), 0);
}
