import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Block } from "../../chain/block.ts";
import { BlockVerifier } from "../../chain/block-verifier.ts";
import { ChannelConfig } from "../../chain/channel-config.ts";
import { ChainError } from "../../chain/errors.ts";
import type { Ledger } from "../../chain/ledger.ts";
import { BlockIntake } from "../../gossip/channel/block-intake.ts";
import { gossipOptions, type GossipOptions } from "../../gossip/options.ts";
import { SPREAD_NONE } from "../../gossip/push/spread.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { SimulatedLedger } from "../../node/testing/simulator/simulated-ledger.ts";
import { VirtualClock } from "../../node/testing/simulator/virtual-clock.ts";
import { TestChannel } from "../chain/test-channel.ts";

const channel = await TestChannel.create("raft");
/** The same channel in the hands of other orderers. */
const successor = await TestChannel.create("raft");
const blocks = chain(30);

/** Blocks 1 to `count` behind genesis. */
function chain(count: number): Block[] {
  const made: Block[] = [];
  for (let index = 0; index < count; index++) made.push(channel.block(made.at(-1) ?? channel.genesis));
  return made;
}

/** Another valid block 1. */
function another(): Block {
  return channel.block(channel.genesis, { transactions: [channel.transaction("another")] });
}

/** An intake over a ledger in memory, with all that it reports. */
function intakeUnderTest(
  overrides: Partial<GossipOptions> = {},
  writeMs = 1,
  wrap = (ledger: Ledger) => ledger,
  disk = [channel.genesis],
) {
  const clock = new VirtualClock();
  const ledger = new SimulatedLedger({ blocks: disk }, clock, () => ({ writeMs }));
  const verifier = new BlockVerifier(ChannelConfig.fromBlock(channel.genesis));
  const seen = { verified: [] as number[], committed: [] as number[], conflicts: [] as Block[] };
  const dropped: { readonly number: number; readonly code: string }[] = [];
  const failures: Error[] = [];
  const intake = new BlockIntake({
    ledger: wrap(ledger),
    verifier,
    options: gossipOptions(overrides),
    onVerified: ({ block }) => seen.verified.push(block.number),
    onCommitted: ({ block }) => seen.committed.push(block.number),
    onReconfigured: () => undefined,
    onConflict: (second) => seen.conflicts.push(second),
    onDropped: ({ block }, { code }) => dropped.push({ number: block.number, code }),
    onFailure: (error) => failures.push(error),
  });
  const offer = (block: Block, from = "neighbour") =>
    intake.offer({ block, from: from as PeerId, origin: "push", spread: SPREAD_NONE });
  return { intake, offer, clock, ledger, seen, dropped, failures };
}

