import { Buffer } from "node:buffer";
import { hash } from "node:crypto";
import type { Keyring, PeerId } from "../../../gossip/ports.ts";

/**
 * Signatures that cost a hash and that only the holder of the keyring makes: everybody's key can be computed from its
 * id, but nobody in the simulator does so except to verify.
 */
export class SimulatedKeyring implements Keyring {
  readonly self: PeerId;
  #nonces = 0;

  constructor(self: PeerId) {
    this.self = self;
  }

  sign(bytes: Uint8Array): Uint8Array {
    return new Uint8Array(keyedHash(this.self, bytes));
  }

  nonce(): Uint8Array {
    return new Uint8Array(keyedHash(this.self, Buffer.from(`nonce ${this.#nonces++}`)));
  }

  verify(peer: PeerId, bytes: Uint8Array, signature: Uint8Array): boolean {
    return keyedHash(peer, bytes).equals(signature);
  }
}

/** SHA-256 in one call: the membership of a thousand peers is a million signatures. */
function keyedHash(peer: PeerId, bytes: Uint8Array): Buffer {
  return hash("sha256", Buffer.concat([Buffer.from(`key of ${peer}`), bytes]), "buffer");
}
