// oxlint-disable-next-line import/no-unassigned-import -- @peculiar/x509 needs it loaded before itself
import "reflect-metadata";
import { spawnSync } from "node:child_process";
import { createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { X509Certificate as IssuerCertificate, X509CertificateGenerator, PemConverter } from "@peculiar/x509";
import { expect, test } from "vitest";
import { replaceFile } from "../../node/files.ts";
import { freePortBase } from "../../node/network/free-ports.ts";
import { createNetwork } from "../../node/network/network.ts";
import type { PeerProcess } from "../../node/peer/peer-process.ts";
import { submitNext } from "../../node/orderer/submission.ts";
import { allAt, allMet, eventually, Processes } from "./processes.ts";

const CLI = fileURLToPath(new URL("../../node/cli.ts", import.meta.url));
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/** The certificate in the MSP folder once more, but for its end. */
async function endingAt(msp: string, authority: string, end: Date): Promise<string> {
  const file = join(msp, "signcerts", "cert.pem");
  const old = new X509Certificate(readFileSync(file));
  const issuer = new IssuerCertificate(readFileSync(join(authority, "ca", "cert.pem"), "utf8"));
  const key = createPrivateKey(readFileSync(join(authority, "ca", "key.pem")));
  const made = await X509CertificateGenerator.create({
    serialNumber: "0102030405",
    subject: [{ O: ["Org1"] }, { OU: ["peer"] }, { CN: ["org1-peer1"] }],
    issuer: issuer.subjectName,
    publicKey: await webKey(old.publicKey, "spki", "verify"),
    signingKey: await webKey(key, "pkcs8", "sign"),
    signingAlgorithm: ALGORITHM,
    notBefore: new Date(Date.now() - 60_000),
    notAfter: end,
  });
  return `${PemConverter.encode(made.rawData, "CERTIFICATE")}\n`;
}

function webKey(key: KeyObject, type: "spki" | "pkcs8", use: "sign" | "verify"): Promise<CryptoKey> {
  const bytes = new Uint8Array(key.export({ format: "der", type }));
  return crypto.subtle.importKey(type, bytes, ALGORITHM, true, [use]);
}

test("a certificate is renewed, ends, and is renewed again while its peer and the network run", async () => {
  await using processes = new Processes();
  const portBase = (await freePortBase("127.0.0.1", 23_000, [0, 1, 2]))!;
  const out = join(processes.path, "network");
  const organisations = [
    { name: "Org1", peers: 2 },
    { name: "Org2", peers: 1 },
  ];
  const network = await createNetwork({ out, channel: "trade", organisations, consensus: "raft", portBase });
  const peers = await Promise.all(
    network.peers.map(({ name, config }) =>
      processes.start({
        name,
        genesis: [network.genesis],
        flags: ["--config", config, "--api", "127.0.0.1:0"],
      }),
    ),
  );
  const [first, subject, foreign] = peers as [PeerProcess, PeerProcess, PeerProcess];
  const witnesses = [first, foreign];
  await allMet(peers, "trade");
  const msp = join(network.peers[1]!.directory, "msp");
  const authority = join(out, "organisations", "Org1");
  const renew = () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [CLI, "cert", "renew", "--msp", msp, "--ca", authority],
      {
        encoding: "utf8",
      },
    );
    expect(status, stderr).toBe(0);
    return new X509Certificate(readFileSync(join(msp, "signcerts", "cert.pem"))).validToDate.toISOString();
  };
  const { peer } = await subject.api.status();
  const seen = async (witness: PeerProcess) =>
    (await witness.api.members()).find((member) => member.peer === peer);
  const everybodySees = (what: string, expected: object) =>
    eventually(what, async () => {
      const views = await Promise.all(witnesses.map(seen));
      return views.every((view) =>
        Object.entries(expected).every(([key, value]) => view?.[key as "state"] === value),
      );
    });

  const renewedUntil = renew();
  await everybodySees("the renewed certificate", { state: "alive", certificateExpires: renewedUntil });
  expect((await subject.api.status()).certificateExpires).toBe(renewedUntil);

  const end = new Date(Math.ceil(Date.now() / 1_000) * 1_000 + 12_000);
  replaceFile(join(msp, "signcerts", "cert.pem"), await endingAt(msp, authority, end), msp);
  await everybodySees("the one that ends soon", { state: "alive", certificateExpires: end.toISOString() });
  await everybodySees("its end", { state: "refused" });
  expect((await seen(foreign))?.reason).toContain("its certificate expired on");
  const { orderers } = network;
  await submitNext(first.api, "trade", { orderers, files: [Buffer.from("after the end")] });
  await allAt(witnesses, "trade", 2);
  expect((await subject.api.channel("trade")).height).toBe(1);
  await eventually("it says so itself", async () =>
    processes.log("org1-peer1").some(({ msg }) => msg.includes("and nobody lets it in")),
  );

  const againUntil = renew();
  await everybodySees("the certificate renewed after the end", {
    state: "alive",
    certificateExpires: againUntil,
  });
  await allAt(peers, "trade", 2);
  // What was said of it in all of that, at level info and above.
  for (const name of ["org1-peer0", "org2-peer0"]) {
    const lines = processes.log(name).filter(({ msg }) => msg.includes(peer) || msg.includes("org1-peer1"));
    expect(lines.length, lines.map(({ msg }) => msg).join("\n")).toBeLessThan(15);
  }
}, 120_000);
