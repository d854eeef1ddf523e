import { setTimeout as pause } from "node:timers/promises";
import type { Block } from "../../chain/block.ts";
import type { ChaosNetwork } from "./chaos-network.ts";

const LOOK_INTERVAL_MS = 250;

/** Waits until all peers hold the chain up to its tip. What is wrong then, in sentences. */
export async function settle(network: ChaosNetwork, tip: Block, limitMs: number): Promise<readonly string[]> {
  const startMs = performance.now();
  for (;;) {
    const failures = await look(network, tip);
    const tookMs = performance.now() - startMs;
    if (failures.length === 0) {
      console.log(
        `all ${network.peers().length} peers at height ${tip.number + 1} after ${(tookMs / 1000).toFixed(1)} s`,
      );
      return [];
    }
    if (tookMs > limitMs) return failures;
    await pause(LOOK_INTERVAL_MS);
  }
}

async function look(network: ChaosNetwork, tip: Block): Promise<readonly string[]> {
  const found = network.peers().map(async ({ name }) => {
    const standing = await network.standing(name);
    if (standing === undefined) return [`${name} does not answer`];
    const { height, tipHash, forks } = standing;
    if (forks > 0) return [`${name} has seen ${forks} forks`];
    // The chain is the tip's: by its hash it is the one that was acknowledged.
    if (height === tip.number + 1 && tipHash === tip.hash) return [];
    return [`${name} is at height ${height} with tip ${tipHash}, not at ${tip.number + 1} with ${tip.hash}`];
  });
  return (await Promise.all(found)).flat();
}
