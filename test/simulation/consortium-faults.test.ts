import { expect, test } from "vitest";
import { runConsortiumSwarm } from "../simulator/consortium-swarm.ts";

test.each([1, 2, 3, 4, 5, 6])(
  "three organisations come through the faults of seed %i with all blocks, and nobody is taken for a liar",
  async (seed) => {
    const report = await runConsortiumSwarm(seed, 2);
    expect(report.blocks).toBeGreaterThan(40);
    expect(report.restarts).toBeGreaterThan(0);
    expect(report.renewals + report.reconfigurations).toBeGreaterThan(0);
    expect(report.noted).toEqual({});
  },
);

test("the same seed gives the same run of a consortium, and another seed another", async () => {
  const [first, second, other] = [
    await runConsortiumSwarm(77, 0.5),
    await runConsortiumSwarm(77, 0.5),
    await runConsortiumSwarm(78, 0.5),
  ];
  expect(second.fingerprint).toBe(first.fingerprint);
  expect(other.fingerprint).not.toBe(first.fingerprint);
});
