import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readMspFolder } from "../../node/msp/msp-folder.ts";
import { TestCertificate } from "../chain/test-organisation.ts";
import { cryptogenFiles, fabricCaFiles, folderOf, IN_2020, nodeOus } from "./msp-fixture.ts";

const root = await TestCertificate.root();
const otherRoot = await TestCertificate.root({ name: "other root" });
const intermediate = await root.issue({ name: "intermediate", isCa: true });
const peer = await root.issue({ name: "peer0", units: ["peer"] });
const belowIntermediate = await intermediate.issue({ name: "peer1", units: ["org1", "peer"] });

/** Matches the NodeError of a folder that is refused with these words. */
function refused(message: string): Error {
  return expect.objectContaining({
    name: "NodeError",
    code: "MSP_INVALID",
    message: expect.stringContaining(message),
  });
}

describe("layouts", () => {
  test("cryptogen's is read without a warning, and the role told", () => {
    using folder = folderOf(cryptogenFiles(peer, root));
    expect(readMspFolder(folder.path, IN_2020)).toMatchObject({
      certificate: peer.pem,
      role: "peer",
      rootCertificates: [root.pem],
      warnings: [],
    });
  });

  test("fabric-ca's with an intermediate CA is read; without config.yaml nobody has a role", () => {
    using folder = folderOf(fabricCaFiles(belowIntermediate, { root, intermediate }));
    expect(readMspFolder(folder.path, IN_2020)).toMatchObject({
      role: undefined,
      rootCertificates: [root.pem],
      intermediateCertificates: [intermediate.pem],
      warnings: [],
    });
  });

  test("the old style with admincerts is taken, whatever is in them", () => {
    using folder = folderOf({ ...cryptogenFiles(peer, root), "admincerts/Admin@org1-cert.pem": "nonsense" });
    expect(readMspFolder(folder.path, IN_2020).warnings).toEqual([]);
  });

  test("files that begin with a dot are not there", () => {
    using folder = folderOf({ ...cryptogenFiles(peer, root), "signcerts/.cert.pem.part": "half a cert" });
    expect(readMspFolder(folder.path, IN_2020).certificate).toBe(peer.pem);
  });
});

describe("the certificate's CAs", () => {
  test("a certificate of another CA is refused", async () => {
    const stranger = await otherRoot.issue({ units: ["peer"] });
    using folder = folderOf(cryptogenFiles(stranger, root));
    expect(() => readMspFolder(folder.path, IN_2020)).toThrow(
      refused(
        "does not vouch for the certificate in its signcerts: the certificate chains to no root of the organisation",
      ),
    );
  });

  test("a certificate whose intermediate CA is missing is refused", () => {
    const { "intermediatecerts/localhost-7054.pem": _, ...files } = fabricCaFiles(belowIntermediate, {
      root,
      intermediate,
    });
    using folder = folderOf(files);
    expect(() => readMspFolder(folder.path, IN_2020)).toThrow(refused("chains to no root"));
  });

  test("an intermediate CA of another root is refused", async () => {
    const stray = await otherRoot.issue({ name: "stray", isCa: true });
    using folder = folderOf({ ...cryptogenFiles(peer, root), "intermediatecerts/stray.pem": stray.pem });
    expect(() => readMspFolder(folder.path, IN_2020)).toThrow(
      refused("its CAs do not fit together: 1 intermediate certificates chain to no root"),
    );
  });

  test("a certificate that the folder's own list revokes is refused, one of another serial is not", async () => {
    const other = await root.issue();
    using folder = folderOf({ ...cryptogenFiles(peer, root), "crls/crl.pem": await root.revoke(other) });
    expect(readMspFolder(folder.path, IN_2020).revocationLists).toHaveLength(1);
    writeFileSync(join(folder.path, "crls", "crl.pem"), await root.revoke(other, peer));
    expect(() => readMspFolder(folder.path, IN_2020)).toThrow(refused("the certificate is revoked"));
  });

  test("a list that none of the CAs signed revokes nobody, with a warning that names it", async () => {
    using folder = folderOf({ ...cryptogenFiles(peer, root), "crls/crl.pem": await otherRoot.revoke(peer) });
    expect(readMspFolder(folder.path, IN_2020).warnings).toEqual([
      `the revocation list ${join(folder.path, "crls", "crl.pem")} is signed by none of the folder's CAs, so it counts for nothing`,
    ]);
  });

  test("a list that cannot be read is refused by name", () => {
    using folder = folderOf({ ...cryptogenFiles(peer, root), "crls/crl.pem": "nonsense" });
    expect(() => readMspFolder(folder.path, IN_2020)).toThrow(
      refused("crls/crl.pem holds no revocation list"),
    );
  });
});

