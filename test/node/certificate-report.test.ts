import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { reportCertificate } from "../../node/msp/certificate-report.ts";
import { TestCertificate } from "../chain/test-organisation.ts";
import { cryptogenFiles, folderOf, IN_2020 } from "./msp-fixture.ts";

const root = await TestCertificate.root();
const peer = await root.issue({ name: "peer0", units: ["sales", "peer"], serialNumber: "00ab01" });
const { nowMs } = IN_2020;
const DAY_MS = 24 * 60 * 60 * 1000;

describe("of a file", () => {
  test("it says what stands in the certificate", () => {
    using folder = folderOf({ "peer.pem": `${peer.pem}${root.pem}` });
    expect(reportCertificate(join(folder.path, "peer.pem"), nowMs)).toEqual({
      file: join(folder.path, "peer.pem"),
      subject: "OU=sales, OU=peer, CN=peer0",
      commonName: "peer0",
      organisation: null,
      organisationalUnits: ["sales", "peer"],
      role: "peer",
      isAuthority: false,
      issuer: "CN=root",
      serial: "AB01",
      notBefore: "2020-01-01T00:00:00.000Z",
      notAfter: "2020-12-31T00:00:00.000Z",
      state: "valid",
      expiresInDays: 183,
      keyType: "ECDSA P-256",
    });
  });

  test("of an authority it says so", () => {
    using folder = folderOf({ "ca.pem": root.pem });
    const report = reportCertificate(join(folder.path, "ca.pem"), nowMs);
    expect(report).toMatchObject({ isAuthority: true, role: null });
  });

  test.each<[words: string, offsetMs: number, state: string, days: number]>([
    ["before its last moment", -1, "valid", 0],
    ["at its end", 0, "expired", 0],
    ["the day after", DAY_MS, "expired", -1],
    ["before its beginning", -366 * DAY_MS, "not yet valid", 366],
  ])("%s the state is right", (_, offsetMs, state, expiresInDays) => {
    using folder = folderOf({ "peer.pem": peer.pem });
    const report = reportCertificate(join(folder.path, "peer.pem"), Date.parse("2020-12-31") + offsetMs);
    expect(report).toMatchObject({ state, expiresInDays });
  });

  test.each(["", "nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])(
    "that has no certificate it is refused: %j",
    (text) => {
      using folder = folderOf({ "peer.pem": text });
      expect(() => reportCertificate(join(folder.path, "peer.pem"), nowMs)).toThrow(
        expect.objectContaining({ code: "CERTIFICATE_INVALID" }),
      );
    },
  );
});

describe("of an MSP folder", () => {
  test("it says that it is in order", () => {
    using folder = folderOf(cryptogenFiles(peer, root));
    expect(reportCertificate(folder.path, nowMs).msp).toEqual({
      keyFile: join(folder.path, "keystore", "priv_sk"),
      revokedBy: null,
      problem: null,
      warnings: [],
    });
  });

  test("it names the list that revokes the certificate", async () => {
    const list = await root.revoke(peer);
    using folder = folderOf({ ...cryptogenFiles(peer, root), "crls/crl.pem": list });
    expect(reportCertificate(folder.path, nowMs).msp).toMatchObject({
      revokedBy: join(folder.path, "crls", "crl.pem"),
      problem: expect.stringContaining("the certificate is revoked"),
    });
  });

  test("a list of another CA revokes nothing", async () => {
    const other = await TestCertificate.root();
    using folder = folderOf({ ...cryptogenFiles(peer, root), "crls/crl.pem": await other.revoke(peer) });
    expect(reportCertificate(folder.path, nowMs).msp).toMatchObject({ revokedBy: null, problem: null });
  });

  test("it says that no key fits, and what a peer would say", async () => {
    const other = await root.issue();
    using folder = folderOf(cryptogenFiles(peer, root));
    writeFileSync(join(folder.path, "keystore", "priv_sk"), other.privateKeyPem);
    expect(reportCertificate(folder.path, nowMs).msp).toMatchObject({
      keyFile: null,
      problem: expect.stringContaining("no key in keystore fits"),
    });
  });

  test("an administrator's folder is no reason to warn", async () => {
    const admin = await root.issue({ units: ["admin"] });
    using folder = folderOf(cryptogenFiles(admin, root));
    expect(reportCertificate(folder.path, nowMs)).toMatchObject({ role: "admin", msp: { warnings: [] } });
  });
});
