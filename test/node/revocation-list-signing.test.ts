import { expect, test } from "vitest";
import { RevocationList } from "../../chain/revocation-list.ts";
import { CertificateAuthority } from "../../node/msp/certificate-authority.ts";
import { bareSerial, readRevocationList } from "../../node/msp/revocation-list-signing.ts";
import { generateKeys, SIGNING_ALGORITHM } from "../../node/msp/signing-keys.ts";
import { X509CrlGenerator, X509CrlReason } from "../../node/msp/x509.ts";

const authority = await CertificateAuthority.create("Org1");
const revocationDate = new Date("2026-01-02T03:04:05Z");
const reason = X509CrlReason.superseded;

test.each([1, 127, 128, 255, 256, 65_535, 2 ** 40])("a list's number %i is read back", async (number) => {
  const pem = await authority.revocationList({ number, revocations: [] });
  expect(readRevocationList(pem)).toEqual({ number, revocations: [] });
});

test("serials are read back whatever bit they begin with", async () => {
  const serials = ["01", "7fffffff", "80000000", "ff01"];
  const revocations = serials.map((serialNumber) => ({ serialNumber, revocationDate, reason }));
  const pem = await authority.revocationList({ number: 1, revocations });
  const { revocations: read } = readRevocationList(pem);
  expect(read.map((each) => bareSerial(each.serialNumber))).toEqual(serials.map(bareSerial));
  expect(read.every((each) => each.revocationDate.getTime() === revocationDate.getTime())).toBe(true);
  expect(RevocationList.parse(Buffer.from(pem)).serials.size).toBe(4);
});

test("no entry is lost from a list by another tool, without number, reasons or next update", async () => {
  const foreign = await X509CrlGenerator.create({
    issuer: "CN=ca",
    thisUpdate: revocationDate,
    entries: [{ serialNumber: "0a", revocationDate }],
    signingKey: (await generateKeys()).privateKey,
    signingAlgorithm: SIGNING_ALGORITHM,
  });
  expect(readRevocationList(foreign.toString("pem").replaceAll(" CRL", " X509 CRL"))).toEqual({
    number: 0,
    revocations: [{ serialNumber: "0a", revocationDate, reason: X509CrlReason.privilegeWithdrawn }],
  });
});

test("a serial is the same with colons, in lower case, with zeros before", () => {
  expect(["0x0A:1b", "a1b", "00A1B"].map(bareSerial)).toEqual(["A1B", "A1B", "A1B"]);
  expect(bareSerial("00")).toBe("0");
});
