import * as fc from "fast-check";
import { chunkMessage } from "../../gossip/push/chunk-messages.ts";
import { expect, test } from "vitest";
import type { BlockHash } from "../../chain/block.ts";
import { Assembly } from "../../gossip/push/assembly.ts";
import { CutBlock, type CutChunks } from "../../gossip/push/cut-block.ts";
import { cutOf, roundsOf } from "../../gossip/push/cut.ts";
import type { ChunkMessage } from "../../gossip/wire/messages.ts";
import type { ChannelId, PeerId } from "../../gossip/ports.ts";
import { sample } from "../../gossip/random.ts";
import { signStatement } from "../../gossip/wire/statements.ts";
import { ReedSolomon } from "../../node/reed-solomon.ts";
import { seededRandom } from "../../node/testing/simulator/seeded-random.ts";
import { SimulatedKeyring } from "../../node/testing/simulator/simulated-keyring.ts";
import { bytes, sameBytes } from "../transport-messages.ts";

const CODE = await ReedSolomon.load();
const KEYRING = new SimulatedKeyring("cutter" as PeerId);
const NAMED = { channel: "00".repeat(16) as ChannelId, number: 1, hash: "ab".repeat(32) as BlockHash };

function cutBlock(size: number, lanes: number, rounds: number): CutBlock {
  const chunkBytes = Math.ceil(size / (lanes * rounds));
  return CutBlock.make(bytes(size, 3), NAMED, { chunkBytes, lanes }, KEYRING);
}

function message(chunks: CutChunks, lane: number, round: number, withProof = true): ChunkMessage {
  return chunkMessage(chunks, lane, round, withProof);
}

function allOf(chunks: CutChunks): { lane: number; round: number }[] {
  const { firstLane, laneCount } = chunks.cut;
  return Array.from({ length: laneCount * roundsOf(chunks.cut) }, (_, index) => ({
    lane: firstLane + (index % laneCount),
    round: Math.floor(index / laneCount),
  }));
}

const shape = fc.record({
  size: fc.integer({ min: 1, max: 20_000 }),
  lanes: fc.integer({ min: 1, max: 127 }),
  rounds: fc.integer({ min: 1, max: 6 }),
  seed: fc.nat(),
});

