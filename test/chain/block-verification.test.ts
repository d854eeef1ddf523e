import type common from "@hyperledger/fabric-protos/lib/common/common_pb.js";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Block, createBlock } from "../../chain/block.ts";
import {
  lastConfigNumber,
  verifyGenesis,
  verifyLink,
  verifyWellFormed,
} from "../../chain/block-verification.ts";
import { lengthDelimited, varintField } from "../../chain/protobuf-fields.ts";
import { fabricBlocks, HAS_FABRIC_BLOCKS } from "../fabric-blocks.ts";
import { altered, TestChannel } from "./test-channel.ts";

const channel = await TestChannel.create("raft");
const texts = ["one", "two", "three"];
const block = channel.block(channel.genesis, {
  transactions: texts.map((text) => channel.transaction(text)),
});
const empty = new Uint8Array(0);

/** Matches the ChainError of this code. */
function chainError(code: string, message = ""): Error {
  return expect.objectContaining({ name: "ChainError", code, message: expect.stringContaining(message) });
}

/** The block with its transactions' bytes cut elsewhere, or other bytes instead. */
function withTransactions(transactions: readonly Uint8Array[]): Block {
  return altered(block, (message: common.Block) => message.getData()!.setDataList([...transactions]));
}

describe("verifyWellFormed", () => {
  test("takes a block of its channel, and a genesis block whose envelope nobody signed", () => {
    verifyWellFormed(block, "demo");
    verifyWellFormed(channel.genesis, "demo");
  });

  test("refuses a block of another channel", () => {
    expect(() => verifyWellFormed(block, "demo2")).toThrow(
      chainError("WRONG_CHANNEL", 'block 1 belongs to channel "demo", not "demo2"'),
    );
  });

  test("refuses a block without transactions, and one whose first transaction names no channel", () => {
    expect(() => verifyWellFormed(withTransactions([]), "demo")).toThrow(
      chainError("MALFORMED_BLOCK", "block 1 has no transaction"),
    );
    expect(() => verifyWellFormed(withTransactions([Buffer.from("noise")]), "demo")).toThrow(
      chainError("MALFORMED_BLOCK"),
    );
    expect(() => verifyWellFormed(withTransactions([empty]), "demo")).toThrow(chainError("MALFORMED_BLOCK"));
  });

  test("refuses a block without metadata", () => {
    const bare = altered(block, (message) => message.getMetadata()!.setMetadataList([]));
    expect(() => verifyWellFormed(bare, "demo")).toThrow(chainError("MISSING_METADATA"));
  });

  test("refuses transactions that are not those of the header", () => {
    const other = channel.transaction("another");
    const first = block.transactions[0]!;
    for (const transactions of [
      [first],
      [other],
      [...block.transactions, other],
      block.transactions.toReversed(),
    ])
      expect(() => verifyWellFormed(withTransactions(transactions), "demo")).toThrow(
        chainError("WRONG_DATA_HASH"),
      );
  });

  test("refuses two transactions glued into one, although the data hash stays right", () => {
    const [first, second, third] = block.transactions;
    const glued = withTransactions([Buffer.concat([first!, second!]), third!]);
    expect(glued.hash).toBe(block.hash);
    expect(
      createBlock({ number: 1, previousHash: empty, transactions: glued.transactions, metadata: [] })
        .dataHash,
    ).toBe(block.dataHash);
    expect(() => verifyWellFormed(glued, "demo")).toThrow(
      chainError("MALFORMED_TRANSACTION", "transaction 0 of block 1 has a second payload or signature"),
    );
  });

  test("refuses every other division of the same bytes into transactions", () => {
    const all = Buffer.concat(block.transactions);
    const right = block.transactions
      .slice(0, -1)
      .map((_, index) => Buffer.concat(block.transactions.slice(0, index + 1)).length);
    const cut = fc.oneof(fc.constantFrom(...right), fc.integer({ min: 1, max: all.length - 1 }));
    fc.assert(
      fc.property(fc.uniqueArray(cut, { maxLength: 6 }), (cuts) => {
        const ends = [...cuts.toSorted((a, b) => a - b), all.length];
        fc.pre(ends.join() !== [...right, all.length].join());
        const parts = ends.map((end, index) => all.subarray(ends[index - 1] ?? 0, end));
        // The first piece may end before its channel header does.
        expect(() => verifyWellFormed(withTransactions(parts), "demo")).toThrow(
          expect.objectContaining({ code: expect.stringMatching(/^MALFORMED_(TRANSACTION|BLOCK)$/) }),
        );
      }),
    );
  });
});

