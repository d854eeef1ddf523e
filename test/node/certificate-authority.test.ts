import { X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { CertificateAuthority } from "../../node/msp/certificate-authority.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const authority = await CertificateAuthority.create("Org1");
const root = new X509Certificate(authority.credential.certificate);

function days(certificate: X509Certificate): number {
  return (certificate.validToDate.getTime() - certificate.validFromDate.getTime()) / DAY_MS;
}

test("the root is a CA on P-256 that signs itself and is good for ten years", () => {
  expect(root.ca).toBe(true);
  expect(root.checkIssued(root)).toBe(true);
  expect(root.verify(root.publicKey)).toBe(true);
  expect(root.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: "prime256v1" });
  expect(days(root)).toBe(3650);
});

test.each(["peer", "orderer", "client", "admin"] as const)(
  "a certificate names its role %s, and is good for a year",
  async (role) => {
    const leaf = new X509Certificate((await authority.issue({ commonName: "someone", role })).certificate);
    expect(leaf.subject.split("\n")).toEqual(["O=Org1", `OU=${role}`, "CN=someone"]);
    expect(leaf.ca).toBe(false);
    expect(leaf.checkIssued(root)).toBe(true);
    expect(leaf.verify(root.publicKey)).toBe(true);
    expect(days(leaf)).toBe(365);
    expect(leaf.validFromDate.getTime()).toBeLessThan(Date.now());
  },
);

test("no two certificates have the same number or key", async () => {
  const issued = await Promise.all(
    [1, 2, 3].map(() => authority.issue({ commonName: "same", role: "peer" })),
  );
  const certificates = issued.map(({ certificate }) => new X509Certificate(certificate));
  expect(new Set(certificates.map(({ serialNumber }) => serialNumber)).size).toBe(3);
  expect(new Set(issued.map(({ privateKey }) => privateKey)).size).toBe(3);
});
