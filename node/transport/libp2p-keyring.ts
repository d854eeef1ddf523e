import { Buffer } from "node:buffer";
import { createPrivateKey, createPublicKey, randomBytes, sign, verify, type KeyObject } from "node:crypto";
import type { Ed25519PrivateKey } from "@libp2p/interface";
import { peerIdFromPrivateKey, peerIdFromString } from "@libp2p/peer-id";
import type { Keyring, PeerId } from "../../gossip/ports.ts";
import { BoundedMap } from "../bounded-map.ts";

/** More than the members of any network this is made for; a key that was forgotten is read again. */
const KEYS_MAX = 4096;

const SEED_BYTES = 32;
const NONCE_BYTES = 32;

/** The peer's libp2p key, and the public keys in the ids of the others. Ed25519 (RFC 8032). */
export class Libp2pKeyring implements Keyring {
  readonly self: PeerId;
  readonly #privateKey: KeyObject;
  readonly #publicKeys = new BoundedMap<PeerId, KeyObject>(KEYS_MAX);

  constructor(privateKey: Ed25519PrivateKey) {
    this.self = peerIdFromPrivateKey(privateKey).toString() as PeerId;
    const d = base64url(privateKey.raw.subarray(0, SEED_BYTES));
    const jwk = { kty: "OKP", crv: "Ed25519", d, x: base64url(privateKey.publicKey.raw) };
    this.#privateKey = createPrivateKey({ key: jwk, format: "jwk" });
  }

  sign(bytes: Uint8Array): Uint8Array {
    return sign(undefined, bytes, this.#privateKey);
  }

  nonce(): Uint8Array {
    return new Uint8Array(randomBytes(NONCE_BYTES));
  }

  verify(peer: PeerId, bytes: Uint8Array, signature: Uint8Array): boolean {
    const key = this.#publicKeys.get(peer) ?? this.#remember(peer);
    return key !== undefined && verify(undefined, bytes, key, signature);
  }

  #remember(peer: PeerId): KeyObject | undefined {
    const key = publicKey(peer);
    if (key !== undefined) this.#publicKeys.set(peer, key);
    return key;
  }
}

function publicKey(peer: PeerId): KeyObject | undefined {
  try {
    const id = peerIdFromString(peer);
    // One key has several text forms, but only this one is what the transport calls the peer.
    if (id.type !== "Ed25519" || id.toString() !== peer) return undefined;
    const jwk = { kty: "OKP", crv: "Ed25519", x: base64url(id.publicKey.raw) };
    return createPublicKey({ key: jwk, format: "jwk" });
  } catch {
    return undefined;
  }
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}
