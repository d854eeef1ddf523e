import { randomBytes } from "node:crypto";
import commonPb from "@hyperledger/fabric-protos/lib/common/common_pb.js";
import { p256 } from "@noble/curves/nist.js";
import { expect, test } from "vitest";
import { Block, createBlock } from "../../chain/block.ts";
import type { Submission } from "../../node/http/api-client.ts";
import type { PeerProcess } from "../../node/peer/peer-process.ts";
import { FABRIC_BLOCKS_DIRECTORY, fabricBlockBytes, HAS_FABRIC_BLOCKS } from "../fabric-blocks.ts";
import { allAt, allMet, Processes } from "./processes.ts";

const GOOD = "ledgerutil-sample_prod";
const BAD = "ledgerutil-sample_bad_ledger";
const GENESIS = `${FABRIC_BLOCKS_DIRECTORY}${GOOD}/0000.block`;
const CHANNEL = "mychannel";

function good(number: number): Block {
  return Block.parse(fabricBlockBytes(`${GOOD}/${String(number).padStart(4, "0")}.block`));
}

/** The block of other transactions and metadata, under a header that may still be its own. */
function rebuilt(block: Block, change: Partial<Pick<Block, "transactions" | "metadata">>): Uint8Array {
  const { number, previousHash, transactions, metadata } = { ...block, ...change };
  return createBlock({ number, previousHash: Buffer.from(previousHash, "hex"), transactions, metadata })
    .bytes;
}

/** The same header and data hash, but the transaction's signature has become a transaction of its own. */
function crossLinked(block: Block): Uint8Array {
  const [transaction] = block.transactions;
  const signature = commonPb.Envelope.deserializeBinary(transaction!).getSignature_asU8();
  const boundary = transaction!.length - signature.length - 2;
  return rebuilt(block, {
    transactions: [transaction!.subarray(0, boundary), transaction!.subarray(boundary)],
  });
}

/** The same signature with n - s in place of s, which is as valid as a signature, but not the one that was made. */
function highS(block: Block): Uint8Array {
  const signatures = commonPb.Metadata.deserializeBinary(block.metadata[0]!);
  const [first] = signatures.getSignaturesList();
  const { r, s } = p256.Signature.fromBytes(first!.getSignature_asU8(), "der");
  first!.setSignature(new p256.Signature(r, p256.Point.Fn.ORDER - s).toBytes("der"));
  return rebuilt(block, { metadata: [signatures.serializeBinary(), ...block.metadata.slice(1)] });
}

function flipped(block: Block): Uint8Array {
  const bytes = Uint8Array.from(block.bytes);
  const transaction = block.transactions[0]!;
  const offset = transaction.byteOffset - block.bytes.byteOffset + transaction.length - 1;
  bytes[offset]! ^= 1;
  return bytes;
}

async function refusal(peer: PeerProcess, bytes: Uint8Array): Promise<readonly [number, string]> {
  const result: Submission = await peer.api.submit(CHANNEL, bytes);
  expect(result.kind, JSON.stringify(result)).toBe("refused");
  return result.kind === "refused" ? [result.status, result.code] : [0, ""];
}

test.skipIf(!HAS_FABRIC_BLOCKS)(
  "bad blocks are refused for what is wrong with them, and nothing changes",
  async () => {
    await using processes = new Processes();
    const peers = await processes.startMany(3, [GENESIS]);
    await allMet(peers, CHANNEL);
    const peer = peers[0]!;
    const block = good(1);
    const noise = 100_000_000;
    const cases: readonly (readonly [bytes: Uint8Array, status: number, code: string])[] = [
      [crossLinked(block), 422, "MALFORMED_TRANSACTION"],
      [highS(block), 422, "UNSATISFIED_POLICY"],
      [flipped(block), 422, "WRONG_DATA_HASH"],
      [block.bytes.slice(0, -10), 422, "MALFORMED_BLOCK"],
      [new Uint8Array(0), 422, "MALFORMED_BLOCK"],
      [randomBytes(1_000_000), 422, "MALFORMED_BLOCK"],
      [randomBytes(noise), 413, "BLOCK_TOO_LARGE"],
      [fabricBlockBytes("v20_sample_ledgers-testchannel/0001.block"), 422, "WRONG_CHANNEL"],
      [fabricBlockBytes(`${BAD}/0000.block`), 409, "CONFLICT"],
      [fabricBlockBytes(`${BAD}/0001.block`), 422, "UNSATISFIED_POLICY"],
      [good(3).bytes, 409, "OUT_OF_ORDER"],
    ];
    for (const [bytes, status, code] of cases) expect(await refusal(peer, bytes)).toEqual([status, code]);
    await allAt(peers, CHANNEL, 1);
    for (const { api } of peers) {
      expect(await api.channel(CHANNEL)).toMatchObject({ height: 1, forks: [], bufferedBytes: 0 });
      expect((await api.status()).process.rssBytes).toBeLessThan(400e6);
    }
    expect(await peer.api.submit(CHANNEL, block.bytes)).toMatchObject({ kind: "accepted", number: 1 });
    await allAt(peers, CHANNEL, 2);
  },
);

test.skipIf(!HAS_FABRIC_BLOCKS)(
  "a genesis block whose data hash is wrong starts no peer, and no ledger",
  async () => {
    await using processes = new Processes();
    const genesis = [`${FABRIC_BLOCKS_DIRECTORY}${BAD}/0000.block`];
    await expect(processes.start({ name: "peer", genesis })).rejects.toThrow(
      /status 1.*0000\.block is no genesis block: .*WRONG_DATA_HASH/s,
    );
  },
);