describe("an envelope", () => {
  const payload = lengthDelimited(1, Buffer.from("payload"));
  const signature = lengthDelimited(2, Buffer.from("signature"));
  const unknown = lengthDelimited(9, Buffer.from("unknown"));
  const long = lengthDelimited(1, Buffer.alloc(200, 1));
  const number = Buffer.of(0x08, 0x01);
  /** The payload's length, 7, with a leading zero; its tag, 1, with a leading zero. */
  const longLength = Buffer.concat([Buffer.of(0x0a, 0x87, 0x00), Buffer.from("payload")]);
  const longTag = Buffer.concat([Buffer.of(0x8a, 0x00, 0x07), Buffer.from("payload")]);

  test.each<[string, readonly Uint8Array[], string]>([
    ["payload, signature", [payload, signature], "well-formed"],
    ["a payload of 200 bytes", [long, signature], "well-formed"],
    ["fields behind that Fabric does not know", [payload, signature, unknown, unknown], "well-formed"],
    ["a number where Fabric has the payload, behind", [payload, signature, number], "well-formed"],
    ["a number where Fabric has the payload, before", [number, payload, signature], "does not begin with"],
    ["a field that Fabric does not know before", [unknown, payload, signature], "does not begin with"],
    ["a field that Fabric does not know between", [payload, unknown, signature], "does not begin with"],
    ["signature, payload", [signature, payload], "does not begin with"],
    ["a payload alone", [payload], "no payload or no signature"],
    ["a signature alone", [signature], "does not begin with"],
    ["nothing", [], "no payload or no signature"],
    ["an empty payload", [lengthDelimited(1, empty), signature], "empty payload or signature"],
    ["an empty signature", [payload, lengthDelimited(2, empty)], "empty payload or signature"],
    ["two payloads", [payload, payload, signature], "does not begin with"],
    ["a second payload behind", [payload, signature, payload], "second payload or signature"],
    [
      "a second, empty signature",
      [payload, signature, lengthDelimited(2, empty)],
      "second payload or signature",
    ],
    ["a length with a leading zero", [longLength, signature], "does not begin with"],
    ["a tag with a leading zero", [longTag, signature], "does not begin with"],
    ["half a field behind", [payload, signature, Buffer.of(0x4a, 0x05)], "is no Envelope"],
    ["noise behind", [payload, signature, Buffer.of(0xff)], "is no Envelope"],
  ])("of %s: %s", (_, fields, expected) => {
    const transactions = [channel.transaction(), Buffer.concat(fields)];
    const made = createBlock({ number: 1, previousHash: empty, transactions, metadata: [empty] });
    if (expected === "well-formed") verifyWellFormed(made, "demo");
    else expect(() => verifyWellFormed(made, "demo")).toThrow(chainError("MALFORMED_TRANSACTION", expected));
  });
});

describe("verifyLink", () => {
  const next = channel.block(block);

  test("takes the block behind", () => {
    verifyLink(channel.genesis, block);
    verifyLink(block, next);
  });

  test.each<[string, Block, Block, string]>([
    ["the block itself", block, block, "WRONG_NUMBER"],
    ["the block before", next, block, "WRONG_NUMBER"],
    ["the block after the next", channel.genesis, next, "WRONG_NUMBER"],
    [
      "one that names another predecessor",
      channel.genesis,
      channel.block(next, { number: 1 }),
      "BROKEN_LINK",
    ],
    [
      "one of four metadata entries",
      channel.genesis,
      altered(block, (message) =>
        message.getMetadata()!.setMetadataList(message.getMetadata()!.getMetadataList().slice(0, 4)),
      ),
      "MISSING_METADATA",
    ],
  ])("refuses %s", (_, previous, candidate, code) => {
    expect(() => verifyLink(previous, candidate)).toThrow(chainError(code));
  });
});

