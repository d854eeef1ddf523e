import common from "@hyperledger/fabric-protos/lib/common/common_pb.js";
import configurationPb from "@hyperledger/fabric-protos/lib/common/configuration_pb.js";
import ordererPb from "@hyperledger/fabric-protos/lib/orderer/configuration_pb.js";
import { describe, expect, test } from "vitest";
import type { Block } from "../../chain/block.ts";
import { signBlock, type OrdererSigner } from "../../chain/block-signing.ts";
import { BlockVerifier } from "../../chain/block-verifier.ts";
import { ChannelConfig } from "../../chain/channel-config.ts";
import { capabilities } from "../../chain/config-group.ts";
import { quorumPolicy } from "../../chain/config-policies.ts";
import { createTransaction } from "../../chain/transaction.ts";
import { fabricBlocks, HAS_FABRIC_BLOCKS } from "../fabric-blocks.ts";
import { altered, reconfigured, TestChannel } from "./test-channel.ts";
import { mspBytes, NODE_UNITS, TestCertificate } from "./test-organisation.ts";

const root = await TestCertificate.root();
const orderers = await Promise.all(
  [1, 2, 3, 4].map(async (id) => ({
    id,
    certificate: await root.issue({ name: `orderer${id}`, units: ["orderer"] }),
  })),
);
const stranger = await root.issue({ name: "stranger", units: ["orderer"] });

/** Fabric's own BFT genesis block with our orderers in the place of its four. */
function smartbftGenesis(): Block {
  const [real] = fabricBlocks("smartbft-genesis") as [Block];
  return reconfigured(real, (channelGroup) => {
    const group = channelGroup.getGroupsMap().get("Orderer")!;
    const mapping = group.getValuesMap().get("Orderers")!;
    const message = configurationPb.Orderers.deserializeBinary(mapping.getValue_asU8());
    for (const consenter of message.getConsenterMappingList()) {
      const orderer = orderers.find(({ id }) => id === consenter.getId())!;
      consenter.setIdentity(Buffer.from(orderer.certificate.pem));
    }
    mapping.setValue(message.serializeBinary());
    const policy = quorumPolicy(
      orderers.map(({ id, certificate }) => ({
        id,
        mspId: "OrdererMSP",
        host: "",
        port: 0,
        certificate: certificate.pem,
      })),
    );
    group.getPoliciesMap().get("BlockValidation")!.setPolicy(policy);
    const msp = mspBytes({ mspId: "OrdererMSP", roots: [root.pem], nodeUnits: NODE_UNITS });
    group.getGroupsMap().forEach((organisation) => organisation.getValuesMap().get("MSP")!.setValue(msp));
  });
}

function signer(id: number, certificate?: TestCertificate): OrdererSigner {
  return (certificate ?? orderers.find((each) => each.id === id)!.certificate).signer("OrdererMSP", id);
}

describe.skipIf(!HAS_FABRIC_BLOCKS)(
  "on Fabric's own BFT configuration, of which 3 of 4 orderers must sign",
  () => {
    const genesis = HAS_FABRIC_BLOCKS ? smartbftGenesis() : undefined;

    test.each<[string, readonly OrdererSigner[], boolean]>([
      ["3 different ones are enough", [signer(1), signer(2), signer(3)], true],
      ["in any order", [signer(4), signer(1), signer(3)], true],
      ["all of them are enough", [signer(1), signer(2), signer(3), signer(4)], true],
      ["2 are not", [signer(1), signer(2)], false],
      ["2, of which one signs twice, are not", [signer(1), signer(2), signer(2)], false],
      ["4 signatures of one are not", [signer(1), signer(1), signer(1), signer(1)], false],
      ["3 and one of an unknown id are enough", [signer(9, stranger), signer(1), signer(2), signer(3)], true],
      ["2 and one of an unknown id are not", [signer(9, stranger), signer(1), signer(2)], false],
      ["2 and one who signs by another's id are not", [signer(1), signer(2), signer(3, stranger)], false],
      [
        "2 and one of them by another's id are not",
        [signer(1), signer(2), signer(3, orderers[0]!.certificate)],
        false,
      ],
      [
        "another's failed attempt does not take its place",
        [signer(3, stranger), signer(1), signer(2), signer(3)],
        true,
      ],
      ["nobody is not", [], false],
    ])("%s", (_, signers, isEnough) => {
      const transaction = createTransaction("mychannel", Buffer.from("one"), signers[0] ?? signer(1), {
        timestampMs: 0,
        nonce: Buffer.alloc(24),
      });
      const block = signBlock(
        {
          number: 1,
          previousHash: Buffer.from(genesis!.hash, "hex"),
          transactions: [transaction],
          lastConfig: 0,
          consensus: "bft",
        },
        signers,
      );
      const verify = () => new BlockVerifier(ChannelConfig.fromBlock(genesis!)).verify(block, 1);
      if (isEnough) expect(verify()).toBe("valid");
      else expect(verify).toThrow(expect.objectContaining({ code: "UNSATISFIED_POLICY" }));
    });
  },
);

describe("who signed", async () => {
  const channel = await TestChannel.create("bft");
  const parts = {
    number: 1,
    previousHash: Buffer.from(channel.genesis.hash, "hex"),
    transactions: [channel.transaction()],
    lastConfig: 0,
  };
  const verify = (genesis: Block, block: Block) =>
    new BlockVerifier(ChannelConfig.fromBlock(genesis)).verify(block, 1);

  test("is not looked up by consenter id unless the channel is a BFT one", () => {
    const raft = reconfigured(channel.genesis, (group) => {
      group.getValuesMap().get("Capabilities")!.setValue(capabilities("V2_0").serializeBinary());
      const type = new ordererPb.ConsensusType();
      type.setType("etcdraft");
      const orderer = group.getGroupsMap().get("Orderer")!;
      orderer.getValuesMap().get("ConsensusType")!.setValue(type.serializeBinary());
    });
    const byId = signBlock({ ...parts, consensus: "bft" }, channel.signers);
    expect(verify(channel.genesis, byId)).toBe("valid");
    expect(() => verify(raft, byId)).toThrow(expect.objectContaining({ code: "UNSATISFIED_POLICY" }));
    expect(verify(raft, signBlock({ ...parts, consensus: "raft" }, channel.signers))).toBe("valid");
  });

  test("is looked up by consenter id if the channel has the capability or the consensus type for it", () => {
    const byId = signBlock({ ...parts, consensus: "bft" }, channel.signers);
    const byType = reconfigured(channel.genesis, (group) =>
      group.getValuesMap().get("Capabilities")!.setValue(capabilities("V2_0").serializeBinary()),
    );
    const byCapability = reconfigured(channel.genesis, (group) =>
      group.getGroupsMap().get("Orderer")!.getValuesMap().del("ConsensusType"),
    );
    expect(verify(byType, byId)).toBe("valid");
    expect(verify(byCapability, byId)).toBe("valid");
  });

  test("is whom the signature's own header names, where there is one, whatever consenter id stands beside it", () => {
    const named = signBlock({ ...parts, consensus: "raft" }, channel.signers);
    const both = altered(named, (message) => {
      const [first, ...rest] = message.getMetadata()!.getMetadataList_asU8();
      const metadata = common.Metadata.deserializeBinary(first!);
      for (const signature of metadata.getSignaturesList())
        signature.setIdentifierHeader(Buffer.of(0x08, 0x01));
      message.getMetadata()!.setMetadataList([metadata.serializeBinary(), ...rest]);
    });
    expect(verify(channel.genesis, named)).toBe("valid");
    expect(verify(channel.genesis, both)).toBe("valid");
  });
});
