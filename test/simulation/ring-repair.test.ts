import { describe, expect, test } from "vitest";
import { createBlock, type Block } from "../../chain/block.ts";
import type { GossipOptions } from "../../gossip/options.ts";
import type { Message, RepairStep } from "../../gossip/messages.ts";
import type { RingMember, RingReport } from "../../gossip/ring-report.ts";
import { Liar } from "../simulator/liar.ts";
import { seededRandom } from "../simulator/seeded-random.ts";
import type { SimulatedPeer } from "../simulator/simulated-peer.ts";
import { Simulation } from "../simulator/simulation.ts";

/** Nothing but the ring brings blocks. */
const ALONE: Partial<GossipOptions> = { push: false, pull: false, stateTransfer: false };
const PATIENCE_MS = 300_000;

/** A network whose peers hold the first so many blocks of one chain each, and move no blocks by themselves. */
async function withHeights(heights: readonly number[], options = ALONE) {
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
async function restartAll(simulation: Simulation): Promise<void> {
  for (const peer of simulation.peers) {
    peer.crash();
    await simulation.restart(peer);
  }
  const { length } = simulation.peers;
  const allMet = () => simulation.peers.every(({ gossip }) => gossip.view.active().length === length - 1);
  await simulation.until(allMet, PATIENCE_MS, "all know each other again");
}

/** Has a peer lead a ring, and runs until it has its report. */
async function ring(
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

function memberOf({ members }: RingReport, peer: { readonly id: string }): RingMember {
  return members.find((member) => member.peer === peer.id)!;
}

/** Whether all that are up hold the same blocks, none of them rotten. */
function expectEqual(peers: readonly SimulatedPeer[], blocks: readonly Block[]): void {
  for (const { disk } of peers) {
    expect(disk.blocks.map(({ hash }) => hash)).toEqual(blocks.map(({ hash }) => hash));
    expect([...disk.rotten]).toEqual([]);
  }
}

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
});

describe("Members that fail", () => {
  test("one that dies in the middle is named, and the ring is closed around it", async () => {
    const { simulation, blocks } = await withHeights([1, 1, 9, 1, 20, 1]);
    const victim = simulation.peers[3]!;
    const { wiretap } = simulation.network;
    let isAsked = false;
    simulation.network.wiretap = (from, to, message) => {
      wiretap?.(from, to, message);
      if (message.kind === "repair-step" && to === victim.id) isAsked = true;
    };
    const report = await ring(simulation, simulation.peers[0]!, {
      meanwhile: () => {
        if (isAsked && victim.isUp) victim.crash();
      },
    });
    const living = simulation.peers.filter((peer) => peer !== victim);
    expectEqual(living, blocks);
    expect(report.isEqual).toBe(true);
    expect(memberOf(report, victim)).toMatchObject({ isReached: false, failure: "UNREACHABLE" });
    expect(report.members.filter(({ failure }) => failure !== undefined)).toHaveLength(1);
  });

  test("a source that dies is passed over for the one before it", async () => {
    const { simulation, blocks } = await withHeights([12, 1, 1, 1]);
    const victim = simulation.peers[1]!;
    const { wiretap } = simulation.network;
    let isNext = false;
    simulation.network.wiretap = (from, to, message) => {
      wiretap?.(from, to, message);
      if (message.kind === "repair-step" && message.source === victim.id) isNext = true;
    };
    const report = await ring(simulation, simulation.peers[0]!, {
      meanwhile: () => {
        if (isNext && victim.isUp) victim.crash();
      },
    });
    expect(report.isEqual).toBe(true);
    expectEqual(
      simulation.peers.filter((peer) => peer !== victim),
      blocks,
    );
  });

  test("lost questions and answers are asked for again", async () => {
    const { simulation, blocks } = await withHeights([1, 8, 1, 1]);
    simulation.network.weather = { ...simulation.network.weather, lossRate: 0.3 };
    const report = await ring(simulation, simulation.peers[0]!);
    expect(report.isEqual).toBe(true);
    expectEqual(simulation.peers, blocks);
  });

  test("one that works on another ring is waited for", async () => {
    const { simulation, blocks } = await withHeights([1, 30, 1, 1]);
    const [first, , third] = simulation.peers as SimulatedPeer[];
    let other: RingReport | undefined;
    void third!.gossip.repair.run(true, new AbortController().signal).then((report) => {
      other = report;
    });
    const report = await ring(simulation, first!, { verify: true });
    await simulation.until(() => other !== undefined, PATIENCE_MS, "the other ring is closed");
    expect([report.isEqual, other!.isEqual]).toEqual([true, true]);
    expectEqual(simulation.peers, blocks);
  });

  test("a second ring that the same peer is to lead is refused, and a stopped peer's ring ends", async () => {
    const { simulation } = await withHeights([1, 3]);
    const [leader] = simulation.peers as SimulatedPeer[];
    const { signal } = new AbortController();
    const first = leader!.gossip.repair.run(false, signal);
    await expect(leader!.gossip.repair.run(false, signal)).rejects.toMatchObject({ code: "CONFLICT" });
    const stopped = expect(first).rejects.toMatchObject({ code: "STOPPED" });
    leader!.leave();
    await simulation.runFor(100);
    await stopped;
  });
});

