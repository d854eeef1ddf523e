import { describe, expect, test } from "vitest";
import type { Block } from "../../chain/block.ts";
import { BlockVerifier } from "../../chain/block-verifier.ts";
import { ChannelConfig } from "../../chain/channel-config.ts";
import { FileLedger } from "../../chain/file-ledger.ts";
import { createConfigTransaction } from "../../chain/genesis.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { altered, reconfigured, TestChannel } from "./test-channel.ts";
import { TestCertificate } from "./test-organisation.ts";

const before = await TestChannel.create("raft");
const after = await TestChannel.create("raft");

/** A chain whose block 2 hands over from the orderers of `before` to those of `after`. */
const genesis = before.genesis;
const first = before.block(genesis);
const handover = before.configBlock(first, after);
const third = after.block(handover, { lastConfig: 2 });
const fourth = after.block(third, { lastConfig: 2 });

function verifier(...tips: readonly Block[]): BlockVerifier {
  const made = new BlockVerifier(ChannelConfig.fromBlock(genesis));
  for (const tip of tips) made.advance(tip);
  return made;
}

/** The verdict, or the code of the error. */
function verdict(subject: BlockVerifier, block: Block, next: number): string {
  try {
    return subject.verify(block, next);
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe("blocks behind a change of the orderers", () => {
  test("in order, all are valid", () => {
    const subject = verifier();
    for (const block of [first, handover, third, fourth]) {
      expect(subject.verify(block, block.number)).toBe("valid");
      subject.advance(block);
    }
    expect(subject.config.blockNumber).toBe(2);
  });

  test("before it, they are to be tried again later, and are valid then", () => {
    const subject = verifier(first);
    expect(subject.verify(third, 2)).toBe("later");
    expect(subject.verify(fourth, 2)).toBe("later");
    subject.advance(handover);
    expect(subject.verify(third, 3)).toBe("valid");
    expect(subject.verify(fourth, 3)).toBe("valid");
  });

  test("by the orderers before, they are bad, and whoever has not seen the change cannot know", () => {
    const late = before.block(third, { lastConfig: 2 });
    expect(verdict(verifier(), late, 3)).toBe("valid");
    expect(verdict(verifier(handover), late, 3)).toBe("SUPERSEDED_CONFIG");
    expect(() => verifier(handover).verify(late, 3)).toThrow(
      "block 4 is signed under config block 0, which others have replaced up to 2",
    );
  });

  test("by anybody else, they are certainly bad", async () => {
    const { signers } = await TestChannel.create("raft");
    expect(verdict(verifier(handover), before.block(handover, { lastConfig: 2, signers }), 3)).toBe(
      "UNSATISFIED_POLICY",
    );
  });
});

describe("of a chain of configurations", async () => {
  const channels = await Promise.all(Array.from({ length: 4 }, () => TestChannel.create("raft")));
  const blocks: Block[] = [channels[0]!.genesis];
  // Blocks 2, 4 and 6 each hand over to the next orderers.
  for (let number = 1; number <= 7; number++) {
    const own = channels[Math.floor((number - 1) / 2)]!;
    const lastConfig = number - (number % 2);
    const previous = blocks.at(-1)!;
    const next = channels[number / 2];
    blocks.push(next ? own.configBlock(previous, next) : own.block(previous, { lastConfig }));
  }

  /** A verifier behind the tip, as it comes to be one way or the other. */
  function advanced(tip: number): BlockVerifier {
    const made = new BlockVerifier(ChannelConfig.fromBlock(blocks[0]!));
    for (const block of blocks.slice(1, tip + 1)) made.advance(block);
    return made;
  }

  async function loaded(tip: number): Promise<BlockVerifier> {
    using directory = temporaryDirectory();
    await using ledger = await FileLedger.open({ directory: directory.path });
    for (const block of blocks.slice(0, tip + 1)) await ledger.append(block);
    return await BlockVerifier.load(ledger);
  }

  test("those before the one in force are known, and none that is to come, after a restart too", async () => {
    for (let tip = 0; tip < blocks.length; tip++) {
      const inForce = Math.floor(tip / 2);
      for (const subject of [advanced(tip), await loaded(tip)]) {
        const verdicts = channels.map((channel) =>
          verdict(subject, channel.block(blocks[tip]!, { lastConfig: 2 * inForce }), tip + 1),
        );
        const expected = channels.map((_, index) => {
          if (index === inForce) return "valid";
          return index < inForce ? "SUPERSEDED_CONFIG" : "UNSATISFIED_POLICY";
        });
        expect(verdicts).toEqual(expected);
      }
    }
  });

  test("a block above the next that names a later one waits, even if it was signed under the one before", () => {
    const early = channels[0]!.block(blocks[4]!, { number: 9, lastConfig: 8 });
    expect(verdict(advanced(2), early, 3)).toBe("later");
    expect(verdict(advanced(2), early, 9)).toBe("SUPERSEDED_CONFIG");
  });
});

test("a BFT block is judged by the consenters of the configuration before, too", async () => {
  const [old, recent] = [await TestChannel.create("bft"), await TestChannel.create("bft")];
  const subject = new BlockVerifier(ChannelConfig.fromBlock(old.genesis));
  const change = old.configBlock(old.genesis, recent);
  subject.advance(change);
  const late = (signers: typeof old.signers) => old.block(change, { lastConfig: 1, signers });
  expect(verdict(subject, late(recent.signers), 2)).toBe("valid");
  expect(verdict(subject, late(old.signers), 2)).toBe("SUPERSEDED_CONFIG");
  expect(verdict(subject, late(old.signers.slice(0, 2)), 2)).toBe("UNSATISFIED_POLICY");
});

describe("a block whose signatures fail", () => {
  const strangers = after.signers;
  const gap = before.block(genesis, { number: 9, lastConfig: 0, signers: strangers });
  const gapLater = before.block(genesis, { number: 9, lastConfig: 5, signers: strangers });
  const unnamed = altered(gap, (message) => {
    const [signatures, ...rest] = message.getMetadata()!.getMetadataList_asU8();
    // Without the value, which stands first in the entry.
    message.getMetadata()!.setMetadataList([signatures!.subarray(2 + signatures![1]!), ...rest]);
  });

  test.each<[string, Block, number, string]>([
    ["and that is the next", before.block(genesis, { signers: strangers }), 1, "UNSATISFIED_POLICY"],
    [
      "and that is the next, although it names a later configuration",
      before.block(genesis, { lastConfig: 1, signers: strangers }),
      1,
      "UNSATISFIED_POLICY",
    ],
    ["and that was before", before.block(genesis, { signers: strangers }), 5, "UNSATISFIED_POLICY"],
    ["and that names the configuration in force", gap, 1, "UNSATISFIED_POLICY"],
    ["and that names a later configuration", gapLater, 1, "later"],
    ["and that does not say which configuration", unnamed, 1, "later"],
    ["and that is a config block ahead", after.configBlock(genesis, after, { number: 9 }), 1, "later"],
    ["and that is the next and a config block", after.configBlock(genesis, after), 1, "UNSATISFIED_POLICY"],
    ["because it has none", before.block(genesis, { signers: [] }), 1, "UNSATISFIED_POLICY"],
  ])("%s", (_, block, next, expected) => {
    expect(verdict(verifier(), block, next)).toBe(expected);
  });

  test("is not tried again if it is bad in itself", () => {
    const cut = altered(gapLater, (message) => message.getMetadata()!.setMetadataList([Buffer.of(0xff)]));
    expect(verdict(verifier(), cut, 1)).toBe("MALFORMED_BLOCK");
    const other = altered(gapLater, (message) =>
      message.getData()!.setDataList([before.transaction("other")]),
    );
    expect(verdict(verifier(), other, 1)).toBe("WRONG_DATA_HASH");
  });

  test("because there are too many is refused without checking them", () => {
    const many = before.block(genesis, { signers: Array.from({ length: 257 }, () => before.signers[0]!) });
    expect(verdict(verifier(), many, 1)).toBe("MALFORMED_BLOCK");
    const enough = before.block(genesis, { signers: Array.from({ length: 256 }, () => before.signers[0]!) });
    expect(verdict(verifier(), enough, 1)).toBe("valid");
  });
});

test("one good signature counts whatever stands beside it", () => {
  const [good] = before.signers;
  const [stranger] = after.signers;
  const wrong = { identity: good!.identity, sign: () => Buffer.from("wrong") };
  const unreadable = { identity: Buffer.of(0xff), sign: () => Buffer.from("wrong") };
  const block = before.block(genesis, { signers: [stranger!, unreadable, wrong, good!] });
  expect(verifier().verify(block, 1)).toBe("valid");
});

test("a signature with the higher s does not count", () => {
  const [orderer] = before.orderers;
  const high = {
    identity: before.signers[0]!.identity,
    sign: (bytes: Uint8Array) => orderer!.sign(bytes, "high"),
  };
  expect(verdict(verifier(), before.block(genesis, { signers: [high] }), 1)).toBe("UNSATISFIED_POLICY");
});

test("signatures of a block's own version of the configuration do not count", async () => {
  const spare = await TestCertificate.root();
  const orderer = await spare.issue({ units: ["orderer"] });
  const block = after.configBlock(genesis, after, { signers: [orderer.signer("OrdererMSP")] });
  expect(verdict(verifier(), block, 1)).toBe("UNSATISFIED_POLICY");
});

test("a config block must bring a usable configuration, of the same channel", () => {
  const bare = reconfigured(handover, (group) => group.getGroupsMap().del("Orderer"));
  const useless = before.block(genesis, { transactions: bare.transactions, lastConfig: 1 });
  expect(verdict(verifier(), useless, 1)).toBe("MALFORMED_CONFIG");
  const stamp = { timestampMs: 0, nonce: Buffer.alloc(24) };
  const root = before.orderers[0]!.pem;
  const organisation = { name: "Orderer", mspId: "OrdererMSP", rootCertificates: [root] };
  const consenters = [{ id: 1, host: "127.0.0.1", port: 7050, mspId: "OrdererMSP", certificate: root }];
  const ordering = { consensus: "raft" as const, organisation, consenters };
  const other = createConfigTransaction({ channel: "other", organisations: [], ordering }, 1, stamp);
  expect(verdict(verifier(), before.block(genesis, { transactions: [other] }), 1)).toBe("WRONG_CHANNEL");
});

describe("a verifier for a ledger that is there", () => {
  async function loaded(blocks: readonly Block[]): Promise<number> {
    using directory = temporaryDirectory();
    await using ledger = await FileLedger.open({ directory: directory.path });
    for (const block of blocks) await ledger.append(block);
    return (await BlockVerifier.load(ledger)).config.blockNumber;
  }

  test("has the configuration that the tip names", async () => {
    expect(await loaded([genesis])).toBe(0);
    expect(await loaded([genesis, first])).toBe(0);
    expect(await loaded([genesis, first, handover])).toBe(2);
    expect(await loaded([genesis, first, handover, third, fourth])).toBe(2);
  });

  test("has the newest one where the tip names none, or none that is one", async () => {
    const silent = altered(third, (message) => message.getMetadata()!.setMetadataList(["", "", "", "", ""]));
    expect(await loaded([genesis, first, handover, silent])).toBe(2);
    expect(await loaded([genesis, first, handover, after.block(handover, { lastConfig: 1 })])).toBe(2);
    expect(await loaded([genesis, first, handover, after.block(handover, { lastConfig: 99 })])).toBe(2);
    expect(
      await loaded([genesis, altered(first, (message) => message.getMetadata()!.setMetadataList([]))]),
    ).toBe(0);
  });

  test("has the tip's own one where the tip is a config block, whatever it names", async () => {
    expect(await loaded([genesis, first, before.configBlock(first, after, { lastConfig: 0 })])).toBe(2);
  });

  test("is not to be had for an empty ledger", async () => {
    await expect(loaded([])).rejects.toThrow(expect.objectContaining({ code: "NOT_HELD" }));
  });
});
