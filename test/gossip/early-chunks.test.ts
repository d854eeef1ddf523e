import { expect, test } from "vitest";
import { EarlyChunks } from "../../gossip/push/early-chunks.ts";
import type { ChunkMessage, CutId } from "../../gossip/wire/messages.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { SPREAD_NONE } from "../../gossip/push/spread.ts";

function chunk(cut: string, lane: number, bytes = 1_000): ChunkMessage {
  const data = new Uint8Array(bytes);
  return {
    kind: "chunk",
    cut: cut as CutId,
    lane,
    round: 0,
    data,
    proof: undefined,
    spread: SPREAD_NONE,
    served: [],
  };
}

const lanesOf = (early: EarlyChunks, cut: string) =>
  early.take(cut as CutId).map(({ from, message }) => `${from} ${message.lane}`);

test("chunks wait for their cut in the order in which they came, and are taken out once", () => {
  const early = new EarlyChunks();
  early.keep("a" as PeerId, chunk("x", 3));
  early.keep("b" as PeerId, chunk("y", 1));
  early.keep("b" as PeerId, chunk("x", 2));
  expect(lanesOf(early, "x")).toEqual(["a 3", "b 2"]);
  expect(lanesOf(early, "x")).toEqual([]);
  expect(lanesOf(early, "y")).toEqual(["b 1"]);
});

test("one sender fills half a mebibyte, and has room again when its chunks have been taken", () => {
  const early = new EarlyChunks();
  for (let lane = 0; lane < 1_000; lane++) early.keep("liar" as PeerId, chunk("x", lane));
  early.keep("honest" as PeerId, chunk("x", 5));
  expect(lanesOf(early, "x").length).toBe(Math.floor((512 << 10) / 1_256) + 1);
  early.keep("liar" as PeerId, chunk("y", 7));
  expect(lanesOf(early, "y")).toEqual(["liar 7"]);
});

test("all senders together fill four mebibytes, and the oldest cuts give way", () => {
  const early = new EarlyChunks();
  for (let sender = 0; sender < 20; sender++) {
    for (let lane = 0; lane < 5; lane++)
      early.keep(`p${sender}` as PeerId, chunk(`cut ${sender}`, lane, 100_000));
  }
  const kept = Array.from({ length: 20 }, (_, sender) => lanesOf(early, `cut ${sender}`).length);
  expect(kept.slice(0, 11)).toEqual(Array.from({ length: 11 }, () => 0));
  expect(kept.reduce((sum, count) => sum + count, 0) * 100_000).toBeLessThanOrEqual(4 << 20);
  expect(kept.at(-1)).toBe(5);
});

test("chunks without data are none without cost", () => {
  const early = new EarlyChunks();
  for (let lane = 0; lane < 10_000; lane++) early.keep("liar" as PeerId, chunk("x", lane, 0));
  expect(lanesOf(early, "x").length).toBeLessThanOrEqual((512 << 10) / 256);
});
