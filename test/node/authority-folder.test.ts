import { createPublicKey, generateKeyPairSync, X509Certificate } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { certificateSerial } from "../../chain/certificate.ts";
import { CertificationTree } from "../../chain/certification-tree.ts";
import { RevocationList } from "../../chain/revocation-list.ts";
import { AuthorityFolder } from "../../node/msp/authority-folder.ts";
import { CertificateAuthority } from "../../node/msp/certificate-authority.ts";
import { readRevocationList } from "../../node/msp/revocation-list-signing.ts";
import { generateKeys, privateKeyPem, SIGNING_ALGORITHM } from "../../node/msp/signing-keys.ts";
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
  X509CrlReason,
} from "../../node/msp/x509.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const temporary = temporaryDirectory();
afterAll(() => temporary[Symbol.dispose]());
let folders = 0;

function freshFolder(): Promise<AuthorityFolder> {
  return AuthorityFolder.create(join(temporary.path, `Org${folders++}`), "Org1");
}

const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const request = { commonName: "peer0", organisation: undefined, publicKey };
const withdrawn = X509CrlReason.privilegeWithdrawn;

const DAY_MS = 24 * 60 * 60 * 1000;

/** An authority by another tool: it begins now, and its key identifier is none that this project would make. */
async function foreignAuthority({ notBefore = new Date(), notAfter = new Date(Date.now() + DAY_MS) } = {}) {
  const keys = await generateKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: "C=US, ST=California, O=org1.example.com, CN=ca.org1.example.com",
    keys,
    signingAlgorithm: SIGNING_ALGORITHM,
    notBefore,
    notAfter,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      new SubjectKeyIdentifierExtension("ab".repeat(32)),
    ],
  });
  return { certificate: certificate.toString("pem"), privateKey: privateKeyPem(keys.privateKey) };
}

/** Matches a NodeError of this code whose message has these words. */
function nodeError(code: string, message: string): Error {
  return expect.objectContaining({ name: "NodeError", code, message: expect.stringContaining(message) });
}

function listOf({ directory }: AuthorityFolder): RevocationList {
  const text = readFileSync(join(directory, "ca", "crl.pem"));
  expect(readFileSync(join(directory, "msp", "crls", "crl.pem"))).toEqual(text);
  return RevocationList.parse(text);
}

async function certify(folder: AuthorityFolder, more: object = {}): Promise<X509Certificate> {
  return new X509Certificate(await folder.certify({ ...request, ...more }, { role: "peer" }));
}

describe("a folder", () => {
  test("is read back by another process, its key for its owner only", async () => {
    const { directory, authority } = await freshFolder();
    expect(statSync(join(directory, "ca", "key.pem")).mode & 0o777).toBe(0o600);
    const again = await AuthorityFolder.open(directory);
    expect(again.authority.organisation).toBe("Org1");
    const certificate = await certify(again);
    expect(certificate.verify(authority.certificate.publicKey)).toBe(true);
  });

  test("is not made where there is one", async () => {
    const { directory } = await freshFolder();
    const key = readFileSync(join(directory, "ca", "key.pem"));
    await expect(AuthorityFolder.create(directory, "Org1")).rejects.toThrow(
      nodeError("FILE_UNWRITABLE", "is there already and left as it is"),
    );
    expect(readFileSync(join(directory, "ca", "key.pem"))).toEqual(key);
  });

  test("that cryptogen made is taken, with the key identifier that its tool chose", async () => {
    const directory = join(temporary.path, "cryptogen");
    const { certificate, privateKey } = await foreignAuthority();
    mkdirSync(join(directory, "ca"), { recursive: true });
    writeFileSync(join(directory, "ca", "priv_sk"), privateKey);
    writeFileSync(join(directory, "ca", "ca.org1.example.com-cert.pem"), certificate);
    const issued = await certify(await AuthorityFolder.open(directory));
    // Both look at the key identifiers and at the validity.
    expect(issued.checkIssued(new X509Certificate(certificate))).toBe(true);
    const tree = new CertificationTree({
      roots: [new X509Certificate(certificate)],
      intermediates: [],
      revocationLists: [],
    });
    expect(tree.issuerOf(issued).chain).toHaveLength(1);
    await (await AuthorityFolder.open(directory)).revoke({ certificate: issued }, withdrawn);
    const list = RevocationList.parse(readFileSync(join(directory, "ca", "crl.pem")));
    expect(list.isSignedBy(new X509Certificate(certificate).publicKey)).toBe(true);
  });

  test("whose key and certificate do not belong together is refused", async () => {
    const [{ directory }, other] = [await freshFolder(), await freshFolder()];
    writeFileSync(join(directory, "ca", "key.pem"), other.authority.credential.privateKey);
    await expect(AuthorityFolder.open(directory)).rejects.toThrow(
      nodeError("AUTHORITY_INVALID", "its key does not fit its certificate"),
    );
    const leaf = await other.issue({ commonName: "peer0", role: "peer" });
    writeFileSync(join(directory, "ca", "key.pem"), leaf.privateKey);
    writeFileSync(join(directory, "ca", "cert.pem"), leaf.certificate);
    await expect(AuthorityFolder.open(directory)).rejects.toThrow(
      nodeError("AUTHORITY_INVALID", "its certificate is not that of a certificate authority"),
    );
  });

  test("that is none is refused with what to do", async () => {
    await expect(AuthorityFolder.open(temporary.path)).rejects.toThrow(
      nodeError("AUTHORITY_INVALID", "ca has no cert.pem; name the organisation's folder"),
    );
  });
});

