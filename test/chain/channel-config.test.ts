import type configPb from "@hyperledger/fabric-protos/lib/common/configtx_pb.js";
import mspPb from "@hyperledger/fabric-protos/lib/msp/msp_config_pb.js";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Block, createBlock } from "../../chain/block.ts";
import { ChannelConfig } from "../../chain/channel-config.ts";
import { channelOf, isConfigBlock } from "../../chain/channel-header.ts";
import type { Endpoint } from "../../chain/channel-spec.ts";
import { ChainError } from "../../chain/errors.ts";
import { createGenesis } from "../../chain/genesis.ts";
import { lengthDelimited } from "../../chain/protobuf-fields.ts";
import { fabricBlocks, HAS_FABRIC_BLOCKS } from "../fabric-blocks.ts";
import { altered, reconfigured, TestChannel } from "./test-channel.ts";
import { mspBytes, TestCertificate } from "./test-organisation.ts";

const channel = await TestChannel.create("raft");
const otherRoot = await TestCertificate.root();

type Group = configPb.ConfigGroup;

function group(parent: Group, ...path: readonly string[]): Group {
  return path.reduce((at, name) => at.getGroupsMap().get(name)!, parent);
}

function setValue(target: Group, name: string, bytes: Uint8Array): void {
  target.getValuesMap().get(name)!.setValue(bytes);
}

function malformed(message: string): Error {
  return expect.objectContaining({
    name: "ChainError",
    code: "MALFORMED_CONFIG",
    message: expect.stringContaining(message),
  });
}

describe("a configuration", () => {
  test("has what the channel was made of", () => {
    const config = ChannelConfig.fromBlock(channel.genesis);
    expect(config).toMatchObject({
      channel: "demo",
      sequence: 0,
      blockNumber: 0,
      isBft: false,
      consenters: [],
    });
    expect(config).toMatchObject({ anchorPeers: [], ordererAddresses: ["127.0.0.1:7050"] });
    expect([...config.organisations.keys()]).toEqual(["Org1MSP"]);
    expect([...config.ordererOrganisations.keys()]).toEqual(["OrdererMSP"]);
  });

  test("of a BFT channel has the consenters", async () => {
    const { genesis, orderers } = await TestChannel.create("bft");
    const { isBft, consenters } = ChannelConfig.fromBlock(genesis);
    expect(isBft).toBe(true);
    expect(consenters.map(({ id, certificate }) => [id, certificate])).toEqual(
      orderers.map(({ pem }, index) => [index + 1, pem]),
    );
  });

  test("knows the number of its block", () => {
    const first = channel.block(channel.genesis);
    expect(ChannelConfig.fromBlock(channel.configBlock(first, channel)).blockNumber).toBe(2);
  });

  test("may lack the Application group", () => {
    const bare = reconfigured(channel.genesis, (root) => root.getGroupsMap().del("Application"));
    const config = ChannelConfig.fromBlock(bare);
    expect(config.organisations.size).toBe(0);
    expect(config.readers.evaluate([]).isSatisfied).toBe(false);
  });

  test("has the anchor peers of each organisation as they are, whatever host and port they name", () => {
    const organisation = (name: string, anchorPeers: readonly Endpoint[]) => ({
      name,
      mspId: `${name}MSP`,
      rootCertificates: [otherRoot.pem],
      anchorPeers,
    });
    const first = [
      { host: "127.0.0.1", port: 65_535 },
      { host: "::1", port: 9700 },
      { host: "[2001:db8::7]", port: 9700 },
      { host: "fe80::1%eth0", port: 0 },
      { host: "Peer0.Org1.example.org.", port: 0 },
    ];
    const second = [
      { host: "", port: 70_000 },
      { host: "péer", port: -1 },
      { host: "::1", port: 9700 },
    ];
    const orderer = { name: "Orderer", mspId: "OrdererMSP", rootCertificates: [otherRoot.pem] };
    const consenter = { id: 1, host: "::1", port: 0, mspId: "OrdererMSP", certificate: otherRoot.pem };
    const genesis = createGenesis(
      {
        channel: "demo",
        organisations: [organisation("A", first), organisation("B", second), organisation("C", [])],
        ordering: { consensus: "raft", organisation: orderer, consenters: [consenter] },
      },
      { timestampMs: 0, nonce: Buffer.alloc(24) },
    );
    expect(ChannelConfig.fromBlock(genesis).anchorPeers).toEqual([
      ...first.map((each) => ({ mspId: "AMSP", ...each })),
      ...second.map((each) => ({ mspId: "BMSP", ...each })),
    ]);
  });

  test("leaves out an organisation whose members have no certificates", () => {
    const mixed = reconfigured(channel.genesis, (root) => {
      const application = root.getGroupsMap().get("Application")!;
      const organisation = application.getGroupsMap().get("Org1")!;
      const anonymous = organisation.clone() as Group;
      const idemix = new mspPb.MSPConfig();
      idemix.setType(1);
      anonymous.getValuesMap().get("MSP")!.setValue(idemix.serializeBinary());
      application.getGroupsMap().set("Anonymous", anonymous);
    });
    expect([...ChannelConfig.fromBlock(mixed).organisations.keys()]).toEqual(["Org1MSP"]);
  });

  test("may have one organisation that both orders and holds the channel", () => {
    const shared = reconfigured(channel.genesis, (root) => {
      const msp = group(root, "Orderer", "Orderer").getValuesMap().get("MSP")!.getValue_asU8();
      setValue(group(root, "Application", "Org1"), "MSP", msp);
    });
    const config = ChannelConfig.fromBlock(shared);
    expect(config.organisations.get("OrdererMSP")).toBe(config.ordererOrganisations.get("OrdererMSP"));
  });
});