test("blocks that arrive in any order, some more than once, are committed once each and in order", async () => {
  const arrivals = fc.shuffledSubarray([...blocks, ...blocks], { minLength: 60, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(arrivals, async (order) => {
      const { offer, clock, seen } = intakeUnderTest();
      for (const block of order) offer(block);
      await clock.runFor(1_000);
      expect(seen.committed).toEqual(blocks.map((block) => block.number));
      expect(seen.verified.toSorted((a, b) => a - b)).toEqual(seen.committed);
    }),
    { numRuns: 25 },
  );
});

test("a block that overtakes the config block that it depends on is kept, and committed after it", async () => {
  const { offer, clock, seen, dropped } = intakeUnderTest();
  const first = channel.block(channel.genesis);
  const handOver = channel.configBlock(first, successor);
  const after = successor.block(handOver, { lastConfig: handOver.number });
  const last = successor.block(after, { lastConfig: handOver.number });
  expect(offer(last)).toBe("held");
  expect(offer(after)).toBe("held");
  expect(offer(handOver)).toBe("accepted");
  expect(seen.verified).toEqual([2]);
  expect(offer(first)).toBe("accepted");
  await clock.runFor(100);
  expect(seen.committed).toEqual([1, 2, 3, 4]);
  expect(dropped).toEqual([]);
});

test("an early block by orderers who are replaced before its turn is not committed, and its number can come again", async () => {
  const { intake, offer, clock, seen, dropped } = intakeUnderTest();
  const first = channel.block(channel.genesis);
  const handOver = channel.configBlock(first, successor);
  const stale = channel.block(handOver);
  const good = successor.block(handOver, { lastConfig: handOver.number });
  expect(offer(stale)).toBe("accepted");
  offer(first);
  offer(handOver);
  await clock.runFor(100);
  expect(dropped).toEqual([{ number: 3, code: "SUPERSEDED_CONFIG" }]);
  expect(seen.committed).toEqual([1, 2]);
  expect(intake.isHere(3)).toBe(false);
  expect(() => offer(stale)).toThrow(ChainError);
  expect(offer(good)).toBe("accepted");
  await clock.runFor(100);
  expect(seen.committed).toEqual([1, 2, 3]);
});

test("one sender cannot crowd out the held blocks of the others", async () => {
  const { offer } = intakeUnderTest();
  const first = channel.block(channel.genesis);
  const handOver = channel.configBlock(first, successor);
  const rubbish = (text: string) =>
    successor.block(handOver, { lastConfig: 99, transactions: [successor.transaction(text)] });
  expect(offer(rubbish("one"), "liar")).toBe("held");
  expect(offer(rubbish("two"), "liar")).toBe("beyond");
  expect(offer(successor.block(handOver, { lastConfig: handOver.number }), "honest")).toBe("held");
});

test("of two valid blocks of one height the first stays, and the second is reported once", async () => {
  const { offer, clock, seen, ledger } = intakeUnderTest();
  const second = another();
  offer(blocks[0]!);
  expect(offer(second)).toBe("conflict");
  await clock.runFor(100);
  expect(offer(second)).toBe("conflict");
  expect(seen.conflicts).toEqual([second]);
  expect(ledger.tipHash).toBe(blocks[0]!.hash);
});

test("a conflicting block that nobody signed is refused and not reported", () => {
  const { offer, seen } = intakeUnderTest();
  const bystander = successor.block(channel.genesis);
  offer(blocks[0]!);
  expect(() => offer(bystander)).toThrow(expect.objectContaining({ code: "UNSATISFIED_POLICY" }));
  expect(seen.conflicts).toEqual([]);
});

test("a block that names another predecessor is refused when its turn has come", async () => {
  const { offer, clock, seen, dropped } = intakeUnderTest();
  const elsewhere = channel.block(another());
  expect(offer(elsewhere)).toBe("accepted");
  offer(blocks[0]!);
  await clock.runFor(100);
  expect(dropped).toEqual([{ number: 2, code: "BROKEN_LINK" }]);
  expect(() => offer(elsewhere)).toThrow(expect.objectContaining({ code: "BROKEN_LINK" }));
  offer(blocks[1]!);
  await clock.runFor(100);
  expect(seen.committed).toEqual([1, 2]);
});

test("blocks are kept up to the end of the window, which moves with the disk", async () => {
  const { intake, offer, clock } = intakeUnderTest({ windowBlocks: 5 }, 100);
  expect(blocks.slice(1, 8).map((block) => offer(block))).toEqual([
    ...Array.from({ length: 4 }, () => "accepted"),
    ...Array.from({ length: 3 }, () => "beyond"),
  ]);
  expect(intake.early()).toEqual([2, 3, 4, 5]);
  offer(blocks[0]!);
  expect(intake.next).toBe(6);
  expect(offer(blocks[5]!)).toBe("beyond");
  await clock.runFor(1_000);
  expect(offer(blocks[5]!)).toBe("accepted");
});

test("bytes are bounded, but the block that the disk waits for is always taken", async () => {
  const size = blocks[0]!.bytes.length;
  const { intake, offer, clock, seen } = intakeUnderTest({ windowBytesMax: Math.round(size * 2.5) }, 100);
  expect(blocks.slice(1, 6).map((block) => offer(block))).toEqual([
    "accepted",
    "accepted",
    "beyond",
    "beyond",
    "beyond",
  ]);
  expect(offer(blocks[0]!)).toBe("accepted");
  expect(intake.bufferedBytes).toBeLessThanOrEqual(size * 4);
  await clock.runFor(1_000);
  expect(seen.committed).toEqual([1, 2, 3]);
  expect(intake.bufferedBytes).toBe(0);
});

test("a block above the size limit is refused by name", () => {
  const { offer } = intakeUnderTest({ blockBytesMax: 100 });
  expect(() => offer(blocks[0]!)).toThrow(expect.objectContaining({ code: "BLOCK_TOO_LARGE" }));
});

test("when the ledger cannot append, the failure is told once and nothing more is taken in", async () => {
  const disk = new ChainError("LEDGER_IO", "the disk is full");
  const { intake, offer, clock, failures } = intakeUnderTest({}, 1, (ledger) => ({
    height: ledger.height,
    tipHash: ledger.tipHash,
    read: (number) => ledger.read(number),
    readRange: (first, end, bytesMax) => ledger.readRange(first, end, bytesMax),
    append: () => Promise.reject(disk),
    mend: (block) => ledger.mend(block),
  }));
  offer(blocks[0]!);
  offer(blocks[1]!);
  const waiting = expect(intake.durable(1)).rejects.toBe(disk);
  await clock.runFor(100);
  await waiting;
  expect(failures).toEqual([disk]);
  expect(() => offer(blocks[2]!)).toThrow(expect.objectContaining({ code: "STOPPED" }));
});

test("a config block that could not be read at the start is in force once it is mended, and what waited for it goes on", async () => {
  const handover = channel.configBlock(channel.genesis, successor);
  const { intake, offer, clock, seen } = intakeUnderTest({}, 1, undefined, [channel.genesis, handover]);
  const next = successor.block(handover, { lastConfig: 1 });
  const later = successor.block(next, { lastConfig: 1 });
  expect([offer(later), intake.next]).toEqual(["held", 2]);
  // Under the configuration that is in force so far it is not signed as it should be.
  expect(() => offer(next)).toThrow(expect.objectContaining({ code: "UNSATISFIED_POLICY" }));
  intake.mended(channel.genesis);
  expect(seen.verified).toEqual([]);
  intake.mended(handover);
  expect(seen.verified).toEqual([3]);
  offer(next);
  await clock.runFor(100);
  expect(seen.committed).toEqual([2, 3]);
});