test("a block comes out as it was cut, in whatever order its chunks come", () => {
  fc.assert(
    fc.property(shape, ({ size, lanes, rounds, seed }) => {
      const block = cutBlock(size, lanes, rounds);
      const assembly = new Assembly(block.cut);
      const places = allOf(block);
      for (const { lane, round } of sample(places, places.length, seededRandom(seed))) {
        expect(assembly.isComplete).toBe(false);
        expect(assembly.add(message(block, lane, round))).toBe("new");
        expect(assembly.add(message(block, lane, round))).toBe("known");
      }
      expect(assembly.isComplete).toBe(true);
      expect(sameBytes(assembly.assemble(CODE)!, bytes(size, 3))).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test("any chunks of data and parity, as many in each round as there are lanes, are enough, and one fewer is not", () => {
  fc.assert(
    fc.property(shape, ({ size, lanes, rounds, seed }) => {
      const block = cutBlock(size, lanes, rounds);
      const random = seededRandom(seed);
      const waves = [block, block.parity(lanes, Math.ceil(lanes / 2), CODE, KEYRING)!];
      waves.push(block.parity(lanes + Math.ceil(lanes / 2), Math.ceil(lanes / 2), CODE, KEYRING)!);
      const assembly = new Assembly(block.cut);
      for (const parity of waves.slice(1)) expect(assembly.addParity(parity.cut)).toBe(true);
      for (let round = 0; round < roundsOf(block.cut); round++) {
        const places = waves.flatMap((wave) => allOf(wave).map((place) => ({ wave, ...place })));
        const ofRound = places.filter((place) => place.round === round);
        const chosen = sample(ofRound, lanes, random);
        for (const { wave, lane } of chosen) {
          expect(assembly.isComplete).toBe(false);
          assembly.add(message(wave, lane, round));
        }
      }
      expect(assembly.isComplete).toBe(true);
      expect(sameBytes(assembly.assemble(CODE)!, bytes(size, 3))).toBe(true);
    }),
    { numRuns: 40 },
  );
});

test("a chunk with one bit changed, of another place, or with another's proof is refused, and changes nothing", () => {
  const block = cutBlock(9_000, 40, 3);
  const other = CutBlock.make(bytes(9_000, 4), NAMED, { chunkBytes: 75, lanes: 40 }, KEYRING);
  const good = message(block, 5, 1);
  const flipped = good.data.slice();
  flipped[7]! ^= 1;
  const bad: readonly ChunkMessage[] = [
    { ...good, data: flipped },
    { ...good, lane: 6 },
    { ...good, round: 2 },
    { ...good, round: 3 },
    { ...good, lane: 40 },
    { ...good, data: good.data.subarray(1) },
    { ...good, proof: other.proof(5, 1) },
    { ...good, proof: { ...good.proof!, path: good.proof!.path.slice(1) } },
    { ...good, proof: { ...good.proof!, path: [...good.proof!.path, new Uint8Array(16)] } },
    { ...message(other, 5, 1), cut: block.cut.id },
  ];
  const assembly = new Assembly(block.cut);
  for (const chunk of bad)
    expect(() => assembly.add(chunk)).toThrow(expect.objectContaining({ code: "BAD_CHUNK" }));
  expect([assembly.count, assembly.bytes]).toEqual([0, 0]);
  expect(assembly.add(message(block, 5, 1, false))).toBe("unproven");
  expect(assembly.add(good)).toBe("new");
  // Also where one of that place has come already: it might have to be passed on.
  expect(() => assembly.add({ ...good, data: flipped })).toThrow(
    expect.objectContaining({ code: "BAD_CHUNK" }),
  );
  expect(assembly.add(message(block, 5, 2, false))).toBe("new");
  expect(() => assembly.add({ ...message(block, 5, 0, false), data: flipped })).toThrow(
    expect.objectContaining({ code: "BAD_CHUNK" }),
  );
});

test("it says what is there, a bit a chunk, and a round that parity has made whole counts as there", () => {
  const block = cutBlock(4_000, 10, 2);
  const parity = block.parity(10, 10, CODE, KEYRING)!;
  const assembly = new Assembly(block.cut);
  assembly.addParity(parity.cut);
  assembly.add(message(block, 0, 0));
  assembly.add(message(block, 9, 1));
  expect([...assembly.present()]).toEqual([1, 0, 8]);
  for (let lane = 10; lane < 19; lane++) assembly.add(message(parity, lane, 0));
  expect([...assembly.present()]).toEqual([255, 3, 8]);
});

test("parity of another block, or more of it than four waves, is not taken", () => {
  const block = cutBlock(4_000, 10, 2);
  const assembly = new Assembly(block.cut);
  const foreign = CutBlock.make(
    bytes(4_000, 3),
    { ...NAMED, hash: "cd".repeat(32) as BlockHash },
    { chunkBytes: 200, lanes: 10 },
    KEYRING,
  );
  expect(assembly.addParity(foreign.parity(10, 5, CODE, KEYRING)!.cut)).toBe(false);
  expect(assembly.addParity(block.cut)).toBe(false);
  const taken = Array.from({ length: 6 }, (_, wave) =>
    assembly.addParity(block.parity(10 + wave, 1, CODE, KEYRING)!.cut),
  );
  expect(taken).toEqual([true, true, true, true, false, false]);
});

test("a shard of parity does not depend on how many are made, and none is made beyond what the code can do", () => {
  const block = cutBlock(30_000, 100, 1);
  const [few, many] = [block.parity(100, 3, CODE, KEYRING)!, block.parity(100, 155, CODE, KEYRING)!];
  for (let lane = 100; lane < 103; lane++)
    expect(sameBytes(few.chunk(lane, 0), many.chunk(lane, 0))).toBe(true);
  expect(block.parity(200, 100, CODE, KEYRING)?.cut.laneCount).toBe(55);
  expect(block.parity(255, 1, CODE, KEYRING)).toBeUndefined();
});

test("after it has let go of its chunks it keeps none, and still tells good from bad", () => {
  const block = cutBlock(4_000, 10, 2);
  const assembly = new Assembly(block.cut);
  assembly.add(message(block, 0, 0));
  assembly.release();
  assembly.add(message(block, 1, 0));
  expect([assembly.bytes, assembly.count]).toEqual([0, 2]);
  expect(() => assembly.add({ ...message(block, 2, 0), round: 1 })).toThrow();
});

test.each([
  ["no bytes", { blockBytes: 0 }],
  ["no lanes", { lanes: 0, laneCount: 0 }],
  ["more lanes than the code leaves parity for", { lanes: 128, laneCount: 128 }],
  ["more rounds than any block needs", { chunkBytes: 1 }],
  ["data lanes that are not all there", { laneCount: 9 }],
  ["parity among the data", { firstLane: 5, laneCount: 5 }],
  ["lanes beyond the code", { firstLane: 250, laneCount: 10 }],
  ["a root too few", { roots: Array.from({ length: 9 }, () => new Uint8Array(16)) }],
])("a cut with %s is malformed", (_what, wrong) => {
  const { signed: _, id: __, cutter, ...terms } = cutBlock(4_000, 10, 2).cut;
  const statement = signStatement({ ...terms, ...wrong, kind: "cut", peer: cutter }, KEYRING);
  expect(() => cutOf(statement, cutter)).toThrow(expect.objectContaining({ code: "MALFORMED_MESSAGE" }));
});