describe("issuing", () => {
  test("takes the name and the key of the request, and the role of whoever issues", async () => {
    const folder = await freshFolder();
    const pem = await folder.certify(request, { role: "admin", days: 7 });
    const certificate = new X509Certificate(pem);
    expect(certificate.subject.split("\n")).toEqual(["O=Org1", "OU=admin", "CN=peer0"]);
    expect(certificate.publicKey.equals(publicKey)).toBe(true);
    expect(certificate.validToDate.getTime() - certificate.validFromDate.getTime()).toBe(7 * DAY_MS);
  });

  test("is recorded by serial", async () => {
    const folder = await freshFolder();
    const first = await certify(folder);
    const { certificate: second } = await folder.issue({ commonName: "peer1", role: "peer" });
    const serials = [first.serialNumber, new X509Certificate(second).serialNumber];
    const names = readdirSync(join(folder.directory, "ca", "issued"));
    expect(names.sort()).toEqual(serials.map((serial) => `${serial}.pem`).sort());
  });

  test("is refused for another organisation's request", async () => {
    const folder = await freshFolder();
    await expect(certify(folder, { organisation: "Org2" })).rejects.toThrow(
      nodeError("CERTIFICATE_INVALID", 'is for organisation "Org2"'),
    );
    await certify(folder, { organisation: "Org1" });
  });

  test("ends with the authority at the latest", async () => {
    const short = await AuthorityFolder.create(join(temporary.path, "short"), "Org1", { days: 2 });
    const certificate = await certify(short);
    expect(certificate.validToDate).toEqual(short.authority.certificate.validToDate);
  });

  test("stops when the authority has expired", async () => {
    const now = Date.now();
    const expired = await foreignAuthority({
      notBefore: new Date(now - 2 * DAY_MS),
      notAfter: new Date(now - DAY_MS),
    });
    const authority = await CertificateAuthority.open(expired);
    await expect(authority.issue({ commonName: "peer0", role: "peer" })).rejects.toThrow(
      nodeError("AUTHORITY_INVALID", "expired on"),
    );
  });
});

describe("renewing", () => {
  test("keeps subject and key, with a number and an end of its own", async () => {
    const folder = await freshFolder();
    const before = new X509Certificate(await folder.certify(request, { role: "peer", days: 1 }));
    const after = new X509Certificate(await folder.renew(before));
    expect(after.subject).toBe(before.subject);
    expect(after.publicKey.equals(before.publicKey)).toBe(true);
    expect(after.serialNumber).not.toBe(before.serialNumber);
    expect(after.validToDate > before.validToDate).toBe(true);
    expect(after.verify(folder.authority.certificate.publicKey)).toBe(true);
  });

  test("is refused for another authority's certificate and for a revoked one", async () => {
    const [folder, other] = [await freshFolder(), await freshFolder()];
    const foreign = await certify(other);
    await expect(folder.renew(foreign)).rejects.toThrow(
      nodeError("CERTIFICATE_INVALID", "was not issued by O=Org1, CN=ca.Org1"),
    );
    const own = await certify(folder);
    await folder.revoke({ certificate: own }, withdrawn);
    await expect(folder.renew(own)).rejects.toThrow(nodeError("CERTIFICATE_INVALID", "is revoked"));
  });
});

