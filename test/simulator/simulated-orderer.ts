import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { p256 } from "@noble/curves/nist.js";
import { Block } from "../../chain/block.ts";
import { signBlock, type OrdererSigner } from "../../chain/block-signing.ts";
import { serializedIdentity } from "../../chain/serialized-identity.ts";
import { createTransaction } from "../../chain/transaction.ts";

const FOLDER = new URL("../golden/simulation/", import.meta.url);

/** The channel of all simulations; its genesis is a file, since certificates cannot be made twice alike. */
export const SIMULATION_CHANNEL = "simulation";

/** The genesis block of the simulations' channel. */
export function simulationGenesis(): Block {
  return Block.parse(new Uint8Array(readFileSync(new URL("genesis.block", FOLDER))));
}

/**
 * Makes real Fabric blocks for simulations: always the same bytes for the same calls, because its signatures have no
 * randomness (RFC 6979).
 */
export class SimulatedOrderer {
  readonly #signer: OrdererSigner = simulationSigner();
  #tip: Block = simulationGenesis();

  /** The newest block. */
  get tip(): Block {
    return this.#tip;
  }

  /** The next block, with one transaction of about this many bytes. */
  next(transactionBytes = 1_000): Block {
    this.#tip = this.sibling(this.#tip, transactionBytes);
    return this.#tip;
  }

  /** A valid successor of `previous` that this orderer does not go on from: what a lying orderer would sign too. */
  sibling(previous: Block, transactionBytes = 1_000, fill = 7): Block {
    const payload = new Uint8Array(transactionBytes).fill(fill);
    const number = previous.number + 1;
    const nonce = new Uint8Array(24).fill(number);
    const stamp = { timestampMs: 1_767_225_600_000 + number, nonce };
    const transactions = [createTransaction(SIMULATION_CHANNEL, payload, this.#signer, stamp)];
    const previousHash = Buffer.from(previous.hash, "hex");
    return signBlock({ number, previousHash, transactions, lastConfig: 0, consensus: "raft", nonce }, [
      this.#signer,
    ]);
  }
}

function simulationSigner(): OrdererSigner {
  const certificate = readFileSync(new URL("orderer-cert.pem", FOLDER), "utf8");
  const key = createPrivateKey(readFileSync(new URL("orderer-key.pem", FOLDER), "utf8")).export({
    format: "jwk",
  });
  const secret = new Uint8Array(Buffer.from(key.d ?? "", "base64url"));
  return {
    identity: serializedIdentity("OrdererMSP", certificate),
    sign: (bytes) => p256.sign(bytes, secret, { lowS: true, format: "der" }),
  };
}
