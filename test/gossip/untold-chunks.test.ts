import { expect, test } from "vitest";
import { UntoldChunks } from "../../gossip/push/untold-chunks.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { VirtualClock } from "../../node/testing/simulator/virtual-clock.ts";

const [a, b] = ["a", "b"] as [PeerId, PeerId];

function untoldUnderTest() {
  const clock = new VirtualClock(0);
  const asked: PeerId[] = [];
  const untold = new UntoldChunks(clock, async (peer) => void asked.push(peer));
  return { clock, untold, asked };
}

test("who sends chunks of a cut that nobody tells of is asked three times", async () => {
  const { clock, untold, asked } = untoldUnderTest();
  for (let chunk = 0; chunk < 100; chunk++) untold.received(a, () => false);
  await clock.runFor(10_000);
  expect(asked).toEqual([a, a, a]);
});

test("where many send chunks of such a cut, one of them is asked, and the others no more once the block has come", async () => {
  const { clock, untold, asked } = untoldUnderTest();
  for (let index = 0; index < 50; index++) untold.received(`p${index}` as PeerId, () => asked.length > 0);
  await clock.runFor(10_000);
  expect(asked).toEqual(["p0"]);
});

test("nobody is asked where the cut comes a moment later", async () => {
  const { clock, untold, asked } = untoldUnderTest();
  let isTold = false;
  untold.received(a, () => isTold);
  untold.received(b, () => isTold);
  await clock.runFor(300);
  isTold = true;
  await clock.runFor(10_000);
  expect(asked).toEqual([]);
});
