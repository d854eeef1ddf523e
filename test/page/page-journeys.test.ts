import { expect, test } from "vitest";
import type { ApiArrival } from "../../node/http/journey-types.ts";
import {
  firstOpen,
  spanOf,
  spreadOf,
  stepsOf,
  withAnswer,
  type JourneyBook,
} from "../../node/page/journeys.ts";

function arrival(number: number, origin: ApiArrival["origin"], receivedMs: number): ApiArrival {
  const times = { receivedMs, verifiedMs: receivedMs + 1, committedMs: receivedMs + 5 };
  return { number, hash: "00", origin, ...times };
}

function answer(arrivals: Readonly<Record<string, ApiArrival>>) {
  return {
    peers: Object.entries(arrivals).map(([peer, each]) => ({
      peer,
      name: peer,
      self: false,
      arrivals: [each],
    })),
  };
}

test("a block's way begins where it came in, whatever others' clocks say, and is measured by who was there", () => {
  const book = withAnswer(
    new Map(),
    answer({
      fast: arrival(3, "push", 998),
      slow: arrival(3, "chunks", 1_040),
      away: arrival(3, "state-transfer", 61_000),
      first: arrival(3, "publish", 1_000),
    }),
  );
  const steps = stepsOf(book.get(3)!);
  expect(steps.map(({ peer, receivedMs, committedMs }) => [peer, receivedMs, committedMs])).toEqual([
    ["first", 0, 5],
    ["fast", 0, 3],
    ["slow", 40, 45],
    ["away", 60_000, 60_005],
  ]);
  expect(spreadOf(book.get(3)!)).toEqual({ medianMs: 3, lastMs: 45 });
  expect(spanOf(steps)).toBe(45);
});

test("what is open is asked for again, and old blocks are let go", () => {
  let book: JourneyBook = new Map();
  for (let number = 1; number <= 200; number++)
    book = withAnswer(
      book,
      answer({ a: arrival(number, "publish", number), b: arrival(number, "push", number) }),
    );
  expect([...book.keys()].toSorted((a, b) => a - b)[0]).toBe(81);
  expect(firstOpen(book, 201, ["a", "b"])).toBe(201);
  expect(firstOpen(book, 202, ["a", "b"])).toBe(201);
  expect(firstOpen(book, 201, ["a", "b", "c"])).toBe(189);
});
