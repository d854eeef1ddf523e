import { expect, test } from "vitest";
import type { Block } from "../../chain/block.ts";
import { BlockVerifier } from "../../chain/block-verifier.ts";
import { ChannelConfig } from "../../chain/channel-config.ts";
import { ChainError } from "../../chain/errors.ts";
import { BlockIntake } from "../../gossip/channel/block-intake.ts";
import { BlockServer } from "../../gossip/channel/block-server.ts";
import { gossipOptions } from "../../gossip/options.ts";
import { chainOfBlocks } from "../chain/chain-of-blocks.ts";
import { TestChannel } from "../chain/test-channel.ts";
import { SimulatedLedger } from "../../node/testing/simulator/simulated-ledger.ts";
import { VirtualClock } from "../../node/testing/simulator/virtual-clock.ts";

const channel = await TestChannel.create("raft");
const SIZE = 1_000;

/** A server over a ledger of `count` blocks of about `SIZE` bytes, one of which may be damaged. */
function serverUnderTest(count: number, replyBytesMax: number, damaged?: number) {
  const blocks = chainOfBlocks(count, () => SIZE) as Block[];
  const ledger = new SimulatedLedger({ blocks }, new VirtualClock(), () => ({ writeMs: 1 }));
  const readRange = ledger.readRange.bind(ledger);
  ledger.readRange = (first, end, bytesMax) =>
    first === damaged
      ? Promise.reject(new ChainError("LEDGER_CORRUPT", `block ${first} is damaged`))
      : readRange(first, Math.min(end, damaged !== undefined && damaged > first ? damaged : end), bytesMax);
  const nothing = () => undefined;
  const callbacks = {
    onVerified: nothing,
    onCommitted: nothing,
    onReconfigured: () => undefined,
    onConflict: nothing,
    onDropped: nothing,
    onFailure: nothing,
  };
  const verifier = new BlockVerifier(ChannelConfig.fromBlock(channel.genesis));
  const intake = new BlockIntake({ ledger, verifier, options: gossipOptions({}), ...callbacks });
  return { blocks, server: new BlockServer(ledger, intake, replyBytesMax) };
}

test.each([
  ["all of a range that fits", { first: 2, end: 5 }, 100 * SIZE, [2, 3, 4]],
  ["what there is of a range that goes beyond the height", { first: 8, end: 90 }, 100 * SIZE, [8, 9]],
  ["nothing of a range above the height", { first: 10, end: 20 }, 100 * SIZE, []],
  ["as many as fit the reply", { first: 0, end: 10 }, 3.5 * SIZE, [0, 1, 2]],
  ["one at least, however small the reply may be", { first: 4, end: 10 }, 1, [4]],
])("the answer is %s", async (_what, range, replyBytesMax, numbers) => {
  const { blocks, server } = serverUnderTest(10, replyBytesMax);
  expect(await server.blocks(range)).toEqual(numbers.map((number) => blocks[number]!.bytes));
});

test("a damaged block ends the answer, and is refused where it is the first", async () => {
  const { blocks, server } = serverUnderTest(10, 100 * SIZE, 6);
  expect(await server.blocks({ first: 4, end: 10 })).toEqual([blocks[4]!.bytes, blocks[5]!.bytes]);
  await expect(server.blocks({ first: 6, end: 10 })).rejects.toMatchObject({ code: "LEDGER_CORRUPT" });
});

test("several ranges make one answer, which a limit or a damaged block ends", async () => {
  const { blocks, server } = serverUnderTest(10, SIZE, 6);
  const ranges = [
    { first: 1, end: 3 },
    { first: 4, end: 5 },
    { first: 6, end: 8 },
  ];
  const bytesOf = (...numbers: readonly number[]) => numbers.map((number) => blocks[number]!.bytes);
  expect(await server.blocksOf(ranges, 100 * SIZE)).toEqual(bytesOf(1, 2, 4));
  expect(await server.blocksOf(ranges, 2.5 * SIZE)).toEqual(bytesOf(1, 2));
  expect(await server.blocksOf(ranges, 1)).toEqual(bytesOf(1));
});
