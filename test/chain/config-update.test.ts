import configPb from "@hyperledger/fabric-protos/lib/common/configtx_pb.js";
import { describe, expect, test } from "vitest";
import { createBlock, type Block } from "../../chain/block.ts";
import { ChannelConfig } from "../../chain/channel-config.ts";
import { channelOf } from "../../chain/channel-header.ts";
import type { ChannelSpec } from "../../chain/channel-spec.ts";
import { configOf } from "../../chain/config-block.ts";
import { createConfigUpdate, type ConfigChange } from "../../chain/config-update.ts";
import { CONFIG } from "../../chain/config-fields.ts";
import { groupAt, withGroupAt } from "../../chain/config-organisations.ts";
import { lastBytes } from "../../chain/last-field.ts";
import { repeatedBytes, withBytes } from "../../chain/protobuf-edit.ts";
import { createEnvelope, HEADER_TYPE } from "../../chain/transaction.ts";
import { createGenesis } from "../../chain/genesis.ts";
import { lengthDelimited } from "../../chain/protobuf-fields.ts";
import { mspValue } from "../../chain/msp-value.ts";
import { serializedIdentity } from "../../chain/serialized-identity.ts";
import { mspBytes, TestCertificate } from "./test-organisation.ts";

const STAMP = { timestampMs: 1_600_000_000_000, nonce: Buffer.alloc(24, 1) };

const [root1, root2, root3, rootOrderer] = await Promise.all([
  TestCertificate.root({ name: "ca1" }),
  TestCertificate.root({ name: "ca2" }),
  TestCertificate.root({ name: "ca3" }),
  TestCertificate.root({ name: "ca orderer" }),
]);
const orderer = await rootOrderer.issue({ name: "orderer", units: ["orderer"] });
const [first, second] = await Promise.all(
  ["first", "second"].map((name) => root1.issue({ name, units: ["peer"] })),
);

const SPEC: ChannelSpec = {
  channel: "demo",
  organisations: [
    {
      name: "Org1",
      mspId: "Org1MSP",
      rootCertificates: [root1.pem],
      anchorPeers: [{ host: "h", port: 1 }],
    },
    { name: "Org2", mspId: "Org2MSP", rootCertificates: [root2.pem] },
  ],
  ordering: {
    consensus: "raft",
    organisation: { name: "Orderer", mspId: "OrdererMSP", rootCertificates: [rootOrderer.pem] },
    consenters: [{ id: 1, host: "127.0.0.1", port: 7050, mspId: "OrdererMSP", certificate: orderer.pem }],
  },
};
const GENESIS = createGenesis(SPEC, STAMP);
const ORG3 = mspValue({ name: "Org3", mspId: "Org3MSP", rootCertificates: [root3.pem] }).serializeBinary();
const ADD_ORG3: ConfigChange = { kind: "add-organisation", name: "Org3", msp: ORG3 };

/** The block behind this one that makes these changes; unsigned. */
function updated(block: Block, ...changes: readonly ConfigChange[]): Block {
  return createBlock({
    number: block.number + 1,
    previousHash: Buffer.from(block.hash, "hex"),
    transactions: [createConfigUpdate(block, changes, STAMP, orderer.signer("OrdererMSP"))],
    metadata: block.metadata,
  });
}

async function revocation(...certificates: readonly TestCertificate[]): Promise<ConfigChange> {
  const list = Buffer.from(await root1.revoke(...certificates));
  return { kind: "revoke", organisation: "Org1", list };
}

function config(block: Block): configPb.Config {
  return configPb.Config.deserializeBinary(configOf(block));
}

function group(block: Block, ...path: readonly string[]): configPb.ConfigGroup {
  return path.reduce((at, name) => at.getGroupsMap().get(name)!, config(block).getChannelGroup()!);
}

function groupBytes(block: Block): Uint8Array {
  return lastBytes(configOf(block), CONFIG.channelGroup)!;
}

/** The same block with another channel group, unsigned. */
function withGroup(block: Block, root: Uint8Array): Block {
  const data = lengthDelimited(1, withBytes(configOf(block), CONFIG.channelGroup, root));
  const parts = { channel: channelOf(block), type: HEADER_TYPE.config, data };
  const { number, metadata } = block;
  const previousHash = Buffer.from(block.previousHash, "hex");
  return createBlock({ number, previousHash, transactions: [createEnvelope(parts, STAMP)], metadata });
}

function identityIn(block: Block, certificate: TestCertificate, mspId = "Org1MSP"): unknown {
  const msp = ChannelConfig.fromBlock(block).organisations.get(mspId)!;
  return msp.identity(serializedIdentity(mspId, certificate.pem));
}

function invalid(message: string): Error {
  return expect.objectContaining({
    name: "ChainError",
    code: "INVALID_UPDATE",
    message: expect.stringContaining(message),
  });
}

