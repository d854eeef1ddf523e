import { spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { certificateSerial } from "../../chain/certificate.ts";
import { RevocationList } from "../../chain/revocation-list.ts";
import { createIdentity } from "../../node/msp/identity.ts";
import { mspSigner, readMspFolder } from "../../node/msp/msp-folder.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const CLI = fileURLToPath(new URL("../../node/cli.ts", import.meta.url));
const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

/** Runs commands in one folder. */
function shell(cwd: string) {
  const run = (command: string, args: readonly string[]) =>
    spawnSync(command, args, { cwd, encoding: "utf8", timeout: 30_000 });
  const cert = (line: string) => {
    const { status, stdout, stderr } = run(process.execPath, [CLI, "cert", ...line.split(" ")]);
    return { status, stdout, stderr };
  };
  return {
    cert,
    /** Standard output of a command that must succeed. */
    certified: (line: string): string => {
      const outcome = cert(line);
      expect(outcome).toMatchObject({ status: 0 });
      return outcome.stdout;
    },
    /** The exit status where there is an openssl, else the expected one. */
    openssl: (line: string, expected: number): number | null =>
      hasOpenssl ? run("openssl", line.split(" ")).status : expected,
    at: (path: string): string => join(cwd, path),
  };
}

test("a certificate's life by hand: authority, request, issue, install, show, renew, revoke", () => {
  using directory = temporaryDirectory();
  const { cert, certified, openssl, at } = shell(directory.path);

  certified("ca --out Org1 --org Org1");
  certified("csr --out peer0/msp --name peer0 --org Org1 --request peer0.csr");
  const key = readFileSync(at("peer0/msp/keystore/priv_sk"), "utf8");
  expect(openssl("req -in peer0.csr -noout -verify", 0)).toBe(0);
  const issued = certified("issue peer0.csr --ca Org1 --days 90 --out peer0.pem");
  expect(issued).toContain("issued O=Org1, OU=peer, CN=peer0, serial");
  certified("install peer0.pem --msp peer0/msp");

  const msp = readMspFolder(at("peer0/msp"));
  expect(msp).toMatchObject({ role: "peer", warnings: [] });
  createIdentity(mspSigner(msp, "Org1MSP"), "peer id");
  expect(openssl("verify -CAfile Org1/ca/cert.pem peer0/msp/signcerts/cert.pem", 0)).toBe(0);
  expect(certified("show peer0/msp")).toMatch(/expires in 89 days\n[^]*revoked {3}no\nfolder {4}in order\n$/);

  const before = new X509Certificate(msp.certificate);
  certified("renew --msp peer0/msp --ca Org1");
  const after = new X509Certificate(readMspFolder(at("peer0/msp")).certificate);
  expect([after.subject, after.publicKey.equals(before.publicKey)]).toEqual([before.subject, true]);
  expect(after.validToDate > before.validToDate).toBe(true);
  expect(readdirSync(at("peer0/msp/signcerts"))).toEqual(["cert.pem"]);

  certified("revoke --name peer0 --ca Org1 --out peer0/msp/crls/crl.pem");
  const list = RevocationList.parse(readFileSync(at("Org1/msp/crls/crl.pem")));
  expect(list.isSignedBy(new X509Certificate(readFileSync(at("Org1/ca/cert.pem"))).publicKey)).toBe(true);
  expect([...list.serials].sort()).toEqual([before, after].map(certificateSerial).sort());
  const checked = "verify -crl_check -CRLfile Org1/ca/crl.pem -CAfile Org1/ca/cert.pem";
  expect(openssl(`${checked} peer0/msp/signcerts/cert.pem`, 2)).toBe(2);
  expect(JSON.parse(certified("show --json peer0/msp"))).toMatchObject({
    serial: after.serialNumber,
    role: "peer",
    msp: { revokedBy: "peer0/msp/crls/crl.pem", keyFile: "peer0/msp/keystore/priv_sk" },
  });
  expect(cert("renew --msp peer0/msp --ca Org1")).toMatchObject({ status: 1, stdout: "" });
  expect(cert("issue peer0.csr --ca Org1")).toMatchObject({ status: 1, stdout: "" });

  // Back with a new key; the old one is never touched.
  certified("csr --out peer0/msp --new-key --request again.csr");
  certified("issue again.csr --ca Org1 --out again.pem");
  certified("install again.pem --msp peer0/msp");
  expect(readMspFolder(at("peer0/msp")).warnings).toEqual([]);
  expect(readFileSync(at("peer0/msp/keystore/priv_sk"), "utf8")).toBe(key);
  for (const path of ["Org1/ca/key.pem", "peer0/msp/keystore/priv_sk", "peer0/msp/keystore/priv2_sk"])
    expect(statSync(at(path)).mode & 0o777).toBe(0o600);
}, 60_000);

test("what a command makes can go through a pipe, and no key is ever in it", () => {
  using directory = temporaryDirectory();
  const { cert, certified, at } = shell(directory.path);
  certified("ca --out Org1 --org Org1");
  const request = cert("csr --out msp --name peer0");
  expect(request.stdout).toMatch(
    /^-----BEGIN CERTIFICATE REQUEST-----\n[^-]+-----END CERTIFICATE REQUEST-----\n$/,
  );
  expect(request.stderr).toContain("made the key msp/keystore/priv_sk; it stays on this machine");
  writeFileSync(at("peer0.csr"), request.stdout);
  const issued = cert("issue peer0.csr --ca Org1 --role client");
  expect(issued.stdout).toMatch(/^(-----BEGIN CERTIFICATE-----\n[^-]+-----END CERTIFICATE-----\n){2}$/);
  expect(new X509Certificate(issued.stdout).subject.split("\n")).toEqual(["O=Org1", "OU=client", "CN=peer0"]);
  expect(`${request.stderr}${issued.stderr}`).not.toContain("PRIVATE");
}, 60_000);

test("commands that are given again change no key, and no key is written over", () => {
  using directory = temporaryDirectory();
  const { cert, certified, at } = shell(directory.path);
  certified("ca --out Org1 --org Org1");
  const authorityKey = readFileSync(at("Org1/ca/key.pem"), "utf8");
  expect(cert("ca --out Org1 --org Org1")).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("Org1/ca is there already and left as it is"),
  });
  certified("csr --out msp --name peer0 --request peer0.csr");
  const key = readFileSync(at("msp/keystore/priv_sk"), "utf8");
  certified("csr --out msp --name peer0 --request peer0.csr");
  expect(readdirSync(at("msp/keystore"))).toEqual(["priv_sk"]);
  expect(cert("issue peer0.csr --ca Org1 --out msp/keystore/priv_sk")).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("holds a private key, so nothing is written there"),
  });
  expect(readFileSync(at("msp/keystore/priv_sk"), "utf8")).toBe(key);
  expect(readFileSync(at("Org1/ca/key.pem"), "utf8")).toBe(authorityKey);
  expect(cert("csr --out other")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("has no certificate whose name could be used; give one: --name CN"),
  });
  expect(cert("csr --out other --name #x")).toMatchObject({ status: 2 });
  expect(existsSync(at("other"))).toBe(false);
}, 60_000);

test("the authorities of a network that was made can issue and revoke", () => {
  using directory = temporaryDirectory();
  const { certified, at } = shell(directory.path);
  const created = spawnSync(
    process.execPath,
    [CLI, "network", "create", "--out", at("net"), "--channel", "c", "--org", "Org1=1"],
    { timeout: 30_000 },
  );
  expect(created.status).toBe(0);
  certified("renew --msp net/peers/org1-peer0/msp --ca net/organisations/Org1");
  expect(readMspFolder(at("net/peers/org1-peer0/msp")).warnings).toEqual([]);
  const revoked = certified("revoke --name org1-peer0 --ca net/organisations/Org1 --reason superseded");
  expect(revoked.match(/^revoked /gm)).toHaveLength(2);
  expect(existsSync(at("net/organisations/Org1/msp/crls/crl.pem"))).toBe(true);
}, 60_000);
