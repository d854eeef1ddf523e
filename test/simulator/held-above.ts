import type { BlockGossip } from "../../gossip/channel/block-gossip.ts";

/** Blocks in memory from this number on, up to the end of the window. */
export function heldAbove(gossip: BlockGossip, first: number): number[] {
  return Array.from({ length: 1_000 }, (_, index) => first + index).filter((number) => gossip.holds(number));
}
