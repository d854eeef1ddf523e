import { generateKeyPairSync, sign, verify, type KeyObject } from "node:crypto";
import common from "@hyperledger/fabric-protos/lib/common/common_pb.js";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Block } from "../../chain/block.ts";
import { signBlock, type OrdererSigner } from "../../chain/block-signing.ts";
import { lowS } from "../../chain/low-s.ts";
import { createTransaction, transactionHeader } from "../../chain/transaction.ts";
import { fabricBlocks, HAS_FABRIC_BLOCKS } from "../fabric-blocks.ts";

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });

function signer(key: KeyObject = privateKey, consenterId?: number): OrdererSigner {
  return {
    identity: Buffer.from("an identity"),
    sign: (bytes) => lowS(sign("sha256", bytes, key)),
    ...(consenterId === undefined ? {} : { consenterId }),
  };
}

const previousHash = Buffer.alloc(32, 7);
const transactions = [Buffer.from("one"), Buffer.from("two")];
const parts = { number: 5, previousHash, transactions, lastConfig: 3, nonce: Buffer.alloc(24, 1) };

function metadataOf(block: Block): common.Metadata {
  return common.Metadata.deserializeBinary(block.metadata[0]!);
}

/** The second number of a DER signature. */
function sOf(signature: Uint8Array): bigint {
  const rLength = signature[3]!;
  return BigInt(`0x${Buffer.from(signature.subarray(6 + rLength)).toString("hex")}`);
}

describe("signBlock", () => {
  test("makes a block with five metadata entries, of which only the first is filled", () => {
    const block = signBlock({ ...parts, consensus: "raft" }, [signer()]);
    expect(block.metadata.map((entry) => entry.length > 0)).toEqual([true, false, false, false, false]);
    expect(block.number).toBe(5);
    expect(block.previousHash).toBe(previousHash.toString("hex"));
    expect(block.transactions.map((transaction) => Buffer.from(transaction).toString())).toEqual([
      "one",
      "two",
    ]);
  });

  test("writes bytes that fabric-protos reads and writes again unchanged", () => {
    const block = signBlock({ ...parts, consensus: "raft" }, [signer()]);
    expect(Buffer.from(common.Block.deserializeBinary(block.bytes).serializeBinary())).toEqual(
      Buffer.from(block.bytes),
    );
  });

  test("raft: the signature covers value, signature header and block header", () => {
    const block = signBlock({ ...parts, consensus: "raft" }, [signer()]);
    const metadata = metadataOf(block);
    const [signature] = metadata.getSignaturesList();
    const header = signature!.getSignatureHeader_asU8();
    const signed = Buffer.concat([metadata.getValue_asU8(), header, block.headerBytes]);
    expect(verify("sha256", signed, publicKey, signature!.getSignature_asU8())).toBe(true);
    expect(signature!.getIdentifierHeader_asU8()).toHaveLength(0);
    const read = common.SignatureHeader.deserializeBinary(header);
    expect(Buffer.from(read.getCreator_asU8()).toString()).toBe("an identity");
    expect(read.getNonce_asU8()).toHaveLength(24);
  });

  test("bft: each signature covers value, identifier header and block header, and names its consenter", () => {
    const block = signBlock({ ...parts, consensus: "bft" }, [signer(privateKey, 1), signer(privateKey, 300)]);
    const metadata = metadataOf(block);
    const signatures = metadata.getSignaturesList();
    for (const signature of signatures) {
      const signed = Buffer.concat([
        metadata.getValue_asU8(),
        signature.getIdentifierHeader_asU8(),
        block.headerBytes,
      ]);
      expect(verify("sha256", signed, publicKey, signature.getSignature_asU8())).toBe(true);
      expect(signature.getSignatureHeader_asU8()).toHaveLength(0);
    }
    const headers = signatures.map((signature) =>
      common.IdentifierHeader.deserializeBinary(signature.getIdentifierHeader_asU8()),
    );
    expect(headers.map((header) => header.getIdentifier())).toEqual([1, 300]);
  });

  test("bft: a signer without a consenter id is an error, not an unsigned block", () => {
    expect(() => signBlock({ ...parts, consensus: "bft" }, [signer()])).toThrow(RangeError);
  });

  test("names the last config block, also block 0", () => {
    for (const lastConfig of [0, 3, 1000]) {
      const value = metadataOf(
        signBlock({ ...parts, lastConfig, consensus: "raft" }, [signer()]),
      ).getValue_asU8();
      const ordererMetadata = common.OrdererBlockMetadata.deserializeBinary(value);
      expect(ordererMetadata.getLastConfig()?.getIndex()).toBe(lastConfig);
    }
  });

  test("the nonce may be absent", () => {
    const { nonce: _, ...without } = parts;
    const [signature] = metadataOf(
      signBlock({ ...without, consensus: "raft" }, [signer()]),
    ).getSignaturesList();
    const header = common.SignatureHeader.deserializeBinary(signature!.getSignatureHeader_asU8());
    expect(header.getNonce_asU8()).toHaveLength(0);
  });
});

