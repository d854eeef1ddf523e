import { describe, expect, test } from "vitest";
import { createBlock, type Block } from "../../chain/block.ts";
import type { Message, RepairOutcome, RepairStep } from "../../gossip/wire/messages.ts";
import type { RingReport } from "../../gossip/repair/ring-report.ts";
import { altered } from "../chain/test-channel.ts";
import { Liar } from "../simulator/liar.ts";
import { expectEqual, memberOf, PATIENCE_MS, ring, withHeights } from "../simulator/ring-fixture.ts";
import type { SimulatedPeer } from "../../node/testing/simulator/simulated-peer.ts";

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
    answering(liar, {
      heightBefore: 2,
      heightAfter: 2 ** 50,
      tipHash: "ab".repeat(32) as Block["hash"],
      copied: 2 ** 50,
      damaged: [1, 2 ** 52],
    });
    const report = await ring(simulation, simulation.peers[0]!);
    expectEqual(simulation.peers, blocks);
    expect(report.isEqual).toBe(false);
  });

  test.each([
    [
      "other transactions under the same header",
      false,
      { transactions: [Buffer.from("not what was ordered")] },
    ],
    ["other transactions", true, { transactions: [Buffer.from("not what was ordered")] }],
    ["no signatures", false, { metadata: ["", "", "", "", ""] }],
  ] as const)("as a source of blocks with %s mends nothing, and is passed over", async (_what, fits, lie) => {
    const { simulation, blocks, liar } = await withLiar([8, 8, 8], "peer-0001-liar");
    const victim = simulation.peers[2]!;
    victim.disk.rotten.add(3);
    victim.disk.rotten.add(4);
    const { length } = blocks;
    answering(liar, { heightBefore: length, heightAfter: length, tipHash: blocks.at(-1)!.hash });
    let asked = 0;
    liar.digest = () => ({ height: 50, early: [] });
    liar.blocks = async ({ first }) => {
      asked++;
      const block = blocks[first] ?? blocks[1]!;
      return [(fits ? anotherBlock(block, lie) : forged(block, lie)).bytes];
    };
    const report = await ring(simulation, simulation.peers[0]!, { verify: true });
    expect(asked).toBeGreaterThan(1);
    expect(memberOf(report, victim)).toMatchObject({ damaged: [4, 3], mended: [4, 3], after: 8 });
    expectEqual(simulation.peers, blocks);
    for (const block of victim.disk.blocks) expect(block.bytes).toEqual(blocks[block.number]!.bytes);
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

/** Has it answer every step with this. */
function answering(liar: Liar, told: Partial<RepairOutcome>): void {
  const outcome: RepairOutcome = {
    heightBefore: 1,
    heightAfter: 1,
    tipHash: "00".repeat(32) as Block["hash"],
    copied: 0,
    damaged: [],
    mended: [],
    isVerified: true,
    hasMore: false,
    failure: undefined,
    ...told,
  };
  liar.receive = (from, message) => {
    if (message.kind !== "repair-step") return;
    const { kind: _, source: __, verify: ___, ...hop } = message;
    liar.transport.send(from, { kind: "repair-report", ...hop, outcome });
  };
}

interface Lie {
  readonly transactions?: readonly Uint8Array[];
  readonly metadata?: readonly string[];
}

/** The block with other contents; its header still claims what it did before. */
function forged(block: Block, { transactions, metadata }: Lie): Block {
  return altered(block, (message) => {
    if (transactions !== undefined) message.getData()!.setDataList([...transactions]);
    if (metadata !== undefined) message.getMetadata()!.setMetadataList([...metadata]);
  });
}

/** A block in its place whose header fits it. */
function anotherBlock({ number, previousHash, metadata }: Block, { transactions = [] }: Lie): Block {
  return createBlock({ number, previousHash: Buffer.from(previousHash, "hex"), transactions, metadata });
}
