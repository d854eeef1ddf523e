import { expect, test } from "vitest";
import type { Cut } from "../../gossip/push/cut.ts";
import { HelpLimits } from "../../gossip/push/help-limits.ts";
import type { PeerId } from "../../gossip/ports.ts";

const LANES = 64;
const SHAPE = { lanes: LANES, chunkBytes: 1_000, blockBytes: LANES * 1_000 } as Cut;

function lack(peer: string, lanes: number) {
  return { peer: peer as PeerId, missing: [Array.from({ length: lanes }, (_, lane) => lane)] };
}

test("a peer is helped with a sixteenth of a block, once", () => {
  const help = new HelpLimits(SHAPE);
  expect(help.take(lack("a", LANES / 16 + 1))).toBe(false);
  expect(help.take(lack("a", LANES / 16))).toBe(true);
  expect(help.take(lack("a", 1))).toBe(false);
});

test("however many ask, they are helped with a quarter of the block in all", () => {
  const help = new HelpLimits(SHAPE);
  const helped = Array.from({ length: 20 }, (_, index) => help.take(lack(`p${index}`, LANES / 16)));
  expect(helped.filter(Boolean)).toHaveLength(4);
});
