import { createPrivateKey, sign } from "node:crypto";
import common from "@hyperledger/fabric-protos/lib/common/common_pb.js";
import configPb from "@hyperledger/fabric-protos/lib/common/configtx_pb.js";
import { describe, expect, test } from "vitest";
import { Block, createBlock } from "../../chain/block.ts";
import { signBlock, type Consensus, type OrdererSigner } from "../../chain/block-signing.ts";
import { verifyGenesis } from "../../chain/block-verification.ts";
import { BlockVerifier } from "../../chain/block-verifier.ts";
import { ChannelConfig } from "../../chain/channel-config.ts";
import { bftQuorum, isChannelName, type ChannelSpec } from "../../chain/channel-spec.ts";
import { ChainError } from "../../chain/errors.ts";
import { createConfigTransaction, createGenesis } from "../../chain/genesis.ts";
import { lowS } from "../../chain/low-s.ts";
import { serializedIdentity } from "../../chain/serialized-identity.ts";
import { createTransaction } from "../../chain/transaction.ts";
import { CertificateAuthority, type Credential } from "../../node/msp/certificate-authority.ts";
import { fabricBlocks, HAS_FABRIC_BLOCKS } from "../fabric-blocks.ts";

const stamp = { timestampMs: 1_700_000_000_000, nonce: Buffer.alloc(24, 1) };
const org1 = await CertificateAuthority.create("Org1");
const org2 = await CertificateAuthority.create("Org2");
const ordererAuthority = await CertificateAuthority.create("Orderer");
const otherAuthority = await CertificateAuthority.create("Orderer");
const orderers = await Promise.all([0, 1, 2, 3].map((index) => issueOrderer(ordererAuthority, index)));

function issueOrderer(authority: CertificateAuthority, index: number): Promise<Credential> {
  return authority.issue({ commonName: `orderer${index}`, role: "orderer" });
}

function spec(consensus: Consensus, authority = ordererAuthority, credentials = orderers): ChannelSpec {
  return {
    channel: "demo",
    organisations: [
      {
        name: "Org1",
        mspId: "Org1MSP",
        rootCertificates: [org1.credential.certificate],
        anchorPeers: [{ host: "peer0.org1.example.org", port: 9700 }],
      },
      { name: "Org2", mspId: "Org2MSP", rootCertificates: [org2.credential.certificate] },
    ],
    ordering: {
      consensus,
      organisation: {
        name: "Orderer",
        mspId: "OrdererMSP",
        rootCertificates: [authority.credential.certificate],
      },
      consenters: credentials.slice(0, consensus === "raft" ? 1 : 4).map(({ certificate }, index) => ({
        id: index + 1,
        host: "127.0.0.1",
        port: 7050 + index,
        mspId: "OrdererMSP",
        certificate,
      })),
    },
  };
}

function signerOf({ certificate, privateKey }: Credential, consenterId: number): OrdererSigner {
  const key = createPrivateKey(privateKey);
  return {
    consenterId,
    identity: serializedIdentity("OrdererMSP", certificate),
    sign: (bytes) => lowS(sign("sha256", bytes, key)),
  };
}

const signers = orderers.map((credential, index) => signerOf(credential, index + 1));

function nextBlock(
  previous: Block,
  consensus: Consensus,
  by: readonly OrdererSigner[],
  config?: Uint8Array,
): Block {
  const number = previous.number + 1;
  const transactions = [config ?? createTransaction("demo", Buffer.from("a file"), signers[0]!, stamp)];
  const lastConfig = config === undefined ? 0 : number;
  return signBlock(
    { number, previousHash: Buffer.from(previous.hash, "hex"), transactions, lastConfig, consensus },
    by,
  );
}

/** Matches the ChainError of this code. */
function chainError(code: string, message = ""): Error {
  return expect.objectContaining({ name: "ChainError", code, message: expect.stringContaining(message) });
}

describe.each(["raft", "bft"] as const)("genesis of a %s channel", (consensus) => {
  const genesis = createGenesis(spec(consensus), stamp);
  const quorum = consensus === "raft" ? signers.slice(0, 1) : signers.slice(0, 3);

  test("passes as a genesis block, and its configuration says what was asked for", () => {
    verifyGenesis(genesis);
    const config = ChannelConfig.fromBlock(genesis);
    expect(config.channel).toBe("demo");
    expect([...config.organisations.keys()].sort()).toEqual(["Org1MSP", "Org2MSP"]);
    expect([...config.ordererOrganisations.keys()]).toEqual(["OrdererMSP"]);
    expect(config.anchorPeers).toEqual([{ mspId: "Org1MSP", host: "peer0.org1.example.org", port: 9700 }]);
  });

  test("is the same bytes for the same input", () => {
    expect(createGenesis(spec(consensus), stamp).bytes).toEqual(genesis.bytes);
  });

  test("is read and written again unchanged by fabric-protos, down to the configuration", () => {
    expect(Buffer.from(common.Block.deserializeBinary(genesis.bytes).serializeBinary())).toEqual(
      Buffer.from(genesis.bytes),
    );
    const payload = common.Payload.deserializeBinary(
      common.Envelope.deserializeBinary(genesis.transactions[0]!).getPayload_asU8(),
    );
    const envelope = configPb.ConfigEnvelope.deserializeBinary(payload.getData_asU8());
    expect(Buffer.from(envelope.serializeBinary())).toEqual(Buffer.from(payload.getData_asU8()));
  });

  test("believes a block that its orderers signed", () => {
    const verifier = new BlockVerifier(ChannelConfig.fromBlock(genesis));
    expect(verifier.verify(nextBlock(genesis, consensus, quorum), 1)).toBe("valid");
  });

  test("refuses a block whose transaction was changed after it was signed", () => {
    const verifier = new BlockVerifier(ChannelConfig.fromBlock(genesis));
    const block = nextBlock(genesis, consensus, quorum);
    const tampered = Buffer.from(block.bytes);
    tampered.write("A", tampered.indexOf("a file"));
    expect(() => verifier.verify(Block.parse(tampered), 1)).toThrow(chainError("WRONG_DATA_HASH"));
  });

  test("refuses the signatures of another block", () => {
    const verifier = new BlockVerifier(ChannelConfig.fromBlock(genesis));
    const first = nextBlock(genesis, consensus, quorum);
    const second = nextBlock(first, consensus, quorum);
    const mixed = createBlock({
      number: 1,
      previousHash: Buffer.from(genesis.hash, "hex"),
      transactions: first.transactions,
      metadata: second.metadata,
    });
    expect(() => verifier.verify(mixed, 1)).toThrow(chainError("UNSATISFIED_POLICY"));
  });

  test("refuses a block that an orderer of another authority with the same names signed", async () => {
    const verifier = new BlockVerifier(ChannelConfig.fromBlock(genesis));
    const strangers = await Promise.all(
      quorum.map(async (_, index) => signerOf(await issueOrderer(otherAuthority, index), index + 1)),
    );
    expect(() => verifier.verify(nextBlock(genesis, consensus, strangers), 1)).toThrow(
      chainError("UNSATISFIED_POLICY"),
    );
  });
});

