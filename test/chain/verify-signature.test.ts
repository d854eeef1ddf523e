import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TestCertificate, testMsp } from "./test-organisation.ts";

const root = await TestCertificate.root();
const somebody = await root.issue();
const message = Buffer.from("a message");
const sampleMsp = testMsp({ roots: [root.pem] });

describe("a signature", () => {
  test.each(["P-256", "P-384"] as const)("on %s counts with the lower s only", async (keyType) => {
    const signer = await root.issue({ keyType });
    const identity = sampleMsp.identity(signer.identity("TestMSP"));
    for (let round = 0; round < 8; round++) {
      expect(identity.verify(message, signer.sign(message, "low"))).toBe(true);
      expect(identity.verify(message, signer.sign(message, "high"))).toBe(false);
    }
  });

  test("of an Ed25519 key is over the bytes themselves", async () => {
    const signer = await root.issue({ keyType: "Ed25519" });
    const identity = sampleMsp.identity(signer.identity("TestMSP"));
    expect(identity.verify(message, signer.sign(message))).toBe(true);
    expect(identity.verify(Buffer.from("another"), signer.sign(message))).toBe(false);
  });

  test("with anything behind it, and any bytes, do not count and do not throw", () => {
    const identity = sampleMsp.identity(somebody.identity("TestMSP"));
    const good = somebody.sign(message);
    expect(identity.verify(message, Buffer.concat([good, Buffer.of(0)]))).toBe(false);
    expect(identity.verify(message, new Uint8Array(0))).toBe(false);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(identity.verify(message, bytes)).toBe(false);
      }),
    );
    fc.assert(
      fc.property(fc.nat(good.length * 8 - 1), (bit) => {
        const flipped = Uint8Array.from(good);
        flipped[bit >> 3]! ^= 1 << (bit & 7);
        expect(identity.verify(message, flipped)).toBe(false);
      }),
    );
  });
});
