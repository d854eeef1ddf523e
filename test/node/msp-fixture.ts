import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { TestCertificate } from "../chain/test-organisation.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

/** In the middle of the year for which test certificates are valid. */
export const IN_2020 = { nowMs: Date.parse("2020-07-01T00:00:00Z") };

/** cryptogen's `config.yaml`, whose units must come from this CA. */
export function nodeOus(certifier: string): string {
  const roles = ["Client", "Peer", "Admin", "Orderer"];
  return `NodeOUs:\n  Enable: true\n${roles
    .map(
      (role) =>
        `  ${role}OUIdentifier:\n    Certificate: ${certifier}\n    OrganizationalUnitIdentifier: ${role.toLowerCase()}\n`,
    )
    .join("")}`;
}

/** A folder with these files, keys readable by their owner only. */
export function folderOf(files: Readonly<Record<string, string>>): { readonly path: string } & Disposable {
  const folder = temporaryDirectory();
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder.path, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { mode: name.startsWith("keystore/") ? 0o600 : 0o644 });
  }
  return folder;
}

/** The files that `cryptogen generate` of Fabric 2.x writes for a peer. */
export function cryptogenFiles(
  holder: TestCertificate,
  root: TestCertificate,
): Readonly<Record<string, string>> {
  return {
    "cacerts/ca.org1.example.com-cert.pem": root.pem,
    "config.yaml": nodeOus("cacerts/ca.org1.example.com-cert.pem"),
    "keystore/priv_sk": holder.privateKeyPem,
    "signcerts/peer0.org1.example.com-cert.pem": holder.pem,
    "tlscacerts/tlsca.org1.example.com-cert.pem": root.pem,
  };
}

/** The files that `fabric-ca-client enroll` leaves where an intermediate CA answered. */
export function fabricCaFiles(
  holder: TestCertificate,
  { root, intermediate }: { readonly root: TestCertificate; readonly intermediate: TestCertificate },
): Readonly<Record<string, string>> {
  return {
    IssuerPublicKey: "\u0001 not text, and not a certificate",
    IssuerRevocationPublicKey: "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n",
    "cacerts/localhost-7054.pem": root.pem,
    "intermediatecerts/localhost-7054.pem": intermediate.pem,
    "keystore/8a1c5f0d_sk": holder.privateKeyPem,
    "signcerts/cert.pem": holder.pem,
    "user/.keep": "",
  };
}
