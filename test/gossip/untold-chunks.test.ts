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

test("who sends chunks of a cut that nobody tells of is asked three times, one question at a time", async () => {
  const { clock, untold, asked } = untoldUnderTest();
  for (let chunk = 0; chunk < 100; chunk++) void untold.received(a, () => false);
  await clock.runFor(10_000);
  expect(asked).toEqual([a, a, a]);
});

test("nobody is asked where the cut comes a moment later, nor again where a block has come", async () => {
  const { clock, untold, asked } = untoldUnderTest();
  let isTold = false;
  void untold.received(a, () => isTold);
  void untold.received(b, () => asked.length > 0);
  await clock.runFor(300);
  isTold = true;
  await clock.runFor(10_000);
  expect(asked).toEqual([b]);
});