describe("revoking", () => {
  test("puts a certificate on a list that the authority signed and the chain's reader takes", async () => {
    const folder = await freshFolder();
    const [one, other] = [await certify(folder), await certify(folder)];
    await folder.revoke({ certificate: one }, withdrawn);
    const list = listOf(folder);
    expect(list.isSignedBy(folder.authority.certificate.publicKey)).toBe(true);
    expect([...list.serials]).toEqual([certificateSerial(one)]);
    expect(list.serials.has(certificateSerial(other))).toBe(false);
  });

  test("by serial takes it as people write it", async () => {
    const folder = await freshFolder();
    const certificate = await certify(folder);
    const written = certificate.serialNumber.toLowerCase().replaceAll(/(..)(?=.)/g, "$1:");
    const { revoked } = await folder.revoke({ serial: written }, withdrawn);
    expect(revoked.map(({ serialNumber }) => serialNumber)).toEqual([certificate.serialNumber]);
  });

  test("by name takes all of that name and no other", async () => {
    const folder = await freshFolder();
    const [first, renewed, other] = [
      await certify(folder),
      await certify(folder),
      await certify(folder, { commonName: "peer00" }),
    ];
    await folder.revoke({ commonName: "peer0" }, withdrawn);
    expect([...listOf(folder).serials].sort()).toEqual([first, renewed].map(certificateSerial).sort());
    expect(listOf(folder).serials.has(certificateSerial(other))).toBe(false);
  });

  test("adds to the list, whose number goes up, and keeps dates and reasons", async () => {
    const folder = await freshFolder();
    const [one, other] = [await certify(folder), await certify(folder)];
    const first = await folder.revoke({ certificate: one }, X509CrlReason.keyCompromise);
    const second = await folder.revoke({ certificate: other }, withdrawn);
    const [before, after] = [readRevocationList(first.list), readRevocationList(second.list)];
    expect([before.number, after.number]).toEqual([1, 2]);
    expect(after.revocations).toHaveLength(2);
    expect(after.revocations).toContainEqual(before.revocations[0]);
    expect(before.revocations[0]!.reason).toBe(X509CrlReason.keyCompromise);
  });

  test("again changes nothing", async () => {
    const folder = await freshFolder();
    const certificate = await certify(folder);
    const first = await folder.revoke({ certificate }, withdrawn);
    const again = await folder.revoke({ commonName: "peer0" }, withdrawn);
    expect(again.revoked).toEqual([]);
    expect(again.alreadyRevoked).toHaveLength(1);
    expect(again.list).toBe(first.list);
  });

  test("twice at a time is refused once, and nothing that was revoked is lost", async () => {
    const folder = await freshFolder();
    const certificates = [await certify(folder), await certify(folder)];
    const outcomes = await Promise.allSettled(
      certificates.map((certificate) => folder.revoke({ certificate }, withdrawn)),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect([...listOf(folder).serials]).toEqual([certificateSerial(certificates[0]!)]);
    await folder.revoke({ certificate: certificates[1]! }, withdrawn);
    expect(listOf(folder).serials.size).toBe(2);
  });

  test("shuts out the key, unless the certificate was only superseded", async () => {
    const folder = await freshFolder();
    await folder.revoke({ certificate: await certify(folder) }, X509CrlReason.superseded);
    const certificate = await certify(folder);
    await folder.revoke({ certificate }, X509CrlReason.keyCompromise);
    await expect(certify(folder)).rejects.toThrow(
      nodeError("CERTIFICATE_INVALID", `revoked certificate with serial ${certificate.serialNumber}`),
    );
    const fresh = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
    await certify(folder, { publicKey: createPublicKey(fresh) });
  });

  test("is refused for what the authority never issued", async () => {
    const [folder, other] = [await freshFolder(), await freshFolder()];
    await expect(folder.revoke({ commonName: "peer0" }, withdrawn)).rejects.toThrow(
      nodeError("CERTIFICATE_INVALID", "has no certificate with the name peer0"),
    );
    await expect(folder.revoke({ serial: "01" }, withdrawn)).rejects.toThrow(
      nodeError("CERTIFICATE_INVALID", "has no certificate with the serial 01"),
    );
    await expect(folder.revoke({ certificate: await certify(other) }, withdrawn)).rejects.toThrow(
      nodeError("CERTIFICATE_INVALID", "was not issued by"),
    );
  });

  test("never begins a new list where the old one cannot be read", async () => {
    const folder = await freshFolder();
    const certificate = await certify(folder);
    const path = join(folder.directory, "ca", "crl.pem");
    writeFileSync(path, "damaged");
    await expect(folder.revoke({ certificate }, withdrawn)).rejects.toThrow(
      nodeError("AUTHORITY_INVALID", `${path} cannot be read`),
    );
    expect(readFileSync(path, "utf8")).toBe("damaged");
  });
});