describe("verifyGenesis", () => {
  const { transactions, metadata } = channel.genesis;

  test("takes a config block of number 0 that nobody signed", () => {
    verifyGenesis(channel.genesis);
  });

  test.each<[string, Block, string]>([
    [
      "another number",
      createBlock({ number: 1, previousHash: empty, transactions, metadata }),
      "WRONG_NUMBER",
    ],
    [
      "a predecessor",
      createBlock({ number: 0, previousHash: Buffer.alloc(32), transactions, metadata }),
      "BROKEN_LINK",
    ],
    [
      "other transactions",
      createBlock({ number: 0, previousHash: empty, transactions: block.transactions, metadata }),
      "MALFORMED_CONFIG",
    ],
    [
      "two config transactions",
      createBlock({
        number: 0,
        previousHash: empty,
        transactions: [...transactions, ...transactions],
        metadata,
      }),
      "MALFORMED_CONFIG",
    ],
    [
      "a wrong data hash",
      altered(channel.genesis, (message) => message.getHeader()!.setDataHash(Buffer.alloc(32))),
      "WRONG_DATA_HASH",
    ],
  ])("refuses a block of %s", (_, made, code) => {
    expect(() => verifyGenesis(made)).toThrow(chainError(code));
  });
});

describe("lastConfigNumber", () => {
  const entry = (value: Uint8Array): Uint8Array => lengthDelimited(1, value);
  const ordererMetadata = (index: number): Uint8Array => entry(lengthDelimited(1, varintField(1, index)));

  test.each<[string, readonly Uint8Array[], number | undefined]>([
    ["that its orderers' metadata names", [ordererMetadata(7)], 7],
    ["0 that its orderers' metadata names", [ordererMetadata(0)], 0],
    ["of the signed metadata, not of the old entry", [ordererMetadata(7), entry(varintField(1, 5))], 7],
    ["of the old entry", [empty, entry(varintField(1, 5))], 5],
    ["of the old entry, where it is 0", [empty, Buffer.of(0x0a, 0x00)], 0],
    ["unknown without an old entry", [empty, empty], undefined],
    ["unknown without metadata", [], undefined],
    [
      "unknown where the orderers wrote something else",
      [entry(lengthDelimited(2, Buffer.from("else")))],
      undefined,
    ],
    ["unknown where it is no message", [Buffer.from([0x0a, 0xff])], undefined],
    [
      "unknown where it is above 2^53",
      [entry(lengthDelimited(1, Buffer.from("08ffffffffffffffffff01", "hex")))],
      undefined,
    ],
  ])("is the number %s", (_, metadata, expected) => {
    const made = createBlock({ number: 9, previousHash: empty, transactions: [], metadata });
    expect(lastConfigNumber(made)).toBe(expected);
  });

  test("is what signBlock writes", () => {
    expect(lastConfigNumber(channel.block(block, { lastConfig: 300 }))).toBe(300);
  });
});

test.skipIf(!HAS_FABRIC_BLOCKS)("a real block's transactions cannot be divided otherwise", () => {
  const real = fabricBlocks("generated-etcdraft-v2.4.9")[1]!;
  expect(real.transactions.length).toBe(10);
  verifyWellFormed(real, "demo");
  const glued = altered(real, (message) => {
    const [first, second, ...rest] = real.transactions;
    message.getData()!.setDataList([Buffer.concat([first!, second!]), ...rest]);
  });
  expect(glued.hash).toBe(real.hash);
  expect(() => verifyWellFormed(glued, "demo")).toThrow(chainError("MALFORMED_TRANSACTION"));
});
