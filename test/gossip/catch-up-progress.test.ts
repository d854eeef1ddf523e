import { expect, test } from "vitest";
import { CatchUpProgress } from "../../gossip/catch-up/catch-up-progress.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { VirtualClock } from "../../node/testing/simulator/virtual-clock.ts";

/** Progress of a peer at height 10 of 110. */
function progressUnderTest() {
  const clock = new VirtualClock();
  let height = 10;
  const progress = new CatchUpProgress({
    clock,
    height: () => height,
    target: () => 110,
    sources: () => ["a" as PeerId],
  });
  /** Blocks of 1,000 bytes at these intervals. */
  const commit = async (blocks: number, intervalMs: number) => {
    for (let count = 0; count < blocks; count++) {
      await clock.runFor(intervalMs);
      height++;
      progress.committed(1_000);
    }
  };
  return { clock, progress, commit };
}

test("there is nothing to report before a catch-up, and after it", async () => {
  const { progress, commit } = progressUnderTest();
  expect(progress.report()).toBeUndefined();
  await commit(3, 10);
  progress.begin();
  expect(progress.report()).toBeDefined();
  progress.end();
  expect(progress.report()).toBeUndefined();
});

test("a report has the heights, the rates and the time left at them", async () => {
  const { progress, commit } = progressUnderTest();
  progress.begin();
  await commit(20, 100);
  expect(progress.report()).toEqual({
    from: 10,
    height: 30,
    target: 110,
    blocksPerSecond: 10,
    bytesPerSecond: 10_000,
    secondsLeft: 8,
    sources: ["a"],
  });
});

test("rates are those of the last five seconds, and where nothing comes no time is named", async () => {
  const { clock, progress, commit } = progressUnderTest();
  progress.begin();
  await commit(40, 100);
  await commit(30, 200);
  expect(progress.report()).toMatchObject({ blocksPerSecond: 5, secondsLeft: 6 });
  await clock.runFor(2_600);
  expect(progress.report()).toMatchObject({ blocksPerSecond: 2.4 });
  await clock.runFor(60_000);
  expect(progress.report()).toMatchObject({ blocksPerSecond: 0, secondsLeft: undefined });
});

test("a report is due two seconds after the beginning, and after the last one", async () => {
  const { clock, progress } = progressUnderTest();
  expect(progress.dueReport()).toBeUndefined();
  progress.begin();
  const due: number[] = [];
  for (let ms = 500; ms <= 6_500; ms += 500) {
    await clock.runFor(500);
    if (progress.dueReport() !== undefined) due.push(ms);
  }
  expect(due).toEqual([2_000, 4_000, 6_000]);
});

test("the totals are of this catch-up alone", async () => {
  const { progress, commit } = progressUnderTest();
  progress.begin();
  await commit(7, 100);
  expect(progress.end()).toEqual({ blocks: 7, bytes: 7_000, seconds: 0.7 });
  progress.begin();
  await commit(2, 500);
  expect(progress.end()).toEqual({ blocks: 2, bytes: 2_000, seconds: 1 });
});
