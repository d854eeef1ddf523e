import { describe, expect, test } from "vitest";
import type { Message, RepairStep } from "../../gossip/wire/messages.ts";
import { expectEqual, memberOf, restartAll, ring, withHeights } from "../simulator/ring-fixture.ts";
import { seededRandom } from "../../node/testing/simulator/seeded-random.ts";
import type { SimulatedPeer } from "../../node/testing/simulator/simulated-peer.ts";

test.each(Array.from({ length: 11 }, (_, index) => index + 2))(
  "%i peers that lack random tails are equal after 2n - 2 hops, whoever leads",
  async (count) => {
    const random = seededRandom(100 + count);
    for (let round = 0; round < 3; round++) {
      const heights = Array.from({ length: count }, () => 1 + Math.floor(40 * random()));
      const { simulation, blocks } = await withHeights(heights);
      const leader = Math.floor(count * random());
      const report = await ring(simulation, simulation.peers[leader]!);
      expectEqual(simulation.peers, blocks);
      expect(report).toMatchObject({ hops: 2 * count - 2, isEqual: true });
      expect(report.members.map(({ peer }) => peer)).toEqual(
        heights.map((_, index) => simulation.peers[(leader + index) % count]!.id),
      );
      for (const member of report.members) {
        const before = heights[simulation.peers.findIndex(({ id }) => id === member.peer)]!;
        expect(member).toMatchObject({
          isReached: true,
          before,
          after: blocks.length,
          copied: blocks.length - before,
          failure: undefined,
        });
      }
    }
  },
);

test("the last hop is needed: before it, a peer whose successor alone has a block still lacks it", async () => {
  const { simulation, blocks } = await withHeights([1, 1, 1, 5]);
  const steps: RepairStep[] = [];
  const { wiretap } = simulation.network;
  let lacking: number[] = [];
  simulation.network.wiretap = (from, to, message: Message) => {
    wiretap?.(from, to, message);
    if (message.kind !== "repair-step") return;
    steps.push(message);
    lacking = simulation.peers
      .filter(({ height }) => height < 5)
      .map(({ id }) => simulation.peers.findIndex((peer) => peer.id === id));
  };
  const report = await ring(simulation, simulation.peers[0]!);
  expect(report.hops).toBe(6);
  // The hop that the leader makes itself is not on the network.
  expect(steps.map(({ hop }) => hop)).toEqual([1, 2, 3, 5, 6]);
  expect(lacking).toEqual([2]);
  expectEqual(simulation.peers, blocks);
});

describe("Damaged blocks", () => {
  test("are found by reading all, and mended from whoever has them, single blocks apart from what is copied", async () => {
    const { simulation, blocks } = await withHeights([30, 30, 20, 30, 30]);
    const [first, second, third, fourth, fifth] = simulation.peers as SimulatedPeer[];
    for (const number of [3, 4, 29]) second!.disk.rotten.add(number);
    // Only the last has these.
    for (const peer of [first, second, third, fourth]) peer!.disk.rotten.add(10);
    fifth!.disk.rotten.add(17);
    await restartAll(simulation);
    // A peer whose genesis block is damaged does not start without being given it.
    second!.disk.rotten.add(0);
    const report = await ring(simulation, first!, { verify: true });
    expectEqual(simulation.peers, blocks);
    expect(report).toMatchObject({ hops: 8, isEqual: true });
    expect(report.members.map(({ isVerified }) => isVerified)).toEqual([true, true, true, true, true]);
    expect(memberOf(report, second!)).toMatchObject({
      copied: 0,
      damaged: [29, 10, 4, 3, 0],
      mended: [29, 10, 4, 3, 0],
    });
    expect(memberOf(report, third!)).toMatchObject({ copied: 10, damaged: [10], mended: [10] });
    expect(memberOf(report, fifth!)).toMatchObject({ damaged: [17], mended: [17] });
    expect(memberOf(report, first!)).toMatchObject({ damaged: [10], mended: [10] });
  });

  test("that are rotten everywhere are named, and the members are not equal", async () => {
    const { simulation } = await withHeights([6, 6, 6]);
    for (const { disk } of simulation.peers) disk.rotten.add(2);
    await restartAll(simulation);
    const report = await ring(simulation, simulation.peers[0]!, { verify: true });
    expect(report).toMatchObject({ hops: 4, isEqual: false });
    for (const member of report.members) expect(member).toMatchObject({ damaged: [2], mended: [] });
    expect(simulation.events.filter(({ event }) => event.kind === "misconduct")).toEqual([]);
  });

  test("are not looked for where nobody asked to", async () => {
    const { simulation } = await withHeights([6, 6]);
    simulation.peers[1]!.disk.rotten.add(2);
    const report = await ring(simulation, simulation.peers[0]!);
    expect(memberOf(report, simulation.peers[1]!)).toMatchObject({ isVerified: false, damaged: [] });
    expect([...simulation.peers[1]!.disk.rotten]).toEqual([2]);
  });

  test("a ledger that has just been read is not read again at once, and is later", async () => {
    const { simulation } = await withHeights([6, 6]);
    const [leader, other] = simulation.peers as [SimulatedPeer, SimulatedPeer];
    expect(memberOf(await ring(simulation, leader, { verify: true }), other).isVerified).toBe(true);
    other.disk.rotten.add(2);
    expect(memberOf(await ring(simulation, leader, { verify: true }), other).isVerified).toBe(false);
    await simulation.runFor(11_000);
    expect(memberOf(await ring(simulation, leader, { verify: true }), other)).toMatchObject({
      isVerified: true,
      mended: [2],
    });
  });

  test("the tip, and a peer that starts with it rotten", async () => {
    const { simulation, blocks } = await withHeights([6, 6, 6]);
    const victim = simulation.peers[1]!;
    victim.crash();
    victim.disk.rotten.add(5);
    await simulation.restart(victim);
    await simulation.until(() => victim.gossip.view.active().length === 2, 60_000, "it is back");
    const report = await ring(simulation, victim, { verify: true });
    expect(report.isEqual).toBe(true);
    expectEqual(simulation.peers, blocks);
  });

  test("of a peer that is alone are named", async () => {
    const { simulation } = await withHeights([6]);
    simulation.peers[0]!.disk.rotten.add(2);
    const report = await ring(simulation, simulation.peers[0]!, { verify: true });
    expect(report).toMatchObject({
      hops: 0,
      isEqual: false,
      members: [{ damaged: [2], mended: [], isVerified: true }],
    });
  });
});
