import { createPrivateKey, sign } from "node:crypto";
import { Block } from "../../chain/block.ts";
import { signBlock, type OrdererSigner } from "../../chain/block-signing.ts";
import type { ChannelSpec } from "../../chain/channel-spec.ts";
import { createConfigTransaction, createGenesis } from "../../chain/genesis.ts";
import { lowS } from "../../chain/low-s.ts";
import { serializedIdentity } from "../../chain/serialized-identity.ts";
import { createTransaction } from "../../chain/transaction.ts";
import { CertificateAuthority } from "../../node/certificate-authority.ts";

/** An orderer organisation with one orderer. */
export interface TestOrderer {
  readonly signer: OrdererSigner;
  readonly rootCertificate: string;
  readonly certificate: string;
}

/** Makes a new orderer under a new authority. */
export async function createTestOrderer(): Promise<TestOrderer> {
  const authority = await CertificateAuthority.create("Orderer");
  const { certificate, privateKey } = await authority.issue({ commonName: "orderer0", role: "orderer" });
  const key = createPrivateKey(privateKey);
  const identity = serializedIdentity("OrdererMSP", certificate);
  const signer = { identity, consenterId: 1, sign: (bytes: Uint8Array) => lowS(sign("sha256", bytes, key)) };
  return { signer, certificate, rootCertificate: authority.credential.certificate };
}

/** A channel of one organisation whose blocks a test makes as it likes. */
export class TestChannel {
  readonly genesis: Block;
  readonly name: string;
  readonly #organisationRoot: string;
  #sequence = 0;

  private constructor(name: string, orderer: TestOrderer, organisationRoot: string) {
    this.name = name;
    this.#organisationRoot = organisationRoot;
    this.genesis = createGenesis(this.#spec(orderer), stamp(0));
  }

  static async create(name: string, orderer: TestOrderer): Promise<TestChannel> {
    const authority = await CertificateAuthority.create("Org1");
    return new TestChannel(name, orderer, authority.credential.certificate);
  }

  /** A block of one transaction behind `previous`. */
  next(previous: Block, orderer: TestOrderer, lastConfig = 0, text = "payload"): Block {
    const number = previous.number + 1;
    const transaction = createTransaction(this.name, Buffer.from(text), orderer.signer, stamp(number));
    return this.#sign(previous, transaction, { orderer, lastConfig });
  }

  /** The config block behind `previous` that hands the channel over to other orderers. */
  handOver(previous: Block, from: TestOrderer, to: TestOrderer): Block {
    const number = previous.number + 1;
    const transaction = createConfigTransaction(this.#spec(to), ++this.#sequence, stamp(number), from.signer);
    return this.#sign(previous, transaction, { orderer: from, lastConfig: number });
  }

  #sign(previous: Block, transaction: Uint8Array, by: { orderer: TestOrderer; lastConfig: number }): Block {
    const number = previous.number + 1;
    const previousHash = Buffer.from(previous.hash, "hex");
    const { orderer, lastConfig } = by;
    return signBlock({ number, previousHash, transactions: [transaction], lastConfig, consensus: "raft" }, [
      orderer.signer,
    ]);
  }

  #spec({ rootCertificate, certificate }: TestOrderer): ChannelSpec {
    const organisation = { name: "Orderer", mspId: "OrdererMSP", rootCertificates: [rootCertificate] };
    const consenter = { id: 1, host: "127.0.0.1", port: 7050, mspId: "OrdererMSP", certificate };
    return {
      channel: this.name,
      organisations: [{ name: "Org1", mspId: "Org1MSP", rootCertificates: [this.#organisationRoot] }],
      ordering: { consensus: "raft", organisation, consenters: [consenter] },
    };
  }
}

function stamp(number: number) {
  return { timestampMs: 1_700_000_000_000 + number, nonce: new Uint8Array(24).fill(number) };
}
