import { X509Certificate } from "node:crypto";
import configPb from "@hyperledger/fabric-protos/lib/common/configtx_pb.js";
import policiesPb from "@hyperledger/fabric-protos/lib/common/policies_pb.js";
import principalPb from "@hyperledger/fabric-protos/lib/msp/msp_principal_pb.js";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Block, createBlock } from "../../chain/block.ts";
import { parseMetadata } from "../../chain/block-signatures.ts";
import { lastConfigNumber, verifyLink, verifyGenesis } from "../../chain/block-verification.ts";
import { BlockVerifier } from "../../chain/block-verifier.ts";
import {
  certificateFingerprint,
  certificateSerial,
  organizationalUnitNames,
  parseCertificate,
  pathLengthMax,
} from "../../chain/certificate.ts";
import { ChannelConfig } from "../../chain/channel-config.ts";
import { isConfigBlock } from "../../chain/channel-header.ts";
import { quorumPolicy, rolePolicy } from "../../chain/config-policies.ts";
import { crc32c } from "../../chain/crc32c.ts";
import { derSequence, derValues } from "../../chain/der-values.ts";
import { ChainError } from "../../chain/errors.ts";
import {
  bytesOfRecords,
  decodeRecordHeader,
  encodeRecordHeader,
  RECORD_HEADER_BYTES,
} from "../../chain/ledger-record.ts";
import { lowS } from "../../chain/low-s.ts";
import { Msp } from "../../chain/msp.ts";
import { parseSerializedIdentity } from "../../chain/parse-serialized-identity.ts";
import { parsePrincipal } from "../../chain/principal.ts";
import { protobufFields } from "../../chain/protobuf-fields.ts";
import { RevocationList } from "../../chain/revocation-list.ts";
import { findRecords } from "../../chain/segment-scan.ts";
import { serializedIdentity } from "../../chain/serialized-identity.ts";
import { parseSignaturePolicy } from "../../chain/signature-policy.ts";
import { createEnvelope, HEADER_TYPE, transactionHeader } from "../../chain/transaction.ts";
import { noiseAround, outcomeOf, plain } from "../noise.ts";
import { TestChannel } from "./test-channel.ts";
import { mspBytes, NODE_UNITS, TestCertificate } from "./test-organisation.ts";

const [raft, bft, root, otherRoot] = await Promise.all([
  TestChannel.create("raft"),
  TestChannel.create("bft"),
  TestCertificate.root(),
  TestCertificate.root({ keyType: "P-384", pathLength: 1 }),
]);
const intermediate = await root.issue({ name: "intermediate", isCa: true, pathLength: 0 });
const [member, orderer] = await Promise.all([
  root.issue({ units: ["peer", "sales"], extendedKeyUsage: ["1.3.6.1.5.5.7.3.1"] }),
  root.issue({ units: ["orderer"], keyType: "Ed25519" }),
]);
const revocations = await root.revoke(member, orderer);

const BLOCKS = [raft, bft].flatMap((channel) => {
  const plainBlock = channel.block(channel.genesis, { transactions: Array(3).fill(channel.transaction()) });
  return [channel.genesis, plainBlock, channel.configBlock(plainBlock, channel)].map(({ bytes }) => bytes);
});
const CONFIGS = [raft, bft].map((channel) => ChannelConfig.fromBlock(channel.genesis));
const MSPS = [
  mspBytes({ roots: [root.pem], nodeUnits: NODE_UNITS, revocationLists: [revocations] }),
  mspBytes({ roots: [root.pem, otherRoot.pem], intermediates: [intermediate.pem], admins: [member.pem] }),
  mspBytes({ roots: [root.pem], listedUnits: [["sales", root.pem]] }),
];
const CERTIFICATES = [root, otherRoot, intermediate, member, orderer];
const CERTIFICATE_DER = CERTIFICATES.map(({ pem }) => derOf(pem));
const CA_DER = CERTIFICATE_DER.slice(0, 2);
const DER = [...CERTIFICATE_DER, derOf(revocations)];
const IDENTITIES = CERTIFICATES.map((certificate) => certificate.identity("TestMSP"));
const POLICIES = [rolePolicy("TestMSP", ["MEMBER", "ADMIN", "PEER"]), quorumPolicy(CONFIGS[1]!.consenters)];
const ENVELOPES = POLICIES.map((policy) => policy.getValue_asU8());
const PRINCIPALS = ENVELOPES.flatMap((bytes) =>
  policiesPb.SignaturePolicyEnvelope.deserializeBinary(bytes)
    .getIdentitiesList()
    .map((principal) => principal.serializeBinary()),
);
const TRANSACTIONS = [raft.transaction(), raft.configTransaction()];
const METADATA = BLOCKS.flatMap((bytes) => Block.parse(bytes).metadata);
const MARKER = new Uint8Array(8).fill(7);
const RECORDS = BLOCKS.map((bytes, index) =>
  Buffer.concat([encodeRecordHeader(MARKER, Block.parse(bytes), index !== 1), bytes]),
);
const SEGMENT = Buffer.concat(RECORDS);

