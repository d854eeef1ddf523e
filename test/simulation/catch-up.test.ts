import { expect, test } from "vitest";
import type { GossipOptions } from "../../gossip/options.ts";
import { Simulation } from "../../node/testing/simulator/simulation.ts";

/** A network in which all but the last peer hold this many blocks more than genesis. */
async function withNewcomer(
  seed: number,
  peerCount: number,
  blocks: number,
  options: Partial<GossipOptions>,
) {
  const simulation = new Simulation({ seed, peerCount, options });
  await simulation.start(simulation.peers.slice(0, -1));
  for (let count = 0; count < blocks; count++) await simulation.publishNext(10_000);
  await simulation.untilHeight(blocks + 1, 60_000, simulation.peers.slice(0, -1));
  return { simulation, newcomer: simulation.peers.at(-1)! };
}

test("pull alone brings every block to every peer", async () => {
  const simulation = new Simulation({
    seed: 11,
    peerCount: 30,
    options: { push: false, directMail: false, stateTransfer: false },
  });
  await simulation.start();
  for (let count = 0; count < 10; count++) await simulation.publishNext();
  await simulation.untilHeight(11, 60_000);
});

test("state transfer alone closes a gap of one block", async () => {
  const simulation = new Simulation({
    seed: 12,
    peerCount: 10,
    options: { push: false, directMail: false, antiEntropy: false },
  });
  await simulation.start();
  await simulation.publishNext();
  await simulation.untilHeight(2, 60_000);
});

test("state transfer alone brings a newcomer 1,000 blocks, side by side from several peers", async () => {
  const { simulation, newcomer } = await withNewcomer(13, 6, 1_000, { antiEntropy: false });
  const served = () =>
    simulation.peers.slice(0, 5).map((peer) => simulation.network.traffic.of(peer.id).messages.reply ?? 0);
  const before = served();
  const startMs = simulation.elapsedMs;
  await newcomer.start();
  await simulation.runFor(1_000);
  // All say their heights again, as they do when one has changed.
  await simulation.publishNext();
  await simulation.until(() => newcomer.height === 1_002, 60_000, "the newcomer holds all blocks");
  const replies = served().map((count, index) => count - before[index]!);
  expect(replies.filter((count) => count > 100).length).toBeGreaterThanOrEqual(2);
  expect(Math.max(...replies)).toBeLessThan(0.75 * 1_000);
  expect(simulation.elapsedMs - startMs).toBeLessThan(10_000);
});

test("a newcomer 2,000 blocks behind starts to catch up within a second of joining, while blocks still come", async () => {
  const { simulation, newcomer } = await withNewcomer(14, 6, 2_000, {});
  await newcomer.start();
  await simulation.runFor(1_000);
  expect(newcomer.height).toBeGreaterThan(1);
  for (let count = 0; count < 20; count++) {
    await simulation.publishNext(10_000);
    await simulation.runFor(100);
  }
  await simulation.untilHeight(2_021, 60_000);
});

test("a newcomer with a slow disk keeps no more than its window in memory", async () => {
  const windowBytesMax = 1_000_000;
  const { simulation, newcomer } = await withNewcomer(15, 5, 500, { windowBytesMax, replyBytesMax: 100_000 });
  newcomer.diskSpeed = { writeMs: 200 };
  await newcomer.start();
  let most = 0;
  await simulation.until(
    () => {
      if (newcomer.isUp) most = Math.max(most, newcomer.gossip.bufferedBytes);
      return newcomer.height === 501;
    },
    600_000,
    "the newcomer holds all blocks",
  );
  expect(most).toBeLessThanOrEqual(windowBytesMax + 20_000);
  expect(most).toBeGreaterThan(200_000);
});

test("one peer that is left alone serves a newcomer completely", async () => {
  const { simulation, newcomer } = await withNewcomer(16, 6, 100, {});
  const [survivor, ...others] = simulation.peers.slice(0, 5);
  for (const peer of others) peer.crash();
  await newcomer.start();
  await simulation.until(() => newcomer.height === survivor!.height, 60_000, "the newcomer holds all blocks");
});

test("a source that falls silent in the middle is replaced", async () => {
  const { simulation, newcomer } = await withNewcomer(17, 5, 800, {
    antiEntropy: false,
    fetchTimeoutMs: 2_000,
  });
  await newcomer.start();
  await simulation.until(() => newcomer.height > 200, 60_000, "the newcomer is on its way");
  simulation.network.cut(newcomer.id, simulation.peers[1]!.id);
  simulation.network.cut(newcomer.id, simulation.peers[2]!.id);
  await simulation.until(() => newcomer.height === 801, 60_000, "the newcomer holds all blocks");
});

test("a peer that missed blocks during a partition catches up when it heals", async () => {
  const simulation = new Simulation({ seed: 18, peerCount: 10 });
  await simulation.start();
  const [left, right] = [simulation.peers.slice(0, 5), simulation.peers.slice(5)];
  for (const a of left) for (const b of right) simulation.network.cut(a.id, b.id);
  for (let count = 0; count < 50; count++) {
    await simulation.publishNext();
    await simulation.runFor(1_000);
  }
  await simulation.untilHeight(51, 10_000, left);
  expect(right.every((peer) => peer.height === 1)).toBe(true);
  simulation.network.healAll();
  await simulation.untilHeight(51, 60_000);
});

test("a source at a fiftieth of the others' speed hardly holds a newcomer up", async () => {
  const options = { stateTransferBatchBlocks: 16, windowBlocks: 128 };
  const catchUpMs = async (peerCount: number, slowness: number) => {
    const { simulation, newcomer } = await withNewcomer(19, peerCount, 500, options);
    simulation.network.weather = { ...simulation.network.weather, bytesPerSecond: 250_000 };
    simulation.network.slowness.set(simulation.peers[1]!.id, slowness);
    const startMs = simulation.elapsedMs;
    await newcomer.start();
    await simulation.until(() => newcomer.height === 501, 120_000, "the newcomer holds all blocks");
    return simulation.elapsedMs - startMs;
  };
  const fromThree = await catchUpMs(4, 1);
  const fromFour = await catchUpMs(5, 50);
  expect(fromFour).toBeLessThan(1.3 * fromThree);
});

test("a source that falls silent is overtaken after a second, long before its fetch has run out", async () => {
  const { simulation, newcomer } = await withNewcomer(20, 3, 40, {
    antiEntropy: false,
    fetchTimeoutMs: 60_000,
  });
  // The first block takes it more than a minute.
  simulation.network.slowness.set(simulation.peers[0]!.id, 1_000_000);
  await newcomer.start();
  await simulation.until(() => newcomer.height === 41, 10_000, "the newcomer holds all blocks");
});

test("a source that is slow and the only one is kept", async () => {
  const { simulation, newcomer } = await withNewcomer(21, 2, 40, {
    antiEntropy: false,
    fetchTimeoutMs: 2_000,
  });
  // A block each 1.25 s.
  simulation.network.slowness.set(simulation.peers[0]!.id, 125_000_000 / 8_000);
  await newcomer.start();
  await simulation.until(() => newcomer.height === 41, 70_000, "the newcomer holds all blocks");
  const failures = simulation.events.filter(
    ({ peer, event }) => peer === newcomer.id && event.kind === "fetch-failed",
  );
  expect(failures).toEqual([]);
});
