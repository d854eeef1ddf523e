import { X509Certificate } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { derSequence } from "../../chain/der-values.ts";
import { ChainError } from "../../chain/errors.ts";
import { Msp } from "../../chain/msp.ts";
import { lengthDelimited } from "../../chain/protobuf-fields.ts";
import { serializedIdentity } from "../../chain/serialized-identity.ts";
import {
  mspBytes,
  NODE_UNITS,
  P256_ORDER,
  rolesOrReason,
  TestCertificate,
  testMsp,
  withS,
  type CertificateOptions,
} from "./test-organisation.ts";

const root = await TestCertificate.root();
const otherRoot = await TestCertificate.root({ name: "other root" });
const intermediate = await root.issue({ name: "intermediate", isCa: true });
const lower = await intermediate.issue({ name: "lower", isCa: true });
const somebody = await root.issue();
const sampleMsp = testMsp({ roots: [root.pem] });

function configError(parse: () => unknown): string {
  try {
    parse();
  } catch (error) {
    if (error instanceof ChainError && error.code === "MALFORMED_CONFIG") return error.message;
    throw error;
  }
  return "accepted";
}

function lengthOf(pathLength: number | undefined): CertificateOptions {
  return pathLength === undefined ? {} : { pathLength };
}

describe("a certificate is the organisation's", () => {
  test("if a root issued it, and its key's signatures then count", () => {
    const identity = sampleMsp.identity(somebody.identity("TestMSP"));
    expect(identity.mspId).toBe("TestMSP");
    expect(identity.certificate.subject).toBe("CN=somebody");
    const message = Buffer.from("a message");
    expect(identity.verify(message, somebody.sign(message))).toBe(true);
    expect(identity.verify(Buffer.from("another"), somebody.sign(message))).toBe(false);
  });

  test.each<[string, CertificateOptions, string]>([
    ["although it expired long ago", {}, "member"],
    ["although it was good for two seconds only", { notAfter: new Date("2020-01-01T00:00:02Z") }, "member"],
    ["unless it ends before it begins", { notAfter: new Date("2019-01-01T00:00:00Z") }, "chains to no root"],
    ["unless it begins before its CA", { notBefore: new Date("2019-06-01T00:00:00Z") }, "chains to no root"],
    [
      "unless it begins after its CA's end",
      { notBefore: new Date("2021-06-01T00:00:00Z"), notAfter: new Date("2022-01-01T00:00:00Z") },
      "chains to no root",
    ],
    ["unless it is a CA's itself", { isCa: true }, "is that of a CA"],
    [
      "with the extended key usage of a server",
      { extendedKeyUsage: ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"] },
      "member",
    ],
    ["with any extended key usage", { extendedKeyUsage: ["2.5.29.37.0"] }, "member"],
    [
      "unless its extended key usage is that of a client alone",
      { extendedKeyUsage: ["1.3.6.1.5.5.7.3.2"] },
      "chains to no root",
    ],
    ["with a key on P-384", { keyType: "P-384" }, "member"],
    ["with an Ed25519 key", { keyType: "Ed25519" }, "member"],
    [
      "unless its key is on P-521",
      { keyType: "P-521" },
      "its key is neither ECDSA on P-256 or P-384 nor Ed25519",
    ],
  ])("%s", async (_, options, expected) => {
    expect(rolesOrReason(sampleMsp, await root.issue(options))).toContain(expected);
  });

  test("unless another CA of the same name issued it", async () => {
    const impostor = await TestCertificate.root();
    expect(rolesOrReason(sampleMsp, await impostor.issue())).toContain("chains to no root");
  });

  test("unless it names another organisation", () => {
    expect(() => sampleMsp.identity(somebody.identity("OtherMSP"))).toThrow('it is of "OtherMSP"');
  });

  test("if the lowest CA of the tree issued it, but not if one above that did", async () => {
    const msp = testMsp({ roots: [root.pem], intermediates: [lower.pem, intermediate.pem] });
    const above = "its issuer has CAs below it";
    expect(rolesOrReason(msp, await lower.issue())).toBe("member");
    expect(rolesOrReason(msp, await intermediate.issue())).toContain(above);
    expect(rolesOrReason(msp, somebody)).toContain(above);
  });

  test.each<[number | undefined, number | undefined, string]>([
    [undefined, undefined, "member"],
    [2, 1, "member"],
    [2, 0, "chains to no root"],
    [1, 1, "chains to no root"],
    [200, 200, "member"],
    [0, undefined, "1 intermediate certificates chain to no root"],
  ])(
    "if two CAs may be between it and the root: path lengths of root and intermediate %j and %j",
    async (rootLength, intermediateLength, expected) => {
      const first = await TestCertificate.root(lengthOf(rootLength));
      const second = await first.issue({ name: "second", isCa: true, ...lengthOf(intermediateLength) });
      const third = await second.issue({ name: "third", isCa: true });
      const somebodyBelow = await third.issue();
      const verdict = () =>
        rolesOrReason(testMsp({ roots: [first.pem], intermediates: [second.pem, third.pem] }), somebodyBelow);
      if (expected.startsWith("1 ")) expect(verdict).toThrow(expected);
      else expect(verdict()).toContain(expected);
    },
  );

  test("directly below a CA that may have no CA below it, and not below such a one", async () => {
    const last = await TestCertificate.root({ pathLength: 0 });
    expect(rolesOrReason(testMsp({ roots: [last.pem] }), await last.issue())).toBe("member");
    const below = await last.issue({ name: "below", isCa: true });
    const msp = testMsp({ roots: [last.pem], intermediates: [below.pem] });
    expect(rolesOrReason(msp, await below.issue())).toContain("chains to no root");
  });

  test("unless its intermediate is missing from the configuration", async () => {
    expect(rolesOrReason(sampleMsp, await intermediate.issue())).toContain("chains to no root");
  });

  test("unless two CAs of the configuration could have issued it", async () => {
    const renewed = await root.reissue(root, { name: "root", isCa: true });
    const msp = testMsp({ roots: [root.pem, renewed.pem] });
    expect(rolesOrReason(msp, somebody)).toContain("more than one chain");
    expect(rolesOrReason(testMsp({ roots: [root.pem, root.pem] }), somebody)).toBe("member");
  });

  test("although text stands before its PEM, but not 64 KiB of it, and not as DER", () => {
    const withText = serializedIdentity("TestMSP", `subject: somebody\n${somebody.pem}`);
    expect(sampleMsp.identity(withText).id).toBe(sampleMsp.identity(somebody.identity("TestMSP")).id);
    const longText = serializedIdentity("TestMSP", `${"x".repeat(1 << 16)}\n${somebody.pem}`);
    expect(() => sampleMsp.identity(longText)).toThrow("a certificate of 6");
    const der = Buffer.concat([
      lengthDelimited(1, Buffer.from("TestMSP")),
      lengthDelimited(2, Buffer.from(somebody.certificate.rawData)),
    ]);
    expect(() => sampleMsp.identity(der)).toThrow("without a certificate in PEM");
  });

  test("once, also if somebody makes a second certificate out of its CA's signature", () => {
    const raw = Buffer.from(somebody.certificate.rawData);
    // A certificate ends with the BIT STRING of the signature, which begins with the number of unused bits.
    const signature = derSequence(raw)[2]!.content.subarray(1);
    const start = raw.length - signature.length;
    const low = withS(signature, "low", P256_ORDER);
    const other = Buffer.compare(low, signature) === 0 ? withS(signature, "high", P256_ORDER) : low;
    const growth = other.length - signature.length;
    const copy = Buffer.concat([raw.subarray(0, start), other]);
    copy.writeUInt16BE(copy.readUInt16BE(2) + growth, 2);
    copy[start - 2]! += growth;
    const pem = new X509Certificate(copy).toString();
    expect(pem).not.toBe(somebody.pem);
    const identity = sampleMsp.identity(serializedIdentity("TestMSP", pem));
    expect(identity.id).toBe(sampleMsp.identity(somebody.identity("TestMSP")).id);
  });
});

describe("an MSP's configuration is refused", () => {
  test.each<[string, Parameters<typeof mspBytes>[0], string]>([
    ["of another type", { type: 1, roots: [root.pem] }, "an MSP of type 1"],
    ["without a name", { mspId: "", roots: [root.pem] }, "it has no name"],
    ["without a root", {}, "no root certificate"],
    ["with a root that is no certificate", { roots: ["nonsense"] }, "without a certificate in PEM"],
    ["with a root that is no CA", { roots: [somebody.pem] }, "not that of a CA"],
    [
      "with an intermediate that is no CA",
      { roots: [root.pem], intermediates: [somebody.pem] },
      "not that of a CA",
    ],
    [
      "with an intermediate of somebody else's",
      { roots: [otherRoot.pem], intermediates: [intermediate.pem] },
      "1 intermediate certificates chain to no root",
    ],
    [
      "with an unreadable revocation list",
      { roots: [root.pem], revocationLists: ["nonsense"] },
      "a revocation list cannot be read",
    ],
    [
      "with a unit of an unknown CA",
      { roots: [root.pem], listedUnits: [["sales", otherRoot.pem]] },
      "the certificate of organizational unit sales is not that of one of the CAs",
    ],
    [
      "with more than 128 CAs",
      { roots: [root.pem], intermediates: Array(128).fill(intermediate.pem) },
      "more than 128 CAs",
    ],
  ])("%s", (_, parts, expected) => {
    expect(configError(() => testMsp(parts))).toContain(expected);
  });
});

test("noise is a ChainError, as a configuration and as an identity", () => {
  const config = mspBytes({ roots: [root.pem], nodeUnits: NODE_UNITS });
  const identity = somebody.identity("TestMSP");
  const flips = (bytes: Uint8Array) =>
    fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, flip]) => {
      const damaged = Uint8Array.from(bytes);
      damaged[at]! ^= flip;
      return damaged;
    });
  const isChainError = (run: () => unknown) => {
    try {
      run();
    } catch (error) {
      expect(error).toBeInstanceOf(ChainError);
    }
  };
  const msp = testMsp({ roots: [root.pem] });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => isChainError(() => msp.identity(bytes))),
  );
  fc.assert(fc.property(flips(identity), (bytes) => isChainError(() => msp.identity(bytes))));
  fc.assert(fc.property(flips(config), (bytes) => isChainError(() => Msp.parse(bytes))));
});