describe("a revocation list", () => {
  test("takes its certificates out, raises the MSP's version and the sequence, and nothing else", async () => {
    const next = updated(GENESIS, await revocation(first!));
    expect(ChannelConfig.fromBlock(next)).toMatchObject({ channel: "demo", sequence: 1, blockNumber: 1 });
    expect(() => identityIn(next, first!)).toThrow(expect.objectContaining({ code: "REVOKED_IDENTITY" }));
    expect(identityIn(next, second!)).toMatchObject({ mspId: "Org1MSP" });
    const msp = (block: Block) => group(block, "Application", "Org1").getValuesMap().get("MSP")!;
    expect([msp(GENESIS).getVersion(), msp(next).getVersion()]).toEqual([0, 1]);
    // With the old value in its place, it is the old tree.
    const tree = config(next).getChannelGroup()!;
    tree
      .getGroupsMap()
      .get("Application")!
      .getGroupsMap()
      .get("Org1")!
      .getValuesMap()
      .set("MSP", msp(GENESIS));
    expect(tree.toObject()).toEqual(group(GENESIS).toObject());
  });

  test("replaces those of its CA that say no more, and keeps those that do", async () => {
    const lists = (block: Block) =>
      ChannelConfig.fromBlock(block) && group(block, "Application", "Org1").getValuesMap().get("MSP")!;
    const one = updated(GENESIS, await revocation(first!));
    const both = updated(one, await revocation(first!, second!));
    const apart = updated(one, await revocation(second!));
    for (const block of [both, apart]) {
      expect(() => identityIn(block, first!)).toThrow("revoked");
      expect(() => identityIn(block, second!)).toThrow("revoked");
      expect(lists(block).getVersion()).toBe(2);
    }
    const count = (block: Block) =>
      Buffer.from(lists(block).getValue_asU8()).toString("latin1").split("BEGIN X509 CRL").length - 1;
    expect([one, both, apart].map(count)).toEqual([1, 1, 2]);
  });

  test("that revokes nothing more, that another CA has signed, or that is none, is refused", async () => {
    const one = updated(GENESIS, await revocation(first!));
    const again = await revocation(first!);
    expect(() => updated(one, again)).toThrow(
      invalid("Org1: the revocation list revokes nothing that is not revoked already"),
    );
    const foreign = Buffer.from(await root2.revoke(first!));
    expect(() => updated(GENESIS, { kind: "revoke", organisation: "Org1", list: foreign })).toThrow(
      invalid("Org1: the revocation list is signed by none of its CAs"),
    );
    const noise = Buffer.from("noise");
    expect(() => updated(GENESIS, { kind: "revoke", organisation: "Org1", list: noise })).toThrow(
      invalid("Org1: there is no revocation list: "),
    );
  });
});

describe("an organisation", () => {
  test("comes in as one that was there from the beginning, and its peers may read", async () => {
    const next = updated(GENESIS, ADD_ORG3, {
      kind: "set-anchor-peers",
      organisation: "Org3",
      anchorPeers: [{ host: "10.0.0.9", port: 9700 }],
    });
    const read = ChannelConfig.fromBlock(next);
    expect([...read.organisations.keys()].sort()).toEqual(["Org1MSP", "Org2MSP", "Org3MSP"]);
    expect(read.anchorPeers).toContainEqual({ mspId: "Org3MSP", host: "10.0.0.9", port: 9700 });
    const [peer, stranger] = await Promise.all([
      root3.issue({ units: ["peer"] }),
      root2.issue({ units: ["peer"] }),
    ]);
    expect(read.readers.accepts(serializedIdentity("Org3MSP", peer.pem))).toBe(true);
    expect(read.readers.accepts(serializedIdentity("Org3MSP", stranger.pem))).toBe(false);
    const versions = [group(next), group(next, "Application"), group(next, "Application", "Org3")];
    expect(versions.map((each) => each.getVersion())).toEqual([0, 1, 0]);
    const spec = createGenesis(
      {
        ...SPEC,
        organisations: [
          {
            name: "Org3",
            mspId: "Org3MSP",
            rootCertificates: [root3.pem],
            anchorPeers: [{ host: "10.0.0.9", port: 9700 }],
          },
        ],
      },
      STAMP,
    );
    expect(group(next, "Application", "Org3").toObject()).toEqual(
      group(spec, "Application", "Org3").toObject(),
    );
  });

  test("whose MSP tells no roles apart lets its members read", async () => {
    const msp = mspBytes({ mspId: "Org3MSP", roots: [root3.pem] });
    const { readers } = ChannelConfig.fromBlock(
      updated(GENESIS, { kind: "add-organisation", name: "Org3", msp }),
    );
    const peer = await root3.issue({ units: [] });
    expect(readers.accepts(serializedIdentity("Org3MSP", peer.pem))).toBe(true);
  });

  test("goes, and what is left is what was there without it", () => {
    const there = updated(GENESIS, ADD_ORG3);
    const gone = updated(there, { kind: "remove-organisation", organisation: "Org3MSP" });
    expect([...ChannelConfig.fromBlock(gone).organisations.keys()].sort()).toEqual(["Org1MSP", "Org2MSP"]);
    expect(group(gone, "Application").getVersion()).toBe(2);
    const application = group(gone, "Application");
    application.setVersion(0);
    expect(application.toObject()).toEqual(group(GENESIS, "Application").toObject());
  });

  test("that is there, that is not there, and the last one, are refused", () => {
    const twice: ConfigChange = { kind: "add-organisation", name: "Org1", msp: ORG3 };
    expect(() => updated(GENESIS, twice)).toThrow(
      invalid("organisation Org1 with the MSP id Org1MSP is in the channel already"),
    );
    expect(() => updated(GENESIS, ADD_ORG3, { ...ADD_ORG3, name: "Other" })).toThrow(
      invalid("organisation Org3 with the MSP id Org3MSP is in the channel already"),
    );
    const removal = (organisation: string): ConfigChange => ({ kind: "remove-organisation", organisation });
    expect(() => updated(GENESIS, removal("Org9"))).toThrow(invalid("no organisation Org9"));
    expect(() => updated(GENESIS, removal("Orderer"))).toThrow(invalid("no organisation Orderer"));
    expect(() => updated(GENESIS, removal("Org1"), removal("Org2"))).toThrow(
      invalid("without Org2 no organisation would be left in the channel"),
    );
  });
});

