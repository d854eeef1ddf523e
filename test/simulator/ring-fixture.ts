import { expect } from "vitest";
import type { Block } from "../../chain/block.ts";
import type { GossipOptions } from "../../gossip/options.ts";
import type { RingMember, RingReport } from "../../gossip/repair/ring-report.ts";
import type { SimulatedPeer } from "../../node/testing/simulator/simulated-peer.ts";
import { Simulation } from "../../node/testing/simulator/simulation.ts";

/** Nothing but the ring brings blocks. */
const ALONE: Partial<GossipOptions> = {
  push: false,
  directMail: false,
  antiEntropy: false,
  stateTransfer: false,
};
export const PATIENCE_MS = 300_000;

/** A network whose peers hold the first so many blocks of one chain each, and move no blocks by themselves. */
export async function withHeights(heights: readonly number[], options = ALONE) {
  const simulation = new Simulation({ seed: heights.length, peerCount: heights.length, options });
  await simulation.start();
  const blocks: Block[] = [simulation.peers[0]!.disk.blocks[0]!];
  for (let number = 1; number < Math.max(...heights); number++) blocks.push(simulation.orderer.next(300));
  for (const [index, peer] of simulation.peers.entries()) {
    for (const block of blocks.slice(1, heights[index])) await simulation.publish(block, peer);
  }
  return { simulation, blocks };
}

/** Starts all anew, so that they serve no block from memory. */
export async function restartAll(simulation: Simulation): Promise<void> {
  for (const peer of simulation.peers) {
    peer.crash();
    await simulation.restart(peer);
  }
  const { length } = simulation.peers;
  const allMet = () => simulation.peers.every(({ gossip }) => gossip.view.active().length === length - 1);
  // Those who were connected have noticed.
  await simulation.runFor(5_000);
  await simulation.until(allMet, PATIENCE_MS, "all know each other again");
}

/** Has a peer lead a ring, and runs until it has its report. */
export async function ring(
  simulation: Simulation,
  leader: SimulatedPeer,
  { verify = false, meanwhile = () => undefined as void } = {},
): Promise<RingReport> {
  let report: RingReport | undefined;
  const running = leader.gossip.repair.run(verify, new AbortController().signal).then((made) => {
    report = made;
  });
  running.catch((error: unknown) => simulation.network.crashes.push(error));
  const isDone = () => {
    meanwhile();
    return report !== undefined;
  };
  await simulation.until(isDone, PATIENCE_MS, "the ring is closed");
  return report!;
}

export function memberOf({ members }: RingReport, peer: { readonly id: string }): RingMember {
  return members.find((member) => member.peer === peer.id)!;
}

/** Whether all that are up hold the same blocks, none of them rotten. */
export function expectEqual(peers: readonly SimulatedPeer[], blocks: readonly Block[]): void {
  for (const { disk } of peers) {
    expect(disk.blocks.map(({ hash }) => hash)).toEqual(blocks.map(({ hash }) => hash));
    expect([...disk.rotten]).toEqual([]);
  }
}
