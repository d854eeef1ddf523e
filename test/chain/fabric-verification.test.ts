import common from "@hyperledger/fabric-protos/lib/common/common_pb.js";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Block } from "../../chain/block.ts";
import { verifyGenesis, verifyLink } from "../../chain/block-verification.ts";
import { BlockVerifier } from "../../chain/block-verifier.ts";
import { ChannelConfig } from "../../chain/channel-config.ts";
import { ChainError } from "../../chain/errors.ts";
import { fabricBlockEntries, fabricBlocks, HAS_FABRIC_BLOCKS } from "../fabric-blocks.ts";
import { altered, TestChannel } from "./test-channel.ts";
import { P256_ORDER, withS } from "./test-organisation.ts";

/** The verdict on bytes from anywhere, or the code of the ChainError. Other errors are thrown on. */
function verdict(config: ChannelConfig, bytes: Uint8Array, number: number): string {
  try {
    return new BlockVerifier(config).verify(Block.parse(bytes), number);
  } catch (error) {
    if (error instanceof ChainError) return error.code;
    throw error;
  }
}

describe.skipIf(!HAS_FABRIC_BLOCKS)("real blocks of Fabric", () => {
  test.each(["ledgerutil-sample_prod", "v20_sample_ledgers-testchannel", "generated-etcdraft-v2.4.9"])(
    "of %s are valid one after the other, although their certificates have expired",
    (folder) => {
      const [genesis, ...blocks] = fabricBlocks(folder) as [Block, ...Block[]];
      verifyGenesis(genesis);
      const verifier = new BlockVerifier(ChannelConfig.fromBlock(genesis));
      let tip = genesis;
      for (const block of blocks) {
        expect(verifier.verify(block, tip.number + 1)).toBe("valid");
        verifyLink(tip, block);
        verifier.advance(block);
        tip = block;
      }
      expect(tip.hash).toBe(fabricBlockEntries(folder).at(-1)!.headerHash);
    },
  );

  test.each(["smartbft-genesis", "etcdraft-genesis"])(
    "the genesis block of %s can begin a chain",
    (folder) => {
      verifyGenesis(fabricBlocks(folder)[0]!);
    },
  );

  test("of the chain that was tampered with are refused where it was: block 0 was changed, and block 1 does not follow it", () => {
    const [zeroth, ...blocks] = fabricBlocks("ledgerutil-sample_bad_ledger") as [Block, Block, ...Block[]];
    expect(() => verifyGenesis(zeroth)).toThrow(expect.objectContaining({ code: "WRONG_DATA_HASH" }));
    const verifier = new BlockVerifier(ChannelConfig.fromBlock(zeroth));
    let tip = zeroth;
    for (const block of blocks) {
      expect(verifier.verify(block, tip.number + 1)).toBe("valid");
      if (block.number > 1) verifyLink(tip, block);
      else expect(() => verifyLink(tip, block)).toThrow(expect.objectContaining({ code: "BROKEN_LINK" }));
      verifier.advance(block);
      tip = block;
    }
  });

  test("do not pass with the higher s of the same signature", () => {
    const [genesis, block] = fabricBlocks("ledgerutil-sample_prod") as [Block, Block];
    const high = altered(block, (message) => {
      const [first, ...rest] = message.getMetadata()!.getMetadataList_asU8();
      const metadata = common.Metadata.deserializeBinary(first!);
      const [signature] = metadata.getSignaturesList();
      signature!.setSignature(withS(signature!.getSignature_asU8(), "high", P256_ORDER));
      message.getMetadata()!.setMetadataList([metadata.serializeBinary(), ...rest]);
    });
    const config = ChannelConfig.fromBlock(genesis);
    expect(verdict(config, block.bytes, 1)).toBe("valid");
    expect(verdict(config, high.bytes, 1)).toBe("UNSATISFIED_POLICY");
  });

  test("do not pass in another channel, even of the same orderers", () => {
    const genesis = fabricBlocks("ledgerutil-sample_prod")[0]!;
    const stranger = fabricBlocks("v20_sample_ledgers-testchannel")[1]!;
    expect(verdict(ChannelConfig.fromBlock(genesis), stranger.bytes, 1)).toBe("WRONG_CHANNEL");
  });
});

const made = await TestChannel.create("raft");
const samples: readonly (readonly [name: string, genesis: Block, block: Block])[] = [
  [
    "a block made here",
    made.genesis,
    made.block(made.genesis, { transactions: [made.transaction("one"), made.transaction("two")] }),
  ],
  ...(HAS_FABRIC_BLOCKS
    ? [
        ["a real block", ...fabricBlocks("ledgerutil-sample_prod").slice(0, 2)] as unknown as [
          string,
          Block,
          Block,
        ],
      ]
    : []),
];

describe.each(samples)("%s", (_, genesis, block) => {
  const config = ChannelConfig.fromBlock(genesis);

  /**
   * Where the part begins that neither hash nor signature covers: the metadata entries behind the signatures, with
   * their tags and lengths. Committing peers write into them.
   */
  const uncovered = block.metadata[0]!.byteOffset - block.bytes.byteOffset + block.metadata[0]!.length;

  test("passes as it is", () => {
    expect(verdict(config, block.bytes, 1)).toBe("valid");
  });

  test("does not pass with any bit changed in what hash and signature cover", () => {
    for (let at = 0; at < uncovered; at++) {
      const flipped = Uint8Array.from(block.bytes);
      // All eight bits take their turn, seven positions apart.
      flipped[at]! ^= 1 << ((at * 3 + 1) % 8);
      expect(verdict(config, flipped, 1), `bit of byte ${at}`).not.toMatch(/valid|later/);
    }
  });

  test("may have other metadata behind its signatures, and is then the same block", () => {
    const other = altered(block, (message) => {
      const [signatures] = message.getMetadata()!.getMetadataList_asU8();
      message.getMetadata()!.setMetadataList([signatures!, Uint8Array.of(1, 2, 3), new Uint8Array(40)]);
    });
    expect(verdict(config, other.bytes, 1)).toBe("valid");
    expect(other.hash).toBe(block.hash);
    for (let at = uncovered; at < block.bytes.length; at++) {
      const flipped = Uint8Array.from(block.bytes);
      flipped[at]! ^= 1 << (at % 8);
      expect(verdict(config, flipped, 1)).toMatch(/^(valid|MALFORMED_BLOCK)$/);
    }
  });

  test("does not pass cut short anywhere", () => {
    for (let length = 0; length < block.bytes.length; length++)
      expect(verdict(config, block.bytes.subarray(0, length), 1)).not.toMatch(/valid|later/);
  });

  test("does not pass with noise in its place, before it, behind it or in it", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.nat(uncovered - 1), (noise, at) => {
        const { bytes } = block;
        const candidates = [
          noise,
          Buffer.concat([noise, bytes]),
          Buffer.concat([bytes, noise]),
          Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at)]),
        ];
        for (const candidate of candidates) expect(verdict(config, candidate, 1)).not.toMatch(/valid|later/);
      }),
    );
  });
});