describe("an authority and anchor peers", () => {
  test("a second root vouches beside the first, also for orderers", async () => {
    const next = updated(GENESIS, {
      kind: "add-authority",
      organisation: "Orderer",
      certificate: Buffer.from(root3.pem),
    });
    const msp = ChannelConfig.fromBlock(next).ordererOrganisations.get("OrdererMSP")!;
    const other = await root3.issue({ units: ["orderer"] });
    for (const { pem } of [orderer, other])
      expect(msp.identity(serializedIdentity("OrdererMSP", pem))).toMatchObject({ mspId: "OrdererMSP" });
    expect(() =>
      updated(next, { kind: "add-authority", organisation: "Orderer", certificate: Buffer.from(root3.pem) }),
    ).toThrow(invalid("one of its CAs already"));
  });

  test("a CA below a root becomes an intermediate one, and a peer's certificate none", async () => {
    const below = await root1.issue({ name: "below", isCa: true });
    const peer = await below.issue({ units: ["peer"] });
    const add = (certificate: TestCertificate): ConfigChange => ({
      kind: "add-authority",
      organisation: "Org1",
      certificate: Buffer.from(certificate.pem),
    });
    expect(identityIn(updated(GENESIS, add(below)), peer)).toMatchObject({ mspId: "Org1MSP" });
    expect(() => updated(GENESIS, add(peer))).toThrow(invalid("not that of a CA"));
  });

  test("anchor peers take the place of those that were there; new ones raise the group, changed ones do not", () => {
    const set = (organisation: string, port: number): ConfigChange => ({
      kind: "set-anchor-peers",
      organisation,
      anchorPeers: [{ host: "n", port }],
    });
    const next = updated(GENESIS, set("Org1", 5), set("Org2", 6), set("Org2", 7));
    expect(ChannelConfig.fromBlock(next).anchorPeers).toEqual([
      { mspId: "Org1MSP", host: "n", port: 5 },
      { mspId: "Org2MSP", host: "n", port: 7 },
    ]);
    const versions = ["Org1", "Org2"].map((name) => {
      const organisation = group(next, "Application", name);
      return [organisation.getVersion(), organisation.getValuesMap().get("AnchorPeers")!.getVersion()];
    });
    expect(versions).toEqual([
      [0, 1],
      [1, 0],
    ]);
    expect(() => updated(next, set("Org1", 5))).toThrow(invalid("Org1 has these anchor peers already"));
  });
});

test("what nobody here knows stays, byte for byte, beside what changes", () => {
  const strange = lengthDelimited(77, Buffer.from("of a later version"));
  const root = Buffer.concat([groupBytes(GENESIS), strange]);
  const org1 = Buffer.concat([groupAt(root, ["Application", "Org1"]), strange]);
  const next = updated(withGroup(GENESIS, withGroupAt(root, ["Application", "Org1"], org1)), {
    kind: "set-anchor-peers",
    organisation: "Org1",
    anchorPeers: [{ host: "n", port: 5 }],
  });
  for (const path of [[], ["Application", "Org1"]])
    expect(repeatedBytes(groupAt(groupBytes(next), path), 77).map(String)).toEqual(
      repeatedBytes(strange, 77).map(String),
    );
  const orderers = (block: Block) => Buffer.from(groupAt(groupBytes(block), ["Orderer"]));
  expect(orderers(next)).toEqual(orderers(GENESIS));
  expect(ChannelConfig.fromBlock(next).anchorPeers).toEqual([{ mspId: "Org1MSP", host: "n", port: 5 }]);
});

test("no change at all is refused", () => {
  expect(() => updated(GENESIS)).toThrow(invalid("no change"));
});
