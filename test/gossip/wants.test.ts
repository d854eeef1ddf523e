import { expect, test } from "vitest";
import type { BlockHash } from "../../chain/block.ts";
import { firstMissing } from "../../gossip/catch-up/block-fetcher.ts";
import { gossipOptions } from "../../gossip/options.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { every, within } from "../../gossip/time.ts";
import { Wants, type BlockOffer } from "../../gossip/push/wants.ts";
import { VirtualClock } from "../../node/testing/simulator/virtual-clock.ts";

function wantsUnderTest() {
  const clock = new VirtualClock(0);
  const asked: string[] = [];
  const options = gossipOptions({ wantTimeoutMs: 100, wantBytesPerSecondMin: 1_000 });
  const wants = new Wants(clock, options, ({ peer, number }) => asked.push(`${peer} ${number}`));
  const offer = (peer: string, rest: Partial<BlockOffer> = {}) =>
    wants.offer({
      peer: peer as PeerId,
      number: 1,
      hash: "" as BlockHash,
      blockBytes: 0,
      ...rest,
    });
  return { clock, wants, asked, offer };
}

test("a block that is offered by several is asked of one at a time, and of the next when its time is over", async () => {
  const { clock, wants, asked, offer } = wantsUnderTest();
  for (const peer of ["a", "b", "a", "c"]) offer(peer);
  expect(asked).toEqual(["a 1"]);
  await clock.runFor(99);
  expect(asked).toEqual(["a 1"]);
  await clock.runFor(1);
  expect(asked).toEqual(["a 1", "b 1"]);
  await clock.runFor(200);
  expect(asked).toEqual(["a 1", "b 1", "c 1"]);
  expect(wants.has(1)).toBe(false);
});

test("a peer that was asked is waited for longer the larger the block is", async () => {
  const { clock, asked, offer } = wantsUnderTest();
  offer("a", { blockBytes: 2_000 });
  offer("b", { blockBytes: 2_000 });
  await clock.runFor(2_099);
  expect(asked).toEqual(["a 1"]);
  await clock.runFor(1);
  expect(asked).toEqual(["a 1", "b 1"]);
});

test("a peer that names a huge size is waited for no longer than the smallest size named by anybody allows", async () => {
  const { clock, asked, offer } = wantsUnderTest();
  offer("liar", { blockBytes: 60_000_000 });
  await clock.runFor(50);
  offer("b", { blockBytes: 1_000 });
  await clock.runFor(1_049);
  expect(asked).toEqual(["liar 1"]);
  await clock.runFor(1);
  expect(asked).toEqual(["liar 1", "b 1"]);
});

test("a block that has come is not asked for again", async () => {
  const { clock, wants, asked, offer } = wantsUnderTest();
  offer("a");
  offer("b");
  wants.settle(1);
  await clock.runFor(10_000);
  expect(asked).toEqual(["a 1"]);
});

test("only the peer that is being waited for can fail a want", () => {
  const { wants, asked, offer } = wantsUnderTest();
  offer("a");
  offer("b");
  wants.fail("b" as PeerId, 1);
  expect(asked).toEqual(["a 1"]);
  wants.fail("a" as PeerId, 1);
  expect(asked).toEqual(["a 1", "b 1"]);
});

test("a flood of offers is bounded in blocks and in offers for each", async () => {
  const { clock, asked, offer } = wantsUnderTest();
  for (let number = 1; number <= 10_000; number++) offer("liar", { number });
  expect(asked.length).toBe(512);
  for (let peer = 0; peer < 1_000; peer++) offer(`p${peer}`);
  await clock.runFor(100_000);
  expect(asked.filter((question) => question.endsWith(" 1")).length).toBe(17);
});

test.each([
  [[], 0, 10, 4, { first: 0, end: 4 }],
  [[0, 1, 2], 0, 10, 4, { first: 3, end: 7 }],
  [[2], 0, 10, 4, { first: 0, end: 2 }],
  [[0, 1, 2], 0, 3, 4, undefined],
  [[], 5, 5, 4, undefined],
  [[], 9, 5, 4, undefined],
])(
  "with %j here, the first missing range from %i to %i of at most %i blocks is %j",
  (here, first, end, most, range) => {
    expect(firstMissing(first, end, most, (number) => (here as number[]).includes(number))).toEqual(range);
  },
);

test("a repeated task runs once an interval, give or take a tenth, until it is disposed of", async () => {
  const clock = new VirtualClock(0);
  const times: number[] = [];
  const timer = every(
    clock,
    () => 0.5,
    () => 100,
    () => times.push(clock.now()),
  );
  await clock.runFor(350);
  timer[Symbol.dispose]();
  await clock.runFor(1_000);
  expect(times).toEqual([100, 200, 300]);
});

test("a task that does not end in time is given up, and its signal says so", async () => {
  const clock = new VirtualClock(0);
  let signal: AbortSignal | undefined;
  const work = within(clock, 50, (given) => {
    signal = given;
    return new Promise(() => undefined);
  });
  const refusal = expect(work).rejects.toMatchObject({ code: "TIMED_OUT" });
  await clock.runFor(49);
  expect(signal?.aborted).toBe(false);
  await clock.runFor(1);
  await refusal;
  expect(signal?.aborted).toBe(true);
});
