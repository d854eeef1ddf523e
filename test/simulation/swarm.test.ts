import { expect, test } from "vitest";
import { runSwarm } from "../simulator/swarm.ts";

test.each(Array.from({ length: 20 }, (_, index) => index + 1))(
  "no block is lost, doubled or disordered under the faults of seed %i, and all peers end alike",
  async (seed) => {
    const report = await runSwarm({ seed, peerCount: 12, minutes: 2 });
    expect(report.blocks).toBeGreaterThan(20);
  },
);

test("the same seed gives the same run, and another seed another", async () => {
  const run = { seed: 77, peerCount: 8, minutes: 1 };
  const [first, second, other] = [
    await runSwarm(run),
    await runSwarm(run),
    await runSwarm({ ...run, seed: 78 }),
  ];
  expect(second.fingerprint).toBe(first.fingerprint);
  expect(other.fingerprint).not.toBe(first.fingerprint);
});
