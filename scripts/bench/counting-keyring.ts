import type { Keyring, PeerId } from "../../gossip/ports.ts";

/** Another keyring that counts the signatures it checks. */
export class CountingKeyring implements Keyring {
  readonly self: PeerId;
  readonly #keyring: Keyring;
  checks = 0;

  constructor(keyring: Keyring) {
    this.self = keyring.self;
    this.#keyring = keyring;
  }

  sign(bytes: Uint8Array): Uint8Array {
    return this.#keyring.sign(bytes);
  }

  nonce(): Uint8Array {
    return this.#keyring.nonce();
  }

  verify(peer: PeerId, bytes: Uint8Array, signature: Uint8Array): boolean {
    this.checks++;
    return this.#keyring.verify(peer, bytes, signature);
  }
}
