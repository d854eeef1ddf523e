import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { p256 } from "@noble/curves/nist.js";
import { Block } from "../../../chain/block.ts";
import type { OrdererSigner } from "../../../chain/block-signing.ts";
import { serializedIdentity } from "../../../chain/serialized-identity.ts";
import { SimulatedOrderingService } from "./simulated-ordering-service.ts";

const FOLDER = new URL("./genesis/", import.meta.url);

/** The channel of all simulations; its genesis is a file, since certificates cannot be made twice alike. */
export const SIMULATION_CHANNEL = "simulation";

/** The genesis block of the simulations' channel. */
export function simulationGenesis(): Block {
  return Block.parse(new Uint8Array(readFileSync(new URL("genesis.block", FOLDER))));
}

/** Orders the channel of {@link simulationGenesis}; its signatures have no randomness (RFC 6979). */
export class SimulatedOrderer extends SimulatedOrderingService {
  constructor() {
    super({ genesis: simulationGenesis(), consensus: "raft", signers: [simulationSigner()] });
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
