import type { PeerId } from "../ports.ts";
import type { RelayGrid } from "./relay-grid.ts";

/**
 * To whom the receiver of a block or a chunk is to pass it on: to nobody; to everybody; or along lines of the grid,
 * where the first line's peers are to pass it on along the other one.
 */
export type SpreadStep = "none" | "everybody" | "row-then-columns" | "column-then-rows" | "row" | "column";

/** A step, and the grid that it is meant in. */
export interface Spread {
  readonly step: SpreadStep;
  /** Of the grid; 0 where the step needs none. */
  readonly width: number;
  /** Of the grid's order. */
  readonly seed: number;
}

/** Peers to send to, and what they are to do with it. */
export interface SpreadTargets {
  readonly peers: readonly PeerId[];
  readonly spread: Spread;
}

export const SPREAD_NONE: Spread = { step: "none", width: 0, seed: 0 };

export const SPREAD_EVERYBODY: Spread = { step: "everybody", width: 0, seed: 0 };

/** The peers that are to be reached, as `PeerView` sees them. */
export interface SpreadView {
  /** All others. */
  active(): readonly PeerId[];
  /** All others and ourselves, laid out. */
  grid(width: number, seed: number): RelayGrid;
}

/** Whom `self` is to send to for a step, those who have something to pass on first. */
export function spreadTargets(self: PeerId, view: SpreadView, spread: Spread): SpreadTargets[] {
  const { step, width, seed } = spread;
  const leaf = (peers: readonly PeerId[]): SpreadTargets => ({ peers, spread: SPREAD_NONE });
  switch (step) {
    case "none":
      return [];
    case "everybody":
      return [leaf(view.active())];
    case "row":
      return [leaf(view.grid(width, seed).row(self))];
    case "column":
      return [leaf(view.grid(width, seed).column(self))];
    case "row-then-columns": {
      const grid = view.grid(width, seed);
      return [{ peers: grid.row(self), spread: { ...spread, step: "column" } }, leaf(grid.column(self))];
    }
    case "column-then-rows": {
      const grid = view.grid(width, seed);
      return [{ peers: grid.column(self), spread: { ...spread, step: "row" } }, leaf(grid.row(self))];
    }
    default:
      return step satisfies never;
  }
}

/** How the first peer sends something itself so that all are reached: only a full line meets every other line. */
export function firstSpread(self: PeerId, view: SpreadView, width: number, seed: number): Spread {
  const isRowFull = view.grid(width, seed).isRowFull(self);
  return { step: isRowFull ? "row-then-columns" : "column-then-rows", width, seed };
}
