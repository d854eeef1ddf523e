import { generateKeyPairSync, verify, X509Certificate } from "node:crypto";
import { chmodSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import identitiesPb from "@hyperledger/fabric-protos/lib/msp/identities_pb.js";
import { expect, test } from "vitest";
import { CertificateAuthority, type Credential } from "../../node/msp/certificate-authority.ts";
import { mspSigner, readMspFolder, writeMspFolder } from "../../node/msp/msp-folder.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const authority = await CertificateAuthority.create("Org1");
const root = authority.credential.certificate;
const peer = await authority.issue({ commonName: "peer0", role: "peer" });
const other = await authority.issue({ commonName: "peer1", role: "peer" });

/** A folder that `writeMspFolder` wrote, to be spoiled by the test. */
function mspFolder(credential: Credential = peer): { readonly path: string } & Disposable {
  const folder = temporaryDirectory();
  writeMspFolder(folder.path, credential, root);
  return folder;
}

/** Matches the NodeError of a folder that is refused with these words. */
function refused(message: string): Error {
  return expect.objectContaining({
    name: "NodeError",
    code: "MSP_INVALID",
    message: expect.stringContaining(message),
  });
}

test("what is written is read back", () => {
  using folder = mspFolder();
  const msp = readMspFolder(folder.path);
  expect(msp.certificate).toBe(peer.certificate);
  expect(msp.rootCertificates).toEqual([root]);
  expect(msp.intermediateCertificates).toEqual([]);
  expect(msp.revocationLists).toEqual([]);
  expect(msp.warnings).toEqual([]);
});

test("keys are written for their owner's eyes only", () => {
  using folder = mspFolder();
  expect(statSync(join(folder.path, "keystore", "priv_sk")).mode & 0o777).toBe(0o600);
});

test("an existing folder is not written over", () => {
  using folder = mspFolder();
  expect(() => writeMspFolder(folder.path, other, root)).toThrow(
    expect.objectContaining({ code: "FILE_UNWRITABLE" }),
  );
  expect(readMspFolder(folder.path).certificate).toBe(peer.certificate);
});

test("file names do not matter, and other folders beside are left alone", () => {
  using folder = mspFolder();
  renameSync(
    join(folder.path, "signcerts/cert.pem"),
    join(folder.path, "signcerts/peer0.example.org-cert.pem"),
  );
  renameSync(join(folder.path, "keystore/priv_sk"), join(folder.path, "keystore/0123abcd_sk"));
  mkdirSync(join(folder.path, "tlscacerts"));
  mkdirSync(join(folder.path, "signcerts", "old"));
  writeFileSync(join(folder.path, "IssuerPublicKey"), "something of fabric-ca");
  expect(readMspFolder(folder.path).certificate).toBe(peer.certificate);
});

test("of several keys the one that fits the certificate is taken", () => {
  using folder = mspFolder();
  writeFileSync(join(folder.path, "keystore", "a_sk"), other.privateKey, { mode: 0o600 });
  const signer = mspSigner(readMspFolder(folder.path), "Org1MSP");
  const bytes = Buffer.from("signed");
  expect(verify("sha256", bytes, new X509Certificate(peer.certificate).publicKey, signer.sign(bytes))).toBe(
    true,
  );
});

test("the signer names the certificate as Fabric does", () => {
  using folder = mspFolder();
  const { identity } = mspSigner(readMspFolder(folder.path), "Org1MSP");
  const read = identitiesPb.SerializedIdentity.deserializeBinary(identity);
  expect(read.getMspid()).toBe("Org1MSP");
  expect(Buffer.from(read.getIdBytes_asU8()).toString()).toBe(peer.certificate);
});

test("a key that others can read is taken with a warning that names it and its mode", () => {
  using folder = mspFolder();
  const key = join(folder.path, "keystore", "priv_sk");
  chmodSync(key, 0o644);
  const { warnings } = readMspFolder(folder.path);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain(`${key} has mode 0644`);
});

test.each(["signcerts", "keystore", "cacerts"])("a folder without %s is refused", (part) => {
  using folder = mspFolder();
  rmSync(join(folder.path, part), { recursive: true });
  expect(() => readMspFolder(folder.path)).toThrow(refused(`${part} has no`));
  mkdirSync(join(folder.path, part));
  expect(() => readMspFolder(folder.path)).toThrow(refused(`${part} has no`));
});

test("two certificates in signcerts are refused, and both named", () => {
  using folder = mspFolder();
  writeFileSync(join(folder.path, "signcerts", "another.pem"), other.certificate);
  expect(() => readMspFolder(folder.path)).toThrow(refused("signcerts has more than one file"));
  expect(() => readMspFolder(folder.path)).toThrow(refused("another.pem"));
});

test("a key that does not fit the certificate is refused", () => {
  using folder = mspFolder({ certificate: peer.certificate, privateKey: other.privateKey });
  expect(() => readMspFolder(folder.path)).toThrow(
    refused("no key in keystore fits the certificate in signcerts"),
  );
});

test("files that are no certificate or no key are refused by name", () => {
  using folder = mspFolder();
  writeFileSync(join(folder.path, "cacerts", "ca-cert.pem"), "nonsense");
  expect(() => readMspFolder(folder.path)).toThrow(refused("cacerts/ca-cert.pem holds no X.509 certificate"));
  writeFileSync(join(folder.path, "keystore", "priv_sk"), "nonsense");
  expect(() => readMspFolder(folder.path)).toThrow(
    refused("keystore/priv_sk holds no unencrypted private key"),
  );
  writeFileSync(join(folder.path, "signcerts", "cert.pem"), "nonsense");
  expect(() => readMspFolder(folder.path)).toThrow(refused("signcerts/cert.pem holds no X.509 certificate"));
});

test("an encrypted key is refused, not asked about", () => {
  const encrypted = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({
    type: "pkcs8",
    format: "pem",
    cipher: "aes-256-cbc",
    passphrase: "secret",
  });
  using folder = mspFolder({ certificate: peer.certificate, privateKey: encrypted.toString() });
  expect(() => readMspFolder(folder.path)).toThrow(refused("no unencrypted private key"));
});

test("a folder that is not there is no MSP folder", () => {
  using folder = temporaryDirectory();
  expect(() => readMspFolder(join(folder.path, "missing"))).toThrow(refused("signcerts has no certificate"));
});