/** A decoder, what it is given when all is well, what it may throw, and the runs. */
interface Subject {
  readonly decode: (bytes: Uint8Array) => unknown;
  readonly good: readonly Uint8Array[];
  readonly errors?: readonly (new (...parts: never[]) => Error)[];
  readonly runs?: number;
}

const msps = MSPS.map((bytes) => Msp.parse(bytes));

const SUBJECTS: Readonly<Record<string, Subject>> = {
  "protobuf fields": {
    decode: (bytes) => Array.from(protobufFields(bytes)),
    good: [...IDENTITIES, ...METADATA],
    errors: [RangeError],
  },
  "DER values": { decode: (bytes) => Array.from(derValues(bytes)), good: DER, errors: [RangeError] },
  "a DER sequence": { decode: derSequence, good: DER, errors: [RangeError] },
  "a block": { decode: Block.parse, good: BLOCKS, errors: [ChainError] },
  "a block that is verified": {
    decode: (bytes) => {
      const block = Block.parse(bytes);
      isConfigBlock(block);
      lastConfigNumber(block);
      for (const [index, config] of CONFIGS.entries())
        atMost(ChainError, () => new BlockVerifier(config, CONFIGS.toSpliced(index, 1)).verify(block, 1));
      atMost(ChainError, () => verifyGenesis(block));
      atMost(ChainError, () => verifyLink(raft.genesis, block));
    },
    good: BLOCKS,
    errors: [ChainError],
    runs: 600,
  },
  "a configuration": {
    decode: (bytes) => ChannelConfig.fromBlock(configBlock(bytes)),
    good: [raft, bft].map((channel) => configEnvelope(channel)),
    errors: [ChainError],
    runs: 400,
  },
  "a channel group": {
    decode: (bytes) => {
      const envelope = configPb.ConfigEnvelope.deserializeBinary(configEnvelope(raft));
      const config = envelope.getConfig()!;
      // What cannot even be put into a config block is the affair of the subject above.
      try {
        config.setChannelGroup(configPb.ConfigGroup.deserializeBinary(bytes));
      } catch {
        return;
      }
      ChannelConfig.fromBlock(configBlock(envelope.serializeBinary()));
    },
    good: [raft, bft].map((channel) =>
      configPb.ConfigEnvelope.deserializeBinary(configEnvelope(channel))
        .getConfig()!
        .getChannelGroup()!
        .serializeBinary(),
    ),
    errors: [ChainError],
    runs: 400,
  },
  "an MSP": { decode: Msp.parse, good: MSPS, errors: [ChainError] },
  "an MSP with a damaged CA": {
    decode: (bytes) => Msp.parse(mspBytes({ roots: [root.pem, pemOf(bytes)], nodeUnits: NODE_UNITS })),
    good: CA_DER,
    errors: [ChainError],
    runs: 400,
  },
  "an identity": {
    decode: (bytes) => {
      for (const msp of msps) atMost(ChainError, () => msp.identity(bytes));
    },
    good: IDENTITIES,
    runs: 400,
  },
  "an identity with a damaged certificate": {
    decode: (bytes) => {
      for (const msp of msps)
        atMost(ChainError, () => msp.identity(serializedIdentity("TestMSP", pemOf(bytes))));
    },
    good: CERTIFICATE_DER,
    runs: 400,
  },
  "a serialized identity": { decode: parseSerializedIdentity, good: IDENTITIES, errors: [RangeError] },
  "a certificate": {
    decode: parseCertificate,
    good: CERTIFICATES.map(({ pem }) => Buffer.from(pem)),
    errors: [RangeError],
  },
  "a certificate's parts": {
    decode: (bytes) => {
      const certificate = parseCertificate(Buffer.from(pemOf(bytes)));
      for (const read of [certificateFingerprint, certificateSerial, pathLengthMax])
        atMost(RangeError, () => read(certificate));
      organizationalUnitNames(certificate);
    },
    good: CERTIFICATE_DER,
    errors: [RangeError],
  },
  "a revocation list": {
    decode: (bytes) => {
      const list = RevocationList.parse(bytes);
      for (const { pem } of CERTIFICATES) list.isSignedBy(new X509Certificate(pem).publicKey);
    },
    good: [Buffer.from(revocations), derOf(revocations)],
    errors: [RangeError],
    runs: 400,
  },
  "a signature policy": {
    decode: (bytes) => parseSignaturePolicy(bytes)([]),
    good: ENVELOPES,
    errors: [ChainError],
  },
  "a principal": {
    decode: (bytes) => {
      for (const kind of [0, 1, 2, 3, 4] as const) {
        const message = new principalPb.MSPPrincipal();
        message.setPrincipalClassification(kind);
        message.setPrincipal(bytes);
        parsePrincipal(message);
      }
    },
    good: [...PRINCIPALS, ...IDENTITIES],
  },
  "a block's metadata": { decode: parseMetadata, good: METADATA, errors: [RangeError] },
  "a transaction": { decode: transactionHeader, good: TRANSACTIONS },
  "an ECDSA signature": { decode: lowS, good: [member.sign(Buffer.from("text"))], errors: [RangeError] },
  "a record of a ledger": {
    decode: (bytes) => {
      decodeRecordHeader(MARKER, bytes, 0);
      bytesOfRecords(MARKER, bytes, 0, [bytes.length - RECORD_HEADER_BYTES, 2 ** 31]);
    },
    good: RECORDS,
  },
  "a record whose checksum is right": {
    decode: (bytes) => decodeRecordHeader(MARKER, withChecksum(bytes), 0),
    good: RECORDS.map((record) => record.subarray(0, RECORD_HEADER_BYTES)),
  },
  "a segment of a ledger": {
    decode: (bytes) => {
      let end = 0;
      for (const finding of findRecords(MARKER, bytes, { offset: 0, number: 0 })) {
        expect(finding.offset).toBe(end);
        expect(finding.end).toBeGreaterThan(end);
        end = finding.end;
      }
      expect(end).toBe(bytes.length);
    },
    good: [SEGMENT],
    runs: 300,
  },
};

