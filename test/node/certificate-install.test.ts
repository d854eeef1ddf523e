import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { installCertificate } from "../../node/msp/certificate-install.ts";
import { readMspFolder } from "../../node/msp/msp-folder.ts";
import { TestCertificate } from "../chain/test-organisation.ts";
import { cryptogenFiles, folderOf, IN_2020, nodeOus } from "./msp-fixture.ts";

const root = await TestCertificate.root();
const otherRoot = await TestCertificate.root({ name: "other root" });
const intermediate = await root.issue({ name: "intermediate", isCa: true });
const peer = await root.issue({ name: "peer0", units: ["peer"] });
const renewed = await root.reissue(peer, { name: "peer0", units: ["peer"] });
const moved = await otherRoot.reissue(peer, { name: "peer0", units: ["peer"] });

const x509 = ({ pem }: TestCertificate) => new X509Certificate(pem);

function bundle(
  certificate: TestCertificate,
  {
    others = [],
    trusted = [],
  }: { readonly others?: TestCertificate[]; readonly trusted?: TestCertificate[] } = {},
) {
  return { certificate: x509(certificate), others: others.map(x509), trusted: trusted.map(x509) };
}

/** Matches a NodeError of this code whose message has these words. */
function nodeError(code: string, message: string): Error {
  return expect.objectContaining({ name: "NodeError", code, message: expect.stringContaining(message) });
}

const keyOnly = () => folderOf({ "keystore/priv_sk": peer.privateKeyPem });

describe("a folder that has only a key", () => {
  test("becomes usable by one file with the certificate and its root", () => {
    using folder = keyOnly();
    installCertificate(folder.path, bundle(peer, { others: [root] }));
    expect(readMspFolder(folder.path, IN_2020)).toMatchObject({ role: "peer", warnings: [] });
  });

  test("becomes usable below an intermediate CA", async () => {
    const holder = await intermediate.reissue(peer, { units: ["peer"] });
    using folder = keyOnly();
    installCertificate(folder.path, bundle(holder, { others: [intermediate], trusted: [root] }));
    expect(readMspFolder(folder.path, IN_2020)).toMatchObject({
      rootCertificates: [root.pem],
      intermediateCertificates: [intermediate.pem],
    });
  });

  test("stays as it is where the root is missing", () => {
    using folder = keyOnly();
    expect(() => installCertificate(folder.path, bundle(peer))).toThrow(
      nodeError("MSP_INVALID", "cacerts has no certificate"),
    );
    expect(readdirSync(folder.path)).toEqual(["keystore"]);
  });
});

describe("a folder in use", () => {
  test("gets the new certificate in the place of the old one, under its name", () => {
    using folder = folderOf(cryptogenFiles(peer, root));
    installCertificate(folder.path, bundle(renewed, { others: [root] }));
    expect(readMspFolder(folder.path, IN_2020).certificate).toBe(renewed.pem);
    expect(readdirSync(join(folder.path, "signcerts"))).toEqual(["peer0.org1.example.com-cert.pem"]);
    expect(readdirSync(join(folder.path, "cacerts"))).toHaveLength(1);
    // Nothing is left of the way there.
    expect(readdirSync(folder.path).filter((name) => name.startsWith("."))).toEqual([]);
  });

  test("does not trust a root because it came along", () => {
    using folder = folderOf({ ...cryptogenFiles(peer, root), "config.yaml": nodeOus("") });
    expect(() => installCertificate(folder.path, bundle(moved, { others: [otherRoot] }))).toThrow(
      nodeError(
        "CERTIFICATE_INVALID",
        "chains to no root of the organisation; if the organisation has a new CA, name its certificate: --ca-cert",
      ),
    );
    expect(readMspFolder(folder.path, IN_2020)).toMatchObject({
      certificate: peer.pem,
      rootCertificates: [root.pem],
    });
  });

  test("trusts a root that the operator names, beside the old one", () => {
    using folder = folderOf({ ...cryptogenFiles(peer, root), "config.yaml": nodeOus("") });
    installCertificate(folder.path, bundle(moved, { trusted: [otherRoot, otherRoot] }));
    const { certificate, rootCertificates } = readMspFolder(folder.path, IN_2020);
    expect(certificate).toBe(moved.pem);
    expect([...rootCertificates].sort()).toEqual([root.pem, otherRoot.pem].sort());
  });

  test("refuses what its config.yaml would not let it use", () => {
    using folder = folderOf(cryptogenFiles(peer, root));
    expect(() => installCertificate(folder.path, bundle(moved, { trusted: [otherRoot] }))).toThrow(
      nodeError(
        "CERTIFICATE_INVALID",
        "by its config.yaml organizational unit peer is certified by another CA",
      ),
    );
    expect(readMspFolder(folder.path, IN_2020).certificate).toBe(peer.pem);
  });

  test("refuses a certificate whose key it does not have", async () => {
    const stranger = await root.issue({ units: ["peer"] });
    using folder = folderOf(cryptogenFiles(peer, root));
    expect(() => installCertificate(folder.path, bundle(stranger))).toThrow(
      nodeError("MSP_INVALID", "no key in keystore fits"),
    );
    expect(readMspFolder(folder.path, IN_2020).certificate).toBe(peer.pem);
  });

  test("refuses a certificate that its own list revokes", async () => {
    const other = await root.reissue(peer, { units: ["peer"] });
    using folder = folderOf({ ...cryptogenFiles(peer, root), "crls/crl.pem": await root.revoke(other) });
    expect(() => installCertificate(folder.path, bundle(other))).toThrow(
      nodeError("CERTIFICATE_INVALID", "the certificate is revoked"),
    );
  });

  test("keeps its config.yaml, and its key's file", () => {
    using folder = folderOf(cryptogenFiles(peer, root));
    const before = ["config.yaml", "keystore/priv_sk"].map((name) => readFileSync(join(folder.path, name)));
    installCertificate(folder.path, bundle(renewed));
    const after = ["config.yaml", "keystore/priv_sk"].map((name) => readFileSync(join(folder.path, name)));
    expect(after).toEqual(before);
  });
});

/** Installs one certificate and the other in turn, thirty times each. */
const INSTALLER = `
  const { workerData } = require("node:worker_threads");
  const { X509Certificate } = require("node:crypto");
  import(workerData.module).then(({ installCertificate }) => {
    for (let i = 0; i < 30; i++)
      for (const pem of workerData.pems)
        installCertificate(workerData.directory, { certificate: new X509Certificate(pem), others: [], trusted: [] });
  });`;

test("a reader that looks at any moment sees one certificate, the old or the new one", async () => {
  using folder = folderOf(cryptogenFiles(peer, root));
  const worker = new Worker(INSTALLER, {
    eval: true,
    workerData: {
      module: new URL("../../node/msp/certificate-install.ts", import.meta.url).href,
      pems: [renewed.pem, peer.pem],
      directory: folder.path,
    },
  });
  const exit = once(worker, "exit");
  const over = exit.then(() => true);
  const seen = new Set<string>();
  do {
    seen.add(readMspFolder(folder.path, IN_2020).certificate);
    // Fabric's readers take every file there, whatever its name.
    expect(readdirSync(join(folder.path, "signcerts"))).toHaveLength(1);
  } while (!(await Promise.race([over, setImmediate(false)])));
  expect(await exit).toEqual([0]);
  expect([...seen].sort()).toEqual([peer.pem, renewed.pem].sort());
});
