import { expect, test } from "vitest";
import { textTable } from "../../node/commands/text-table.ts";

test("columns are as wide as their widest cell, and nothing in a cell moves the cursor or begins a line", () => {
  expect(
    textTable(
      ["NAME", "WHY"],
      [
        ["peer0", "it answers"],
        ["\x1b[2J\u009b1m", "dead\nNAME"],
      ],
    ),
  ).toEqual([
    "NAME               WHY",
    "peer0              it answers",
    "\\u{1b}[2J\\u{9b}1m  dead\\u{a}NAME",
  ]);
});