describe("A liar", () => {
  async function withLiar(heights: readonly number[], id: string) {
    const { simulation, blocks } = await withHeights(heights);
    const liar = new Liar(simulation, id);
    await liar.join();
    return { simulation, blocks, liar };
  }

  test("that says it works, for ever, is given up after a minute", async () => {
    const { simulation, blocks, liar } = await withLiar([1, 5, 1], "peer-0001-liar");
    liar.receive = (from, message) => {
      if (message.kind !== "repair-step") return;
      const { kind: _, source: __, verify: ___, ...hop } = message;
      const chat = () => {
        liar.transport.send(from, { kind: "repair-progress", ...hop, done: 7 });
        simulation.clock.schedule(1_000, chat);
      };
      chat();
    };
    // Its statement would run out before.
    const keep = () => {
      for (const peer of simulation.peers) liar.transport.send(peer.id, liar.greeting());
      simulation.clock.schedule(5_000, keep);
    };
    keep();
    const report = await ring(simulation, simulation.peers[0]!);
    expect(memberOf(report, liar)).toMatchObject({ isReached: false, failure: "TIMED_OUT" });
    expect(report.isEqual).toBe(true);
    expectEqual(simulation.peers, blocks);
  });

  test("that says nonsense of itself keeps nobody else from being repaired, and from being called equal to it", async () => {
    const { simulation, blocks, liar } = await withLiar([1, 5, 1], "peer-0001-liar");
    liar.receive = (from, message) => {
      if (message.kind !== "repair-step") return;
      const { kind: _, source: __, verify: ___, ...hop } = message;
      const outcome = {
        heightBefore: 2,
        heightAfter: 2 ** 50,
        tipHash: "ab".repeat(32) as Block["hash"],
        copied: 2 ** 50,
        damaged: [1, 2 ** 52],
        mended: [],
        isVerified: true,
        hasMore: false,
        failure: undefined,
      };
      liar.transport.send(from, { kind: "repair-report", ...hop, outcome });
    };
    const report = await ring(simulation, simulation.peers[0]!);
    expectEqual(simulation.peers, blocks);
    expect(report.isEqual).toBe(false);
  });

  test("as a source serves no false block, and is passed over", async () => {
    const { simulation, blocks, liar } = await withLiar([8, 8, 8], "peer-0001-liar");
    const victim = simulation.peers[2]!;
    victim.disk.rotten.add(3);
    victim.disk.rotten.add(4);
    liar.digest = () => ({ height: 50, early: [] });
    liar.blocks = async ({ first }) => {
      const { number, previousHash, metadata } = blocks[first] ?? blocks[1]!;
      const transactions = [Buffer.from("not what was ordered")];
      return [
        createBlock({ number, previousHash: Buffer.from(previousHash, "hex"), transactions, metadata }).bytes,
      ];
    };
    const report = await ring(simulation, simulation.peers[0]!, { verify: true });
    expect(memberOf(report, victim)).toMatchObject({ damaged: [4, 3], mended: [4, 3], after: 8 });
    expectEqual(simulation.peers, blocks);
  });

  test("that leads steps of its own makes nobody read his ledger over and over, nor take from who is no member", async () => {
    const { simulation, liar } = await withLiar([5, 5, 5], "zzz-liar");
    const [first, second] = simulation.peers as SimulatedPeer[];
    const step = (hop: number, source: string): Message => ({
      kind: "repair-step",
      channel: liar.channel,
      ring: "ab".repeat(16) as RepairStep["ring"],
      hop,
      source: source as RepairStep["source"],
      verify: true,
    });
    for (let hop = 0; hop < 10; hop++) {
      liar.transport.send(first!.id, step(hop, hop === 9 ? "nobody" : second!.id));
      await simulation.runFor(500);
    }
    const outcomes = liar.heard.flatMap(({ message }) =>
      message.kind === "repair-report" ? [message.outcome] : [],
    );
    expect(outcomes.filter(({ isVerified }) => isVerified)).toHaveLength(1);
    expect(outcomes.at(-1)).toMatchObject({ failure: "NOT_A_MEMBER", copied: 0 });
    // Nobody asked for this.
    const { kind: _, ...hop } = {
      kind: "x",
      channel: liar.channel,
      ring: "cd".repeat(16) as RepairStep["ring"],
      hop: 1,
    };
    liar.transport.send(first!.id, { kind: "repair-report", ...hop, outcome: outcomes[0]! });
    await simulation.runFor(500);
    expect(simulation.network.refused).toMatchObject({ UNSOLICITED: 1 });
  });
});
