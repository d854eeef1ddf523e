import { expect, test } from "vitest";
import { AnswerBudget } from "../../gossip/catch-up/answer-budget.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { sample } from "../../gossip/random.ts";
import { seededRandom } from "../../node/testing/simulator/seeded-random.ts";
import { VirtualClock } from "../../node/testing/simulator/virtual-clock.ts";

const ANSWER = 1 << 20;
const RATE = 1_000_000;

function budgetUnderTest(peers = 40) {
  const clock = new VirtualClock();
  const random = seededRandom(1);
  const budget = new AnswerBudget(
    clock,
    { antiEntropyBytesMax: ANSWER, wantBytesPerSecondMin: RATE },
    () => peers,
  );
  /** The channel makes a block of 1 MB each second, and each of these asks ten times a second. */
  const drawn = async (askers: readonly string[], seconds: number, blockBytes = RATE) => {
    const bytes = new Map(askers.map((asker) => [asker, 0]));
    for (let tick = 0; tick < 10 * seconds; tick++) {
      if (tick % 10 === 0) budget.grown(blockBytes);
      for (const asker of sample(askers, askers.length, random)) {
        const grant = budget.grant(asker as PeerId, true);
        if (grant === undefined) continue;
        const sent = Math.min(grant.bytesMax, 4 * ANSWER);
        budget.settle(asker as PeerId, grant, sent);
        bytes.set(asker, (bytes.get(asker) ?? 0) + sent);
      }
      await clock.runFor(100);
    }
    return [...bytes.values()];
  };
  return { clock, budget, drawn };
}

test("who asks alone gets all it asks for after a moment", async () => {
  const { drawn } = budgetUnderTest();
  await drawn(["a"], 30);
  const [bytes = 0] = await drawn(["a"], 10);
  expect(bytes).toBe(100 * 4 * ANSWER);
});

test("one that catches up after another has caught up is as fast as the first", async () => {
  const { drawn } = budgetUnderTest();
  const [first = 0] = await drawn(["a"], 30);
  await drawn([], 2);
  const [second = 0] = await drawn(["b"], 30);
  expect(second).toBeGreaterThan(0.9 * first);
});

test("who compares what it holds does not slow down one that catches up", async () => {
  const { budget, drawn } = budgetUnderTest();
  for (const asker of ["b", "c", "d"]) {
    const grant = budget.grant(asker as PeerId);
    if (grant !== undefined) budget.settle(asker as PeerId, grant, ANSWER);
  }
  const [bytes = 0] = await drawn(["a"], 5);
  expect(bytes).toBeGreaterThan(0.8 * 50 * 4 * ANSWER);
});

test("several share what is a few times the channel's rate over all peers, about alike", async () => {
  const peers = 40;
  const { drawn } = budgetUnderTest(peers);
  await drawn(["a", "b", "c", "d"], 10);
  const seconds = 100;
  const bytes = await drawn(["a", "b", "c", "d"], seconds);
  for (const each of bytes) {
    expect(each * peers).toBeLessThan(6 * RATE * seconds);
    expect(each * peers).toBeGreaterThan(RATE * seconds);
  }
});

test("who has asked for little is answered while others have had too much", async () => {
  const { budget, clock, drawn } = budgetUnderTest();
  await drawn(["a", "b", "c", "d"], 60);
  let waitedMs = 0;
  while (budget.grant("modest" as PeerId) === undefined) {
    for (const asker of ["a", "b", "c", "d"]) {
      const grant = budget.grant(asker as PeerId, true);
      if (grant !== undefined) budget.settle(asker as PeerId, grant, grant.bytesMax);
    }
    await clock.runFor(100);
    waitedMs += 100;
  }
  expect(waitedMs).toBeLessThan(5_000);
});

test("while a new block is passed on only who asks after a rest is answered", () => {
  const { budget } = budgetUnderTest();
  budget.passingOn();
  const first = budget.grant("a" as PeerId);
  expect(first).toBeDefined();
  budget.settle("a" as PeerId, first!, ANSWER / 4);
  expect(budget.grant("b" as PeerId)).toBeUndefined();
});

test("where half of all ask each gets more than where a tenth do, and nobody gives more than a few times the channel", async () => {
  const peers = 40;
  const seconds = 50;
  const each = async (count: number) => {
    const { drawn } = budgetUnderTest(peers);
    const askers = Array.from({ length: count }, (_, index) => `asker-${index}`);
    await drawn(askers, 10);
    const bytes = await drawn(askers, seconds);
    return bytes.reduce((sum, value) => sum + value, 0) / seconds / count;
  };
  const [few, crowd, all] = [await each(4), await each(20), await each(39)];
  expect(crowd).toBeGreaterThan(1.5 * few);
  // Of ten times the channel from all, which is what a liar may draw.
  expect(crowd * peers).toBeLessThan(10 * RATE);
  expect(all * 39).toBeLessThan(4.5 * RATE);
});