test.each(Object.entries(SUBJECTS))(
  "noise is read or refused, and costs no more than its bytes: %s",
  (_name, subject) => {
    const { decode, good, errors = [], runs = 600 } = subject;
    for (const bytes of good) expect(outcomeOf(plain(bytes), decode, errors)).toBe("value");
    fc.assert(
      fc.property(noiseAround(good), (bytes) => void outcomeOf(plain(bytes), decode, errors)),
      { numRuns: runs },
    );
  },
);

/** @throws whatever is no such error. */
function atMost(kind: new (...parts: never[]) => Error, run: () => unknown): void {
  outcomeOf(new Uint8Array(0), run, [kind]);
}

function derOf(pem: string): Uint8Array {
  return plain(Buffer.from(pem.replaceAll(/-----[^-]*-----/g, ""), "base64"));
}

function pemOf(der: Uint8Array): string {
  return `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString("base64")}\n-----END CERTIFICATE-----\n`;
}

/** The `common.ConfigEnvelope` of the channel's genesis block. */
function configEnvelope({ genesis }: TestChannel): Uint8Array {
  let bytes = genesis.transactions[0]!;
  for (const number of [1, 2])
    bytes = Array.from(protobufFields(bytes)).find((field) => field.number === number)!.bytes;
  return bytes;
}

/** A config block of the channel demo that brings these bytes. */
function configBlock(data: Uint8Array): Block {
  const stamp = { timestampMs: 0, nonce: new Uint8Array(24) };
  const transaction = createEnvelope({ channel: "demo", type: HEADER_TYPE.config, data }, stamp);
  return createBlock({
    number: 1,
    previousHash: new Uint8Array(32),
    transactions: [transaction],
    metadata: [],
  });
}

function withChecksum(bytes: Uint8Array): Uint8Array {
  const header = Buffer.alloc(RECORD_HEADER_BYTES);
  header.set(bytes.subarray(0, RECORD_HEADER_BYTES));
  header.set(MARKER);
  header.writeUInt32LE(crc32c(header.subarray(0, 60)), 60);
  return header;
}
