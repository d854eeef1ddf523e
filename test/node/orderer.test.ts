import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import common from "@hyperledger/fabric-protos/lib/common/common_pb.js";
import { describe, expect, test } from "vitest";
import { Block } from "../../chain/block.ts";
import type { Consensus } from "../../chain/block-signing.ts";
import { lastConfigNumber } from "../../chain/block-verification.ts";
import { BlockVerifier } from "../../chain/block-verifier.ts";
import { ChannelConfig } from "../../chain/channel-config.ts";
import { createTransaction } from "../../chain/transaction.ts";
import { createNetwork, type Network } from "../../node/network/network.ts";
import { Orderer } from "../../node/orderer/orderer.ts";
import { fabricBlocks, HAS_FABRIC_BLOCKS } from "../fabric-blocks.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

interface Fixture extends Disposable {
  readonly network: Network;
  readonly genesis: Block;
}

/** A new network in a folder of its own. */
async function fixture(consensus: Consensus): Promise<Fixture> {
  const folder = temporaryDirectory();
  const network = await createNetwork({
    out: folder.path,
    channel: "demo",
    organisations: [{ name: "Org1", peers: 1 }],
    consensus,
  });
  const genesis = Block.parse(new Uint8Array(readFileSync(network.genesis)));
  return { network, genesis, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

function request(previous: Block, files: readonly Uint8Array[]) {
  return { channel: "demo", number: previous.number + 1, previousHash: previous.hash, lastConfig: 0, files };
}

/** Matches the NodeError of an orderer that refuses with these words. */
function refused(message: string): Error {
  return expect.objectContaining({
    name: "NodeError",
    code: "ORDERER_INVALID",
    message: expect.stringContaining(message),
  });
}

function payloadOf(transaction: Uint8Array): Uint8Array {
  const envelope = common.Envelope.deserializeBinary(transaction);
  return common.Payload.deserializeBinary(envelope.getPayload_asU8()).getData_asU8();
}

describe.each(["raft", "bft"] as const)("%s", (consensus) => {
  test("a chain of its blocks verifies against the network's genesis", async () => {
    using made = await fixture(consensus);
    const orderer = Orderer.load(made.network.orderers);
    const verifier = new BlockVerifier(ChannelConfig.fromBlock(made.genesis));
    let tip = made.genesis;
    for (let index = 0; index < 3; index++) {
      const block = orderer.createBlock(request(tip, [Buffer.from(`file ${index}`), Buffer.alloc(0)]));
      expect(verifier.verify(block, block.number)).toBe("valid");
      expect(block.previousHash).toBe(tip.hash);
      expect(lastConfigNumber(block)).toBe(0);
      tip = block;
    }
  });

  test("a change of the configuration is a valid block, and so is the one after it", async () => {
    using made = await fixture(consensus);
    const orderer = Orderer.load(made.network.orderers);
    const verifier = new BlockVerifier(ChannelConfig.fromBlock(made.genesis));
    const anchorPeers = [{ host: "10.0.0.9", port: 9700 }];
    const transaction = orderer.configTransaction(made.genesis, [
      { kind: "set-anchor-peers", organisation: "Org1", anchorPeers },
    ]);
    const change = orderer.createBlock(request(made.genesis, [transaction]));
    expect(verifier.verify(change, 1)).toBe("valid");
    verifier.advance(change);
    expect(verifier.config).toMatchObject({ sequence: 1, blockNumber: 1 });
    expect(verifier.config.anchorPeers).toEqual([{ mspId: "Org1MSP", ...anchorPeers[0] }]);
    const next = orderer.createBlock({ ...request(change, [Buffer.from("file")]), lastConfig: 1 });
    expect(verifier.verify(next, 2)).toBe("valid");
  });

  test("another network's orderer makes no valid block", async () => {
    using made = await fixture(consensus);
    using other = await fixture(consensus);
    const block = Orderer.load(other.network.orderers).createBlock(
      request(made.genesis, [Buffer.from("file")]),
    );
    const verifier = new BlockVerifier(ChannelConfig.fromBlock(made.genesis));
    expect(() => verifier.verify(block, 1)).toThrow(expect.objectContaining({ code: "UNSATISFIED_POLICY" }));
  });
});

test("one raft orderer's own folder is enough", async () => {
  using made = await fixture("raft");
  const orderer = Orderer.load(join(made.network.orderers, "orderer0"));
  const block = orderer.createBlock(request(made.genesis, [Buffer.from("file")]));
  expect(new BlockVerifier(ChannelConfig.fromBlock(made.genesis)).verify(block, 1)).toBe("valid");
});

test("each file is a transaction, in order; arbitrary bytes are wrapped", async () => {
  using made = await fixture("raft");
  const files = [Buffer.from("one"), Buffer.alloc(0), Buffer.from([0x0a, 0x00, 0x12, 0x01, 0x00])];
  const block = Orderer.load(made.network.orderers).createBlock(request(made.genesis, files));
  expect(block.transactions.map((each) => Buffer.from(payloadOf(each)))).toEqual(files);
});

test("a transaction of the channel goes in as it is, one of another channel is wrapped", async () => {
  using made = await fixture("raft");
  const signer = { identity: Buffer.from("somebody"), sign: () => Buffer.from("signature") };
  const stamp = { timestampMs: 0, nonce: Buffer.alloc(24) };
  const ours = createTransaction("demo", Buffer.from("ours"), signer, stamp);
  const theirs = createTransaction("other", Buffer.from("theirs"), signer, stamp);
  const block = Orderer.load(made.network.orderers).createBlock(request(made.genesis, [ours, theirs]));
  expect(Buffer.from(block.transactions[0]!)).toEqual(Buffer.from(ours));
  expect(Buffer.from(payloadOf(block.transactions[1]!))).toEqual(Buffer.from(theirs));
});

test.skipIf(!HAS_FABRIC_BLOCKS)("real endorser transactions go in as they are", async () => {
  using made = await fixture("raft");
  const files = fabricBlocks("generated-etcdraft-v2.4.9")[2]!.transactions;
  const block = Orderer.load(made.network.orderers).createBlock(request(made.genesis, files));
  expect(block.transactions.map((each) => Buffer.from(each))).toEqual(files.map((each) => Buffer.from(each)));
});

test("a config transaction makes a config block that names itself, and stands alone", async () => {
  using made = await fixture("raft");
  const orderer = Orderer.load(made.network.orderers);
  const config = Buffer.concat([made.genesis.transactions[0]!, Buffer.from([0x12, 0x01, 0x01])]);
  const block = orderer.createBlock(request(made.genesis, [config]));
  expect(lastConfigNumber(block)).toBe(1);
  expect(() => orderer.createBlock(request(made.genesis, [config, Buffer.from("file")]))).toThrow(
    refused("a config transaction stands alone in its block, but came with 1 others"),
  );
});

test("another channel and no files are refused", async () => {
  using made = await fixture("raft");
  const orderer = Orderer.load(made.network.orderers);
  const asked = request(made.genesis, [Buffer.from("file")]);
  expect(() => orderer.createBlock({ ...asked, channel: "other" })).toThrow(
    refused("sign for channel demo, not for other"),
  );
  expect(() => orderer.createBlock({ ...asked, files: [] })).toThrow(refused("at least one transaction"));
});

describe("loading", () => {
  test("a folder without orderers, and one that is not there, are refused by name", async () => {
    using folder = temporaryDirectory();
    const missing = join(folder.path, "missing");
    expect(() => Orderer.load(folder.path)).toThrow(
      refused(`${folder.path} is no orderer's folder and holds none`),
    );
    expect(() => Orderer.load(missing)).toThrow(refused(missing));
  });

  test("fewer BFT orderers than a quorum are refused, and three of four are enough", async () => {
    using made = await fixture("bft");
    rmSync(join(made.network.orderers, "orderer1"), { recursive: true });
    const block = Orderer.load(made.network.orderers).createBlock(
      request(made.genesis, [Buffer.from("file")]),
    );
    expect(new BlockVerifier(ChannelConfig.fromBlock(made.genesis)).verify(block, 1)).toBe("valid");
    rmSync(join(made.network.orderers, "orderer2"), { recursive: true });
    expect(() => Orderer.load(made.network.orderers)).toThrow(
      refused("has the keys of 2 of 4 consenters, but a BFT block needs 3 signatures"),
    );
  });

  test("the same consenter twice is no quorum", async () => {
    using made = await fixture("bft");
    for (const name of ["orderer1", "orderer2", "orderer3"]) {
      rmSync(join(made.network.orderers, name), { recursive: true });
      cpSync(join(made.network.orderers, "orderer0"), join(made.network.orderers, name), { recursive: true });
    }
    expect(() => Orderer.load(made.network.orderers)).toThrow(refused("has the keys of 1 of 4 consenters"));
  });

  test("orderers of different channels are refused", async () => {
    using made = await fixture("bft");
    const file = join(made.network.orderers, "orderer3", "orderer.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace("channel: demo", "channel: other"));
    expect(() => Orderer.load(made.network.orderers)).toThrow(
      refused("mixes orderers of demo (bft) and of other (bft)"),
    );
  });

  test.each([
    ["consensus: raft", "consensus: kafka", "consensus"],
    ["consenterId: 1", "consenterId: zero", "consenterId"],
    ["channel: demo", "chanel: demo", "chanel"],
    ["channel: demo", "[", "orderer.yaml does not describe an orderer"],
  ])("settings with %s changed to %s are refused", async (from, to, words) => {
    using made = await fixture("raft");
    const file = join(made.network.orderers, "orderer0", "orderer.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace(from, to));
    expect(() => Orderer.load(made.network.orderers)).toThrow(refused(words));
  });
});