describe("roles", () => {
  const unsettling: readonly (readonly [what: string, units: readonly string[], words: string])[] = [
    ["of an administrator", ["admin"], "is that of a role admin, not peer"],
    ["without a role", ["sales"], "has no organisational unit that names a role"],
    ["without any unit", [], "has no organisational unit that names a role"],
  ];
  test.each(unsettling)("a certificate %s is taken with a warning", async (_, units, words) => {
    const holder = await root.issue({ units });
    using folder = folderOf(cryptogenFiles(holder, root));
    const { warnings } = readMspFolder(folder.path, IN_2020);
    expect(warnings).toEqual([expect.stringContaining(words)]);
  });

  test("an orderer's folder may be an orderer's", async () => {
    const holder = await root.issue({ units: ["orderer"] });
    using folder = folderOf(cryptogenFiles(holder, root));
    expect(readMspFolder(folder.path, { ...IN_2020, role: "orderer" })).toMatchObject({
      role: "orderer",
      warnings: [],
    });
  });

  test("a certificate of several roles is refused", async () => {
    const holder = await root.issue({ units: ["peer", "admin"] });
    using folder = folderOf(cryptogenFiles(holder, root));
    expect(() => readMspFolder(folder.path, IN_2020)).toThrow(
      refused("the certificate has 2 organizational units that name a role, not one"),
    );
  });

  test("a unit counts only from the CA that config.yaml names", () => {
    using folder = folderOf({
      ...fabricCaFiles(belowIntermediate, { root, intermediate }),
      "config.yaml": nodeOus("cacerts/localhost-7054.pem"),
    });
    expect(() => readMspFolder(folder.path, IN_2020)).toThrow(
      refused("organizational unit peer is certified by another CA than it must be"),
    );
    writeFileSync(join(folder.path, "config.yaml"), nodeOus("intermediatecerts/localhost-7054.pem"));
    expect(readMspFolder(folder.path, IN_2020).role).toBe("peer");
  });

  test("a certificate that config.yaml names and that is not there limits nothing, as in Fabric", () => {
    using folder = folderOf({ ...cryptogenFiles(peer, root), "config.yaml": nodeOus("cacerts/gone.pem") });
    expect(readMspFolder(folder.path, IN_2020).role).toBe("peer");
  });

  test("units can have other names, or be switched off", () => {
    const settings = nodeOus("").replace("Identifier: peer", "Identifier: node");
    using folder = folderOf({ ...cryptogenFiles(peer, root), "config.yaml": settings });
    expect(readMspFolder(folder.path, IN_2020)).toMatchObject({ role: undefined });
    writeFileSync(join(folder.path, "config.yaml"), settings.replace("Enable: true", "Enable: false"));
    expect(readMspFolder(folder.path, IN_2020)).toMatchObject({ role: undefined, warnings: [] });
  });

  test("a certificate without the units that the organisation lists is refused", () => {
    const settings =
      "OrganizationalUnitIdentifiers:\n  - Certificate: cacerts/ca.org1.example.com-cert.pem\n    OrganizationalUnitIdentifier: ";
    using folder = folderOf({ ...cryptogenFiles(peer, root), "config.yaml": `${settings}peer\n` });
    expect(readMspFolder(folder.path, IN_2020).warnings).toEqual([]);
    writeFileSync(join(folder.path, "config.yaml"), `${settings}commercial\n`);
    expect(() => readMspFolder(folder.path, IN_2020)).toThrow(
      refused("the certificate has none of the organisation's organizational units"),
    );
  });

  test.each([": : :", "NodeOUs: yes please", "NodeOUs:\n  Enable: 7"])(
    "a config.yaml that cannot be used is refused by name: %j",
    (text) => {
      using folder = folderOf({ ...cryptogenFiles(peer, root), "config.yaml": text });
      expect(() => readMspFolder(folder.path, IN_2020)).toThrow(refused("config.yaml cannot be used"));
    },
  );
});

describe("time", () => {
  test("an expired certificate is taken with a warning that has the date", () => {
    using folder = folderOf(cryptogenFiles(peer, root));
    const nowMs = peer.certificate.notAfter.getTime();
    expect(readMspFolder(folder.path, { nowMs: nowMs - 1 }).warnings).toEqual([]);
    expect(readMspFolder(folder.path, { nowMs }).warnings).toEqual([
      expect.stringContaining("expired on 2020-12-31T00:00:00.000Z"),
    ]);
  });

  test("so is one that is not valid yet", () => {
    using folder = folderOf(cryptogenFiles(peer, root));
    const nowMs = peer.certificate.notBefore.getTime();
    expect(readMspFolder(folder.path, { nowMs }).warnings).toEqual([]);
    expect(readMspFolder(folder.path, { nowMs: nowMs - 1 }).warnings).toEqual([
      expect.stringContaining("is not valid before 2020-01-01T00:00:00.000Z"),
    ]);
  });
});