describe("lowS", () => {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

  test("leaves s in the lower half of the order, and the signature still verifies", () => {
    let changed = 0;
    for (let index = 0; index < 64; index++) {
      const message = Buffer.from([index]);
      const signature = new Uint8Array(sign("sha256", message, privateKey));
      const low = lowS(signature);
      if (sOf(signature) !== sOf(low)) changed++;
      expect(sOf(low) <= order / 2n).toBe(true);
      expect(verify("sha256", message, publicKey, low)).toBe(true);
      expect(lowS(low)).toBe(low);
    }
    expect(changed).toBeGreaterThan(0);
    expect(changed).toBeLessThan(64);
  });

  test("noise is a RangeError", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        try {
          lowS(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
    for (const bad of ["", "30", "3000", "3006020101020100", "300602010102010100", "3003020101"]) {
      expect(() => lowS(Buffer.from(bad, "hex"))).toThrow(RangeError);
    }
  });
});

describe("transactions", () => {
  const stamp = { timestampMs: 1_700_000_000_123, nonce: Buffer.alloc(24, 9) };

  test("createTransaction wraps bytes as a signed MESSAGE envelope of the channel", () => {
    const bytes = createTransaction("demo", Buffer.from("payload"), signer(), stamp);
    const envelope = common.Envelope.deserializeBinary(bytes);
    expect(Buffer.from(envelope.serializeBinary())).toEqual(Buffer.from(bytes));
    expect(verify("sha256", envelope.getPayload_asU8(), publicKey, envelope.getSignature_asU8())).toBe(true);
    const payload = common.Payload.deserializeBinary(envelope.getPayload_asU8());
    expect(Buffer.from(payload.getData_asU8()).toString()).toBe("payload");
    const header = common.ChannelHeader.deserializeBinary(payload.getHeader()!.getChannelHeader_asU8());
    expect(header.getType()).toBe(common.HeaderType.MESSAGE);
    expect(header.getChannelId()).toBe("demo");
    expect(header.getTimestamp()?.toDate().getTime()).toBe(stamp.timestampMs);
    expect(header.getTxId()).toMatch(/^[0-9a-f]{64}$/);
  });

  test("transactionHeader reads what createTransaction wrote, also for an empty file", () => {
    for (const payload of [Buffer.alloc(0), Buffer.from("payload"), Buffer.alloc(200_000)]) {
      expect(transactionHeader(createTransaction("demo", payload, signer(), stamp))).toEqual({
        channel: "demo",
        type: 0,
      });
    }
  });

  test("transactionHeader takes no arbitrary bytes, nor an envelope with something behind it", () => {
    const transaction = createTransaction("demo", Buffer.from("payload"), signer(), stamp);
    expect(transactionHeader(Buffer.from("hello"))).toBeUndefined();
    expect(transactionHeader(Buffer.alloc(0))).toBeUndefined();
    expect(transactionHeader(transaction.subarray(0, -1))).toBeUndefined();
    expect(transactionHeader(Buffer.concat([transaction, transaction]))).toBeUndefined();
    expect(transactionHeader(Buffer.concat([transaction, Buffer.from([0x18, 0x01])]))).toBeUndefined();
  });

  test("transactionHeader never throws on noise or damaged transactions", () => {
    const transaction = createTransaction("demo", Buffer.from("payload"), signer(), stamp);
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void transactionHeader(bytes)));
    fc.assert(
      fc.property(fc.nat(transaction.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const damaged = Uint8Array.from(transaction);
        damaged[at]! ^= flip;
        transactionHeader(damaged);
      }),
    );
  });

  test.skipIf(!HAS_FABRIC_BLOCKS)(
    "transactionHeader reads every transaction that real orderers ordered",
    () => {
      const blocks = [
        ...fabricBlocks("generated-etcdraft-v2.4.9"),
        ...fabricBlocks("v20_sample_ledgers-testchannel"),
      ];
      const headers = blocks
        .slice(1)
        .flatMap((block) => block.transactions.map((each) => [block.number, transactionHeader(each)]));
      expect(headers.length).toBeGreaterThan(60);
      for (const [number, header] of headers) if (number !== 0) expect(header).toBeDefined();
    },
  );
});
