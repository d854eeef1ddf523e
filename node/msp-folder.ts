import { createPrivateKey, createPublicKey, sign, X509Certificate, type KeyObject } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Signer } from "../chain/block-signing.ts";
import { lowS } from "../chain/low-s.ts";
import { serializedIdentity } from "../chain/serialized-identity.ts";
import type { Credential } from "./certificate-authority.ts";
import { NodeError } from "./errors.ts";
import { readText, reason, writeNewFile } from "./files.ts";

/** What a Fabric MSP folder holds for one identity. */
export interface MspFolder {
  readonly directory: string;
  /** PEM, exactly as in the file. */
  readonly certificate: string;
  readonly privateKey: KeyObject;
  /** PEM. At least one. */
  readonly rootCertificates: readonly string[];
  /** PEM. */
  readonly intermediateCertificates: readonly string[];
  /** PEM. */
  readonly revocationLists: readonly string[];
  /** Sentences on what an operator should put right although it works. */
  readonly warnings: readonly string[];
}

/**
 * Reads a Fabric MSP folder as cryptogen and fabric-ca write it: `signcerts`, `keystore`, `cacerts`, and where they
 * are there `intermediatecerts` and `crls`. File names do not matter. Of several keys, the one that fits the
 * certificate is taken. The organisation's MSP id does not stand in the folder.
 *
 * @throws NodeError `FILE_UNREADABLE`; `MSP_INVALID` where something is missing, ambiguous or does not fit together.
 */
export function readMspFolder(directory: string): MspFolder {
  const [certificate, second] = files(directory, "signcerts");
  if (certificate === undefined) throw invalid(directory, "signcerts has no certificate");
  if (second !== undefined) {
    throw invalid(
      directory,
      `signcerts has more than one file, so it is unclear which is its certificate: ${certificate.path}, ${second.path}`,
    );
  }
  const publicKey = parseCertificate(certificate).publicKey;
  requireP256(directory, publicKey);
  const key = matchingKey(directory, publicKey);
  const rootCertificates = certificates(directory, "cacerts");
  if (rootCertificates.length === 0) throw invalid(directory, "cacerts has no certificate");
  return {
    directory,
    certificate: certificate.text,
    privateKey: key.privateKey,
    rootCertificates,
    intermediateCertificates: certificates(directory, "intermediatecerts"),
    revocationLists: files(directory, "crls").map(({ text }) => text),
    warnings: exposure(key.path),
  };
}

/**
 * Writes an MSP folder for an identity: its certificate, its key (readable by the owner only), its root certificate,
 * and the `config.yaml` that makes Fabric tell roles apart by organisational unit.
 *
 * @throws NodeError `FILE_UNWRITABLE`, also where the folder has these files already.
 */
export function writeMspFolder(directory: string, credential: Credential, rootCertificate: string): void {
  writeNewFile(join(directory, "signcerts", "cert.pem"), credential.certificate);
  writeNewFile(join(directory, "keystore", "priv_sk"), credential.privateKey, { secret: true });
  writeVerifyingMspFolder(directory, rootCertificate);
}

/**
 * Writes an organisation's own MSP folder, which verifies but has no identity: its root certificate and `config.yaml`.
 *
 * @throws NodeError `FILE_UNWRITABLE`, also where the folder has these files already.
 */
export function writeVerifyingMspFolder(directory: string, rootCertificate: string): void {
  writeNewFile(join(directory, "cacerts", "ca-cert.pem"), rootCertificate);
  writeNewFile(join(directory, "config.yaml"), NODE_OUS_YAML);
}

/** Signs as the folder's identity in this organisation. */
export function mspSigner({ certificate, privateKey }: MspFolder, mspId: string): Signer {
  return {
    identity: serializedIdentity(mspId, certificate),
    sign: (bytes) => lowS(sign("sha256", bytes, privateKey)),
  };
}

const NODE_OUS_YAML = `NodeOUs:
  Enable: true
${["Client", "Peer", "Admin", "Orderer"]
  .map((role) => `  ${role}OUIdentifier:\n    OrganizationalUnitIdentifier: ${role.toLowerCase()}\n`)
  .join("")}`;

interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** The readable files of one of the folder's parts, in order of their names; none where the part is missing. */
function files(directory: string, part: string): readonly TextFile[] {
  const folder = join(directory, part);
  let names: string[];
  try {
    names = readdirSync(folder).sort();
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return [];
    throw new NodeError("FILE_UNREADABLE", `${folder} cannot be read: ${reason(cause)}`, { cause });
  }
  return names
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true)
    .map((path) => ({ path, text: readText(path, "MSP file") }));
}

function certificates(directory: string, part: string): readonly string[] {
  return files(directory, part).map((file) => {
    parseCertificate(file);
    return file.text;
  });
}

function parseCertificate({ path, text }: TextFile): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch (cause) {
    throw new NodeError("MSP_INVALID", `${path} holds no X.509 certificate: ${reason(cause)}`, { cause });
  }
}

function requireP256(directory: string, publicKey: KeyObject): void {
  const curve = publicKey.asymmetricKeyDetails?.namedCurve;
  if (curve === "prime256v1") return;
  throw invalid(
    directory,
    `its certificate's key is ${publicKey.asymmetricKeyType} ${curve ?? ""}, where ECDSA P-256 is needed to sign`,
  );
}

function matchingKey(
  directory: string,
  publicKey: KeyObject,
): { readonly path: string; readonly privateKey: KeyObject } {
  const keys = files(directory, "keystore");
  if (keys.length === 0) throw invalid(directory, "keystore has no private key");
  for (const { path, text } of keys) {
    const privateKey = parsePrivateKey(path, text);
    if (spki(privateKey) === spki(publicKey)) return { path, privateKey };
  }
  throw invalid(
    directory,
    `no key in keystore fits the certificate in signcerts; there are ${keys.length}: ${keys.map(({ path }) => path).join(", ")}`,
  );
}

function parsePrivateKey(path: string, text: string): KeyObject {
  try {
    return createPrivateKey(text);
  } catch (cause) {
    throw new NodeError("MSP_INVALID", `${path} holds no unencrypted private key in PEM: ${reason(cause)}`, {
      cause,
    });
  }
}

function spki(key: KeyObject): string {
  const publicKey = key.type === "private" ? createPublicKey(key) : key;
  return publicKey.export({ type: "spki", format: "der" }).toString("hex");
}

/** Fabric takes a key that others can read, and so do we, but not silently. */
function exposure(keyPath: string): readonly string[] {
  const mode = statSync(keyPath).mode & 0o777;
  if ((mode & 0o077) === 0) return [];
  return [
    `the private key ${keyPath} has mode ${mode.toString(8).padStart(4, "0")}, so others on this machine can use it; chmod 600 it`,
  ];
}

function invalid(directory: string, message: string): NodeError {
  return new NodeError("MSP_INVALID", `${directory} is no usable MSP folder: ${message}`);
}
