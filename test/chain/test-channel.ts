import common from "@hyperledger/fabric-protos/lib/common/common_pb.js";
import configPb from "@hyperledger/fabric-protos/lib/common/configtx_pb.js";
import { Block, createBlock } from "../../chain/block.ts";
import { signBlock, type Consensus, type OrdererSigner } from "../../chain/block-signing.ts";
import { createConfigTransaction, createGenesis } from "../../chain/genesis.ts";
import { createTransaction } from "../../chain/transaction.ts";
import type { ChannelSpec } from "../../chain/channel-spec.ts";
import { TestCertificate } from "./test-organisation.ts";

const STAMP = { timestampMs: 1_600_000_000_000, nonce: Buffer.alloc(24, 1) };

/** What the next block of a {@link TestChannel} is made of. */
export interface TestBlockParts {
  readonly number?: number;
  readonly transactions?: readonly Uint8Array[];
  readonly lastConfig?: number;
  readonly signers?: readonly OrdererSigner[];
}

/** A channel of one organisation whose orderers' keys the test has. */
export class TestChannel {
  readonly name: string;
  readonly genesis: Block;
  readonly orderers: readonly TestCertificate[];
  /** The orderers as signers; their consenter ids begin at 1. */
  readonly signers: readonly OrdererSigner[];
  readonly #consensus: Consensus;
  readonly #spec: ChannelSpec;

  private constructor(parts: {
    readonly name: string;
    readonly consensus: Consensus;
    readonly root: TestCertificate;
    readonly orderers: readonly TestCertificate[];
  }) {
    const { name, consensus, root, orderers } = parts;
    this.name = name;
    this.orderers = orderers;
    this.signers = orderers.map((orderer, index) => orderer.signer("OrdererMSP", index + 1));
    this.#consensus = consensus;
    this.#spec = {
      channel: name,
      organisations: [{ name: "Org1", mspId: "Org1MSP", rootCertificates: [root.pem] }],
      ordering: {
        consensus,
        organisation: { name: "Orderer", mspId: "OrdererMSP", rootCertificates: [root.pem] },
        consenters: orderers.map(({ pem }, index) => ({
          id: index + 1,
          host: "127.0.0.1",
          port: 7050 + index,
          mspId: "OrdererMSP",
          certificate: pem,
        })),
      },
    };
    this.genesis = createGenesis(this.#spec, STAMP);
  }

  /** With keys of its own, and one orderer where the consensus is raft, four where it is bft. */
  static async create(consensus: Consensus, name = "demo"): Promise<TestChannel> {
    const root = await TestCertificate.root();
    const count = consensus === "bft" ? 4 : 1;
    const orderers = Array.from({ length: count }, (_, index) =>
      root.issue({ name: `orderer${index}`, units: ["orderer"] }),
    );
    return new TestChannel({ name, consensus, root, orderers: await Promise.all(orderers) });
  }

  /** A transaction whose envelope is well-formed. */
  transaction(text = "a transaction"): Uint8Array {
    return createTransaction(this.name, Buffer.from(text), this.signers[0]!, STAMP);
  }

  /** The transaction that brings this channel's configuration to another channel of the same name. */
  configTransaction(sequence = 1): Uint8Array {
    return createConfigTransaction(this.#spec, sequence, STAMP, this.signers[0]);
  }

  /** The block behind `previous`, signed by all orderers unless said otherwise. */
  block(previous: Block, parts: TestBlockParts = {}): Block {
    const { transactions = [this.transaction()], lastConfig = 0, signers = this.signers } = parts;
    const number = parts.number ?? previous.number + 1;
    const previousHash = Buffer.from(previous.hash, "hex");
    return signBlock({ number, previousHash, transactions, lastConfig, consensus: this.#consensus }, signers);
  }

  /** As `block`: a config block that brings the configuration of `next`. */
  configBlock(previous: Block, next: TestChannel, parts: TestBlockParts = {}): Block {
    const lastConfig = parts.number ?? previous.number + 1;
    return this.block(previous, { transactions: [next.configTransaction()], lastConfig, ...parts });
  }
}

/** A copy of a block with other transactions or metadata; its header still claims what it did before. */
export function altered(block: Block, edit: (message: common.Block) => void): Block {
  const message = common.Block.deserializeBinary(block.bytes);
  edit(message);
  return Block.parse(message.serializeBinary());
}

/** A config block with another configuration, unsigned; the header fits it. */
export function reconfigured(block: Block, edit: (group: configPb.ConfigGroup) => void): Block {
  const envelope = common.Envelope.deserializeBinary(block.transactions[0]!);
  const payload = common.Payload.deserializeBinary(envelope.getPayload_asU8());
  const config = configPb.ConfigEnvelope.deserializeBinary(payload.getData_asU8());
  edit(config.getConfig()!.getChannelGroup()!);
  payload.setData(config.serializeBinary());
  envelope.setPayload(payload.serializeBinary());
  return createBlock({
    number: block.number,
    previousHash: Buffer.from(block.previousHash, "hex"),
    transactions: [envelope.serializeBinary()],
    metadata: block.metadata,
  });
}