describe("a bft channel's quorum", () => {
  const genesis = createGenesis(spec("bft"), stamp);

  test.each([
    ["3 of 4", [0, 1, 2], true],
    ["3 others of 4", [3, 1, 0], true],
    ["all 4", [0, 1, 2, 3], true],
    ["2 of 4", [0, 1], false],
    ["none", [], false],
    ["2, one of them twice", [0, 1, 1], false],
  ])("%s", (_, indexes, enough) => {
    const verifier = new BlockVerifier(ChannelConfig.fromBlock(genesis));
    const by = indexes.map((index) => signers[index]!);
    const verify = () => verifier.verify(nextBlock(genesis, "bft", by), 1);
    if (enough) expect(verify()).toBe("valid");
    else expect(verify).toThrow(ChainError);
  });

  test.each([
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 3],
    [5, 4],
    [6, 4],
    [7, 5],
    [10, 7],
  ])("of %i consenters is %i", (consenters, quorum) => {
    expect(bftQuorum(consenters)).toBe(quorum);
  });
});

describe("a config block", () => {
  test("that its orderers signed replaces their authority, and the organisations", async () => {
    const genesis = createGenesis(spec("raft"), stamp);
    const verifier = new BlockVerifier(ChannelConfig.fromBlock(genesis));
    const newOrderers = [await issueOrderer(otherAuthority, 0)];
    const changed = spec("raft", otherAuthority, newOrderers);
    const rotated = { ...changed, organisations: changed.organisations.slice(0, 1) };
    const transaction = createConfigTransaction(rotated, 1, stamp, signers[0]);
    const configBlock = nextBlock(genesis, "raft", signers.slice(0, 1), transaction);
    const byNew = nextBlock(configBlock, "raft", [signerOf(newOrderers[0]!, 1)]);

    expect(verifier.verify(configBlock, 1)).toBe("valid");
    verifier.advance(configBlock);
    expect(verifier.config.sequence).toBe(1);
    expect([...verifier.config.organisations.keys()]).toEqual(["Org1MSP"]);
    expect(verifier.verify(byNew, 2)).toBe("valid");
    const byOld = nextBlock(configBlock, "raft", signers.slice(0, 1));
    expect(() => verifier.verify(byOld, 2)).toThrow(chainError("SUPERSEDED_CONFIG"));
  });
});

describe("a spec that describes no usable channel is refused", () => {
  const good = spec("bft");
  const [first, second] = good.organisations;
  const cases: readonly (readonly [message: string, spec: ChannelSpec])[] = [
    ['"Demo" is no channel name', { ...good, channel: "Demo" }],
    ["two organisations named Org1", { ...good, organisations: [first!, { ...second!, name: "Org1" }] }],
    ["two MSPs called OrdererMSP", { ...good, organisations: [{ ...first!, mspId: "OrdererMSP" }] }],
    [
      "organisation Org1 has no root certificate",
      { ...good, organisations: [{ ...first!, rootCertificates: [] }] },
    ],
    ["a channel without orderers", { ...good, ordering: { ...good.ordering, consenters: [] } }],
    [
      "two consenters with the id 7",
      {
        ...good,
        ordering: {
          ...good.ordering,
          consenters: good.ordering.consenters.map((each) => ({ ...each, id: 7 })),
        },
      },
    ],
  ];

  test.each(cases)("%s", (message, bad) => {
    expect(() => createGenesis(bad, stamp)).toThrow(chainError("MALFORMED_CONFIG", message));
  });
});

test.each([
  ["demo", true],
  ["a", true],
  ["a.b-c9", true],
  ["a".repeat(249), true],
  ["a".repeat(250), false],
  ["", false],
  ["9a", false],
  ["-a", false],
  ["aB", false],
  ["a_b", false],
  ["a\n", false],
])("isChannelName(%j) is %s", (text, expected) => {
  expect(isChannelName(text)).toBe(expected);
});

test.skipIf(!HAS_FABRIC_BLOCKS)("a genesis has the same metadata as a real one of Fabric 2.4", () => {
  const [real] = fabricBlocks("generated-etcdraft-v2.4.9");
  const made = createGenesis(spec("raft"), stamp);
  expect(made.metadata.map((entry) => Buffer.from(entry).toString("hex"))).toEqual(
    real!.metadata.map((entry) => Buffer.from(entry).toString("hex")),
  );
});
