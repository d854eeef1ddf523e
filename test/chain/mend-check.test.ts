import { expect, test } from "vitest";
import type { Block } from "../../chain/block.ts";
import { BlockVerifier } from "../../chain/block-verifier.ts";
import { ChannelConfig } from "../../chain/channel-config.ts";
import { verifyMend } from "../../chain/mend-check.ts";
import { newestConfigBlock } from "../../chain/newest-config-block.ts";
import { SimulatedLedger } from "../../node/testing/simulator/simulated-ledger.ts";
import { VirtualClock } from "../../node/testing/simulator/virtual-clock.ts";
import { altered, TestChannel } from "./test-channel.ts";

const before = await TestChannel.create("raft");
const after = await TestChannel.create("raft");
const { genesis } = before;
const first = before.block(genesis);
const handover = before.configBlock(first, after);
const third = after.block(handover, { lastConfig: 2 });
const fourth = after.block(third, { lastConfig: 2 });

function ledgerOf(blocks: readonly Block[], ...rotten: readonly number[]): SimulatedLedger {
  const disk = { blocks: [...blocks], rotten: new Set(rotten) };
  return new SimulatedLedger(disk, new VirtualClock(), () => ({ writeMs: 1 }));
}

test.each([
  ["whole", [], 2],
  ["with the config block rotten", [2], 0],
  ["with the tip rotten", [4], 2],
  ["with the tip and the one before rotten", [4, 3], 2],
  ["with all behind genesis rotten", [4, 3, 2, 1], 0],
])("of a ledger %s the newest config block that can be read is found", async (_what, rotten, number) => {
  const ledger = ledgerOf([genesis, first, handover, third, fourth], ...rotten);
  expect((await newestConfigBlock(ledger, 4)).number).toBe(number);
  expect((await BlockVerifier.load(ledger)).config.blockNumber).toBe(number);
});

test("a block that comes in place of a damaged one must be signed as the configuration of its time demands", async () => {
  const blocks = [genesis, first, handover, third, fourth];
  const inForce = ChannelConfig.fromBlock(handover);
  const code = (block: Block, ...rotten: readonly number[]) =>
    verifyMend(ledgerOf(blocks, ...rotten), block, inForce).then(
      () => "good",
      (error: unknown) => (error as { code: string }).code,
    );
  expect(await code(third, 3)).toBe("good");
  expect(await code(genesis, 0)).toBe("good");
  expect(await code(before.block(handover, { lastConfig: 2 }), 3)).toBe("UNSATISFIED_POLICY");
  const unsigned = altered(third, (message) => message.getMetadata()!.setMetadataList([""]));
  expect(await code(unsigned, 3)).toBe("UNSATISFIED_POLICY");
  // What is in force now says nothing of what was before it.
  expect(await code(first, 1)).toBe("good");
  expect(await code(after.block(genesis), 1)).toBe("UNSATISFIED_POLICY");
  expect(await code(first, 0, 1)).toBe("LEDGER_CORRUPT");
});
