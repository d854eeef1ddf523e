import { expect, test } from "vitest";
import { CutBlock } from "../../gossip/push/cut-block.ts";
import { chunkMessage } from "../../gossip/push/chunk-messages.ts";
import { IncomingBlock } from "../../gossip/push/incoming-block.ts";
import type { BlockHash } from "../../chain/block.ts";
import type { ChannelId, PeerId } from "../../gossip/ports.ts";
import { SimulatedKeyring } from "../../node/testing/simulator/simulated-keyring.ts";

const FIRST_MS = 500;
const CUTTER = "cutter" as PeerId;
const NAMED = { channel: "00".repeat(16) as ChannelId, number: 1, hash: "00".repeat(32) as BlockHash };

/** A block of ten chunks, and how long it is waited for after one has come at each of these times. */
function waitedUntilMs(timesMs: readonly number[], areNear = false): number {
  const shape = { chunkBytes: 10, lanes: 10 };
  const chunks = CutBlock.make(new Uint8Array(100), NAMED, shape, new SimulatedKeyring(CUTTER));
  const incoming = new IncomingBlock(chunks.cut, CUTTER, "coming", 0);
  for (const [lane, atMs] of timesMs.entries()) {
    incoming.assembly.add(chunkMessage(chunks, lane, 0, true));
    incoming.noteProgress(atMs);
  }
  return incoming.patientUntilMs(areNear, FIRST_MS);
}

test("Until half of a block is here, a pause is waited for as long as it has been coming, a quarter of a second at least", () => {
  expect(waitedUntilMs([])).toBe(FIRST_MS);
  expect(waitedUntilMs([100])).toBe(350);
  expect(waitedUntilMs([100, 200, 400])).toBe(800);
});

test("The second half of a block has as long as the first, and a pause of 100 ms behind the last chunk", () => {
  expect(waitedUntilMs([100, 120, 140, 160, 180, 200])).toBe(400);
  expect(waitedUntilMs([100, 120, 140, 160, 180, 200, 390])).toBe(490);
  expect(waitedUntilMs([10, 12, 14, 16, 18, 20])).toBe(120);
});

test("Between near peers a pause is a busy machine's", () => {
  expect(waitedUntilMs([10, 12, 14, 16, 18, 20], true)).toBe(1_020);
});
