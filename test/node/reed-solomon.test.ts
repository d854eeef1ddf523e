import { expect, test } from "vitest";
import { sample } from "../../gossip/random.ts";
import { ReedSolomon } from "../../node/reed-solomon.ts";
import { seededRandom } from "../../node/testing/simulator/seeded-random.ts";
import { bytes, sameBytes } from "../transport-messages.ts";

test("whatever shards are missing, one restoring after the other brings the data back", async () => {
  const code = await ReedSolomon.load();
  const random = seededRandom(1);
  for (let run = 0; run < 60; run++) {
    const dataCount = 1 + Math.floor(127 * random());
    const parityCount = 1 + Math.floor((255 - dataCount) * random());
    const size = 1 + Math.floor(300 * random());
    const data = Array.from({ length: dataCount }, (_, index) => bytes(size, (run * 7 + index) % 256));
    const all = [...data, ...code.parity(data, 0, parityCount)];
    const there = new Set(
      sample(
        all.map((_, index) => index),
        dataCount,
        random,
      ),
    );
    const restored = code.restore(
      all.map((shard, index) => (there.has(index) ? shard : undefined)),
      dataCount,
    );
    expect(restored?.every((shard, index) => sameBytes(shard, data[index]!))).toBe(true);
  }
});

test("too few shards restore nothing, and what the code cannot do is refused", async () => {
  const code = await ReedSolomon.load();
  const data = [1, 2, 3].map((seed) => bytes(10, seed));
  expect(code.restore([data[0], data[1], undefined, undefined], 3)).toBeUndefined();
  expect(() => code.parity([bytes(10, 1), bytes(9, 2)], 0, 1)).toThrow(RangeError);
  expect(() => code.parity(data, 0, 254)).toThrow(RangeError);
});
