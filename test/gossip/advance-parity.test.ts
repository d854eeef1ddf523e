import { expect, test } from "vitest";
import { AdvanceParity } from "../../gossip/push/advance-parity.ts";
import { LaneRecord } from "../../gossip/push/lane-record.ts";
import { SPREAD_EVERYBODY } from "../../gossip/push/spread.ts";
import type { PeerId } from "../../gossip/ports.ts";

test("No parity goes along until something was lacked, then as much as that, a tenth at most, and less each time", () => {
  const advance = new AdvanceParity();
  expect(advance.take(100)).toBe(0);
  advance.lacked(8, 100);
  expect([advance.take(100), advance.take(100), advance.take(50)]).toEqual([8, 7, 3]);
  advance.lacked(100, 100);
  expect(advance.withLosses(20)).toBe(22);
  expect(advance.take(100)).toBe(10);
  for (let block = 0; block < 40; block++) advance.take(100);
  expect(advance.take(100)).toBe(0);
});

test("What silent relays were given is not taken for lost", () => {
  const heads = Array.from({ length: 8 }, (_, index) => ({
    peer: `peer-${index}` as PeerId,
    spread: SPREAD_EVERYBODY,
  }));
  const record = new LaneRecord(heads, 1);
  // All lack what peer-3 was given, and each but one something else.
  for (const lane of [0, 1, 2, 3, 4]) record.lacks(`asker-${lane}` as PeerId, [[...new Set([3, lane])]]);
  expect(record.scattered()).toEqual([0, 1, 1, 1, 1]);
});
