import { defaultCrypto } from "@chainsafe/libp2p-noise/crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { noiseCrypto } from "../../node/transport/noise-crypto.ts";

const KEY = new Uint8Array(32).fill(7);
const NO_DATA = new Uint8Array(0);

/** Around where another implementation takes over, and around a full Noise message. */
const SIZES = fc.oneof(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 65_000, max: 65_519 }));

test("What one side encrypts, Noise's default functions decrypt, and the other way round", () => {
  fc.assert(
    fc.property(SIZES, fc.uint8Array({ minLength: 12, maxLength: 12 }), (size, nonce) => {
      const plaintext = Uint8Array.from({ length: size }, (_, index) => index % 251);
      for (const [from, to] of [
        [noiseCrypto, defaultCrypto],
        [defaultCrypto, noiseCrypto],
      ] as const) {
        const sealed = from.chaCha20Poly1305Encrypt(plaintext, nonce, NO_DATA, KEY).slice();
        const opened = to.chaCha20Poly1305Decrypt(sealed, nonce, NO_DATA, KEY, new Uint8Array(size));
        expect(Buffer.compare(opened.subarray(), plaintext)).toBe(0);
      }
    }),
  );
});

test.each([100, 5000])("A flipped bit in %i bytes is noticed", (size) => {
  const nonce = new Uint8Array(12);
  const sealed = noiseCrypto.chaCha20Poly1305Encrypt(new Uint8Array(size), nonce, NO_DATA, KEY).slice();
  for (const index of [0, size - 1, size, size + 15]) {
    const forged = Uint8Array.from(sealed);
    forged[index]! ^= 1;
    expect(() =>
      noiseCrypto.chaCha20Poly1305Decrypt(forged, nonce, NO_DATA, KEY, new Uint8Array(size)),
    ).toThrow();
  }
});
