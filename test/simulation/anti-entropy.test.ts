import * as fc from "fast-check";
import { expect, test } from "vitest";
import { EntropyPair, type Holdings } from "../simulator/entropy-pair.ts";
import { Simulation } from "../../node/testing/simulator/simulation.ts";

const upTo = (height: number) => Array.from({ length: height }, (_, number) => number);

test("a pull is two frames, a push one, and a push-pull three", async () => {
  const holdings = [
    { height: 9, early: [12] },
    { height: 5, early: [14] },
  ] as const;
  const kinds = async (mode: "pull" | "push" | "push-pull") => {
    const pair = await EntropyPair.start(...holdings);
    return await pair.session(pair.first, mode);
  };
  expect(await kinds("pull")).toEqual(["syn", "ack"]);
  expect(await kinds("push")).toEqual(["ack2"]);
  expect(await kinds("push-pull")).toEqual(["syn", "ack", "ack2"]);
});

const HOLDINGS: fc.Arbitrary<Holdings> = fc.record({
  height: fc.integer({ min: 1, max: 30 }),
  early: fc.uniqueArray(fc.integer({ min: 1, max: 45 }), { maxLength: 20 }),
});

test("after one push-pull session both hold the union, whatever is missing at each", async () => {
  await fc.assert(
    fc.asyncProperty(HOLDINGS, HOLDINGS, fc.nat(), async (first, second, seed) => {
      const pair = await EntropyPair.start(first, second, { seed });
      const union = new Set([...pair.held(pair.first), ...pair.held(pair.second)]);
      const sorted = [...union].sort((a, b) => a - b);
      const kinds = await pair.session(pair.first, "push-pull");
      expect(pair.held(pair.first)).toEqual(sorted);
      expect(pair.held(pair.second)).toEqual(sorted);
      expect(kinds.length).toBeLessThanOrEqual(3);
    }),
    { numRuns: 40 },
  );
});

test("a pull repairs who starts it alone, a push the other alone", async () => {
  const start = () => EntropyPair.start({ height: 9, early: [12] }, { height: 5, early: [14] });
  const pulled = await start();
  await pulled.session(pulled.first, "pull");
  expect(pulled.held(pulled.first)).toEqual([...upTo(9), 12, 14]);
  expect(pulled.held(pulled.second)).toEqual([...upTo(5), 14]);
  await pulled.session(pulled.second, "pull");
  expect(pulled.held(pulled.second)).toEqual([...upTo(9), 12, 14]);
  const pushed = await start();
  await pushed.session(pushed.first, "push");
  expect(pushed.held(pushed.first)).toEqual([...upTo(9), 12]);
  expect(pushed.held(pushed.second)).toEqual([...upTo(9), 14]);
  // Who is not believed to lack anything is sent nothing.
  expect(await pushed.session(pushed.second, "push")).toEqual([]);
});

test("equal ledgers compare with the same number of bytes, ten blocks long or a hundred thousand", async () => {
  const bytesAt = async (height: number) => {
    const pair = await EntropyPair.startLong(height);
    expect(await pair.session(pair.first, "push-pull")).toEqual(["syn", "ack"]);
    return pair.frames.map(({ bytes }) => bytes);
  };
  expect(await bytesAt(10)).toEqual([70, 65]);
  // A height of 100,000 has two bytes more, and so has an end behind it: one.
  expect(await bytesAt(100_000)).toEqual([73, 67]);
});

test("one block that is missing among many costs a digest and that block", async () => {
  const early = Array.from({ length: 200 }, (_, index) => 11 + index);
  const pair = await EntropyPair.start({ height: 10, early }, { height: 211 });
  const sessions = await pair.session(pair.first, "pull");
  const [syn, ack] = pair.frames;
  expect(sessions).toEqual(["syn", "ack"]);
  expect(syn!.bytes).toBeLessThan(100 + 3 * early.length);
  expect(ack!.message).toMatchObject({ blocks: [expect.anything()] });
  expect(pair.first.height).toBe(211);
});

test("an answer has no more than its bytes, but one block at least, and the next session goes on", async () => {
  const pair = await EntropyPair.start(
    { height: 1 },
    { height: 21 },
    {
      transactionBytes: 10_000,
      antiEntropyBytesMax: 40_000,
    },
  );
  await pair.session(pair.first, "pull");
  expect(pair.first.height).toBe(4);
  await pair.session(pair.first, "push-pull");
  expect(pair.first.height).toBe(7);
  const large = await EntropyPair.start(
    { height: 1 },
    { height: 4 },
    {
      transactionBytes: 50_000,
      antiEntropyBytesMax: 40_000,
    },
  );
  await large.session(large.first, "pull");
  expect(large.first.height).toBe(2);
});

test("interval and switch are changed while it runs: the rate follows within an interval, and off is not a frame", async () => {
  const pair = await EntropyPair.start(
    { height: 5 },
    { height: 5 },
    {
      antiEntropy: true,
      antiEntropyMode: "pull",
      antiEntropyIntervalMs: 60_000,
    },
  );
  const { gossip } = pair.first;
  const countIn = async (durationMs: number) => {
    const before = pair.frames.length;
    await pair.simulation.runFor(durationMs);
    return pair.frames
      .slice(before)
      .filter(({ from, message }) => from === pair.first && message.kind === "syn").length;
  };
  expect(gossip.antiEntropy).toEqual({ enabled: true, mode: "pull", intervalMs: 60_000 });
  expect(await countIn(10_000)).toBe(0);
  gossip.antiEntropy = { ...gossip.antiEntropy, intervalMs: 1_000 };
  expect(await countIn(1_100)).toBe(1);
  const fast = await countIn(20_000);
  expect(fast).toBeGreaterThanOrEqual(18);
  expect(fast).toBeLessThanOrEqual(22);
  pair.second.gossip.antiEntropy = { ...pair.second.gossip.antiEntropy, enabled: false };
  gossip.antiEntropy = { ...gossip.antiEntropy, enabled: false };
  const frames = pair.frames.length;
  await pair.simulation.runFor(60_000);
  expect(pair.frames.length).toBe(frames);
  gossip.antiEntropy = { enabled: true, mode: "pull", intervalMs: 1_000 };
  expect(await countIn(1_100)).toBe(1);
  for (const bad of [
    { intervalMs: 0 },
    { intervalMs: 1.5 },
    { intervalMs: 1e9 },
    { mode: "shove" as "push" },
  ])
    expect(() => (gossip.antiEntropy = { ...gossip.antiEntropy, ...bad })).toThrow(
      expect.objectContaining({ code: "INVALID_OPTION" }),
    );
  expect(gossip.antiEntropy).toEqual({ enabled: true, mode: "pull", intervalMs: 1_000 });
});

test.each(["pull", "push", "push-pull"] as const)("alone it brings all blocks to all: %s", async (mode) => {
  const simulation = new Simulation({
    seed: 7,
    peerCount: 12,
    options: {
      push: false,
      directMail: false,
      stateTransfer: false,
      antiEntropyMode: mode,
      antiEntropyIntervalMs: 500,
    },
  });
  await simulation.start();
  for (let count = 0; count < 5; count++) await simulation.publishNext();
  await simulation.untilHeight(6, 120_000);
});