describe("a configuration is refused", () => {
  test.each<[string, (root: Group) => void, string]>([
    [
      "without the policy for blocks",
      (root) => group(root, "Orderer").getPoliciesMap().del("BlockValidation"),
      "no policy /Channel/Orderer/BlockValidation",
    ],
    [
      "without the Orderer group",
      (root) => root.getGroupsMap().del("Orderer"),
      "no policy /Channel/Orderer/BlockValidation",
    ],
    [
      "with an organisation without MSP",
      (root) => group(root, "Application", "Org1").getValuesMap().del("MSP"),
      "organisation Org1 has no MSP",
    ],
    [
      "with an unreadable MSP",
      (root) => setValue(group(root, "Application", "Org1"), "MSP", Buffer.from("noise")),
      "no MSPConfig",
    ],
    [
      "with two MSPs of one name",
      (root) =>
        setValue(
          group(root, "Application", "Org1"),
          "MSP",
          mspBytes({ mspId: "OrdererMSP", roots: [otherRoot.pem] }),
        ),
      "two different MSPs OrdererMSP",
    ],
    [
      "with unreadable capabilities",
      (root) => setValue(root, "Capabilities", Buffer.from("noise")),
      "no Capabilities",
    ],
    [
      "with an unreadable consensus type",
      (root) => setValue(group(root, "Orderer"), "ConsensusType", Buffer.from("noise")),
      "no ConsensusType",
    ],
    [
      "with an unreadable policy",
      (root) =>
        group(root, "Orderer")
          .getPoliciesMap()
          .get("BlockValidation")!
          .getPolicy()!
          .setValue(Buffer.from([0xff])),
      "no ImplicitMetaPolicy",
    ],
    [
      "with groups 20 deep",
      (root) => {
        let deepest = group(root, "Orderer");
        for (let depth = 0; depth < 20; depth++) {
          const below = deepest.clone();
          below.getGroupsMap().clear();
          deepest.getGroupsMap().set("deeper", below);
          deepest = group(deepest, "deeper");
        }
      },
      "nested more than 16 deep",
    ],
  ])("%s", (_, edit, message) => {
    expect(() => ChannelConfig.fromBlock(reconfigured(channel.genesis, edit))).toThrow(malformed(message));
  });

  test("from a block that is no config block", () => {
    const block = channel.block(channel.genesis);
    expect(() => ChannelConfig.fromBlock(block)).toThrow(malformed("it is no config block"));
    const [config] = channel.genesis.transactions;
    const two = channel.block(channel.genesis, { transactions: [config!, config!] });
    expect(() => ChannelConfig.fromBlock(two)).toThrow(malformed("it is no config block"));
  });

  test("where groups are nested until the stack overflows", () => {
    let nested: Uint8Array = new Uint8Array(0);
    for (let depth = 0; depth < 5000; depth++) {
      const entry = Buffer.concat([lengthDelimited(1, Buffer.from("g")), lengthDelimited(2, nested)]);
      nested = lengthDelimited(2, entry);
    }
    const config = lengthDelimited(1, lengthDelimited(2, nested));
    const header = lengthDelimited(1, Buffer.from("0801220464656d6f", "hex"));
    const payload = Buffer.concat([lengthDelimited(1, header), lengthDelimited(2, config)]);
    const transactions = [lengthDelimited(1, payload)];
    const block = createBlock({ number: 0, previousHash: new Uint8Array(0), transactions, metadata: [] });
    expect(isConfigBlock(block)).toBe(true);
    expect(() => ChannelConfig.fromBlock(block)).toThrow(malformed("no ConfigEnvelope"));
  });

  test("with bytes changed, if it is one, with a ChainError", () => {
    const [transaction] = channel.genesis.transactions;
    const change = fc.tuple(fc.nat(transaction!.length - 1), fc.integer({ min: 1, max: 255 }));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const damaged = Uint8Array.from(transaction!);
        for (const [at, flip] of changes) damaged[at]! ^= flip;
        try {
          ChannelConfig.fromBlock(
            altered(channel.genesis, (message) => message.getData()!.setDataList([damaged])),
          );
        } catch (error) {
          expect(error).toBeInstanceOf(ChainError);
          expect((error as ChainError).code).toBe("MALFORMED_CONFIG");
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("the first transaction", () => {
  test("says which channel and whether it is a config block", () => {
    expect(channelOf(channel.genesis)).toBe("demo");
    expect(isConfigBlock(channel.genesis)).toBe(true);
    const block = channel.block(channel.genesis);
    expect(channelOf(block)).toBe("demo");
    expect(isConfigBlock(block)).toBe(false);
  });

  test("that is noise says neither", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (noise) => {
        const transactions = [noise];
        const block = createBlock({ number: 0, previousHash: new Uint8Array(0), transactions, metadata: [] });
        expect(isConfigBlock(block)).toBe(false);
        try {
          channelOf(block);
        } catch (error) {
          expect((error as ChainError).code).toBe("MALFORMED_BLOCK");
        }
      }),
    );
  });
});

test.skipIf(!HAS_FABRIC_BLOCKS).each([
  ["smartbft-genesis", "mychannel", ["Org1MSP", "Org2MSP"], ["OrdererMSP"], [1, 2, 3, 4]],
  ["etcdraft-genesis", "testchannel", ["Org1MSP", "Org2MSP"], ["OrdererMSP"], []],
  ["ledgerutil-sample_prod", "mychannel", ["SampleOrg"], ["SampleOrg"], []],
  ["v20_sample_ledgers-testchannel", "testchannel", ["Org1MSP", "Org2MSP", "Org3MSP"], ["OrdererOrgMSP"], []],
  ["generated-etcdraft-v2.4.9", "demo", ["Org1MSP", "Org2MSP"], ["OrdererMSP"], []],
])("the real genesis block of %s is read", (folder, name, organisations, orderers, ids) => {
  const [genesis] = fabricBlocks(folder) as [Block];
  const config = ChannelConfig.fromBlock(genesis);
  expect(config.channel).toBe(name);
  expect([...config.organisations.keys()].sort()).toEqual(organisations);
  expect([...config.ordererOrganisations.keys()]).toEqual(orderers);
  expect(config.consenters.map(({ id }) => id)).toEqual(ids);
  expect(config.isBft).toBe(ids.length > 0);
});

test.skipIf(!HAS_FABRIC_BLOCKS)("a real configuration names anchor peers and orderers", () => {
  const [genesis] = fabricBlocks("generated-etcdraft-v2.4.9") as [Block];
  const config = ChannelConfig.fromBlock(genesis);
  expect(config.anchorPeers).toEqual([
    { mspId: "Org1MSP", host: "127.0.0.1", port: 7051 },
    { mspId: "Org2MSP", host: "127.0.0.1", port: 9051 },
  ]);
  expect(config.ordererAddresses).toEqual(["127.0.0.1:17050"]);
});
