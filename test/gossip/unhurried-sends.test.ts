import { expect, test } from "vitest";
import { UnhurriedSends } from "../../gossip/push/unhurried-sends.ts";
import { VirtualClock } from "../../node/testing/simulator/virtual-clock.ts";

test("what is in no hurry leaves in order and a little at a time, all of it within some seconds", async () => {
  const clock = new VirtualClock(0);
  const sends = new UnhurriedSends(clock);
  const sent: number[] = [];
  for (let index = 0; index < 1_000; index++) sends.add(() => sent.push(index));
  await clock.runFor(100);
  expect(sent.length).toBeGreaterThan(100);
  expect(sent.length).toBeLessThan(250);
  await clock.runFor(5_000);
  expect(sent).toEqual(Array.from({ length: 1_000 }, (_, index) => index));
});

test("nothing leaves after the end", async () => {
  const clock = new VirtualClock(0);
  const sends = new UnhurriedSends(clock);
  let sent = 0;
  sends.add(() => sent++);
  sends.stop();
  await clock.runFor(1_000);
  expect(sent).toBe(0);
});
