import { expect, test } from "vitest";
import { areLevel, formatHeight, type HeightRow } from "../../node/commands/height-row.ts";

const LEVEL: HeightRow = { api: "http://a", name: "a", channel: "demo", height: 7, tipHash: "aa" };
const CATCH_UP = {
  from: 1,
  height: 501,
  target: 2_001,
  blocksPerSecond: 20,
  bytesPerSecond: 3_276_800,
  secondsLeft: 75,
  sources: ["b"],
};

test("a peer that catches up is shown with a bar, its rate and the time left", () => {
  expect(formatHeight({ ...LEVEL, height: 501, catchUp: CATCH_UP })).toBe(
    "http://a  a  501  [######..................] 25 % of 2001  20 blocks/s  3.3 MB/s  2 min left",
  );
});

test.each([
  ["all hold the same chain", [LEVEL, { ...LEVEL, api: "http://b" }], true],
  ["one has another tip", [LEVEL, { ...LEVEL, tipHash: "bb" }], false],
  ["one is catching up", [{ ...LEVEL, catchUp: CATCH_UP }], false],
  ["one does not answer", [LEVEL, { api: "http://b", error: "refused", code: "API_UNREACHABLE" }], false],
] as const)("whether peers are level where %s", (_what, rows, expected) => {
  expect(areLevel(rows)).toBe(expected);
});
