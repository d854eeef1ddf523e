import { expect, test } from "vitest";
import { MailBox } from "../../gossip/push/mail-box.ts";

test("it keeps the oldest blocks, and each once", () => {
  const box = new MailBox(3);
  expect([5, 6, 6, 9, 10, 11].map((number) => box.add(number))).toEqual([
    "added",
    "added",
    "known",
    "added",
    "dropped",
    "dropped",
  ]);
  expect(box.ranges()).toEqual([
    { first: 5, end: 7 },
    { first: 9, end: 10 },
  ]);
});

test("what the peer holds waits no more, and there is room for as much again", () => {
  const box = new MailBox(3);
  for (const number of [5, 6, 9]) box.add(number);
  expect(box.settle(9)).toBe(2);
  expect([10, 11, 12].map((number) => box.add(number))).toEqual(["added", "added", "dropped"]);
  expect(box.settle(100)).toBe(3);
  expect([box.size, box.ranges()]).toEqual([0, []]);
});
