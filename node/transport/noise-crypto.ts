import { Buffer } from "node:buffer";
import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from "node:crypto";
import type { ICryptoInterface } from "@chainsafe/libp2p-noise";
import { defaultCrypto } from "@chainsafe/libp2p-noise/crypto";

const CIPHER = "chacha20-poly1305";
const TAG_BYTES = 16;
const CIPHER_OPTIONS = { authTagLength: TAG_BYTES };

/** Below this, WebAssembly is faster than a call into OpenSSL. */
const OPENSSL_BYTES_MIN = 700;

/** Pieces that are smaller on average are put together first, since each costs a call into OpenSSL. */
const PIECE_BYTES_MIN = 4 << 10;

/** A key is made into OpenSSL's form once, which takes longer than to encrypt ten kilobytes. */
const keyObjects = new WeakMap<Uint8Array, KeyObject>();

/**
 * Noise's default functions, with a faster ChaCha20-Poly1305 (RFC 8439) for all but the smallest messages. The bytes
 * are the same. What is encrypted in several pieces comes out in as many, and is not copied.
 */
export const noiseCrypto: ICryptoInterface = {
  ...defaultCrypto,
  chaCha20Poly1305Encrypt(plaintext, nonce, ad, key) {
    if (plaintext.byteLength < OPENSSL_BYTES_MIN)
      return defaultCrypto.chaCha20Poly1305Encrypt(plaintext, nonce, ad, key);
    const cipher = createCipheriv(CIPHER, keyObject(key), nonce, CIPHER_OPTIONS);
    cipher.setAAD(ad, { plaintextLength: plaintext.byteLength });
    const pieces = piecesOf(plaintext).map((piece) => cipher.update(piece));
    cipher.final();
    pieces.push(cipher.getAuthTag());
    if (plaintext instanceof Uint8Array) return Buffer.concat(pieces);
    const ciphertext = plaintext.sublist(0, 0);
    ciphertext.appendAll(pieces);
    return ciphertext;
  },
  chaCha20Poly1305Decrypt(ciphertext, nonce, ...[ad, key, dst]) {
    if (ciphertext.byteLength < OPENSSL_BYTES_MIN)
      return defaultCrypto.chaCha20Poly1305Decrypt(ciphertext, nonce, ad, key, dst);
    const textBytes = ciphertext.byteLength - TAG_BYTES;
    const decipher = createDecipheriv(CIPHER, keyObject(key), nonce, CIPHER_OPTIONS);
    decipher.setAAD(ad, { plaintextLength: textBytes });
    decipher.setAuthTag(ciphertext.subarray(textBytes));
    if (ciphertext instanceof Uint8Array) {
      const text = decipher.update(ciphertext.subarray(0, textBytes));
      decipher.final();
      return text;
    }
    const plaintext = ciphertext.sublist(0, 0);
    for (const piece of piecesOf(ciphertext.sublist(0, textBytes))) plaintext.append(decipher.update(piece));
    decipher.final();
    return plaintext;
  },
};

type Bytes = Parameters<ICryptoInterface["chaCha20Poly1305Encrypt"]>[0];

function piecesOf(bytes: Bytes): readonly Uint8Array[] {
  if (bytes instanceof Uint8Array) return [bytes];
  const pieces = [...bytes];
  return pieces.length > 1 && bytes.byteLength < pieces.length * PIECE_BYTES_MIN
    ? [bytes.subarray()]
    : pieces;
}

function keyObject(key: Uint8Array): KeyObject {
  let object = keyObjects.get(key);
  if (object === undefined) {
    object = createSecretKey(key);
    keyObjects.set(key, object);
  }
  return object;
}
