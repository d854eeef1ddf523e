import { sign, type KeyObject, type X509Certificate } from "node:crypto";
import { join } from "node:path";
import type { Signer } from "../../chain/block-signing.ts";
import type { CertificationTree } from "../../chain/certification-tree.ts";
import { lowS } from "../../chain/low-s.ts";
import type { NodeRole } from "../../chain/organizational-units.ts";
import { serializedIdentity } from "../../chain/serialized-identity.ts";
import type { Credential } from "./certificate-authority.ts";
import { writeNewFile } from "../files.ts";
import { readCertifiers } from "./msp-certifiers.ts";
import { mspInvalid, signingCertificate, type CertificateFile } from "./msp-files.ts";
import { keyWarnings, matchingKey } from "./msp-keystore.ts";
import { judgeUnits, NODE_OUS_YAML, type UnitsVerdict } from "./msp-units.ts";
import { keyType } from "./signing-keys.ts";

/** What a Fabric MSP folder holds for one identity. */
export interface MspFolder {
  readonly directory: string;
  /** PEM, exactly as in the file. */
  readonly certificate: string;
  readonly privateKey: KeyObject;
  /** What the certificate's owner is; undefined where the folder does not tell roles apart, or it has none. */
  readonly role: NodeRole | undefined;
  /** PEM. At least one. */
  readonly rootCertificates: readonly string[];
  /** PEM. */
  readonly intermediateCertificates: readonly string[];
  /** PEM. */
  readonly revocationLists: readonly string[];
  /** Sentences on what an operator should put right although it works. */
  readonly warnings: readonly string[];
}

/** For whom and when a folder is read. */
export interface MspFolderUse {
  /** What the certificate's owner should be; default a peer. */
  readonly role?: NodeRole;
  /** Milliseconds since 1970; default now. */
  readonly nowMs?: number;
}

/**
 * Reads a Fabric MSP folder as cryptogen and fabric-ca write it: `signcerts`, `keystore`, `cacerts`, and where they
 * are there `intermediatecerts`, `crls` and `config.yaml`. File names do not matter. Of several keys, the one that fits
 * the certificate is taken. The certificate must be one of the folder's own CAs', and not be revoked by them; that it
 * has expired is a warning. `admincerts`, `tlscacerts` and what else is there are not looked at. The organisation's MSP
 * id does not stand in the folder.
 *
 * @throws NodeError `FILE_UNREADABLE`; `MSP_INVALID` where something is missing, ambiguous or does not fit together.
 */
export function readMspFolder(
  directory: string,
  { role = "peer", nowMs = Date.now() }: MspFolderUse = {},
): MspFolder {
  const file = signingCertificate(directory);
  const { certificate } = file;
  requireP256(directory, certificate.publicKey);
  const key = matchingKey(directory, certificate.publicKey);
  const { tree, warnings, ...certifiers } = readCertifiers(directory);
  const units = judge(directory, certificate, tree);
  return {
    directory,
    certificate: file.text,
    privateKey: key.privateKey,
    role: units.role,
    ...certifiers,
    warnings: [
      ...keyWarnings(key.path),
      ...roleWarnings(file, units, role),
      ...timeWarnings(file, directory, nowMs),
      ...warnings,
    ],
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

function requireP256(directory: string, publicKey: KeyObject): void {
  if (publicKey.asymmetricKeyDetails?.namedCurve === "prime256v1") return;
  throw mspInvalid(
    directory,
    `its certificate's key is ${keyType(publicKey)}, where ECDSA P-256 is needed to sign`,
  );
}

function judge(directory: string, certificate: X509Certificate, tree: CertificationTree): UnitsVerdict {
  try {
    return judgeUnits(directory, certificate, { tree, issuer: tree.issuerOf(certificate) });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw mspInvalid(
      directory,
      `it does not vouch for the certificate in its signcerts: ${cause.message}`,
      cause,
    );
  }
}

function roleWarnings(
  { path }: CertificateFile,
  { role, hasRoles }: UnitsVerdict,
  wanted: NodeRole,
): readonly string[] {
  if (!hasRoles || role === wanted) return [];
  const [is, advice] =
    role === undefined
      ? ["has no organisational unit that names a role", "organisations that tell roles apart refuse it"]
      : [`is that of a role ${role}, not ${wanted}`, "policies may refuse it"];
  return [`the certificate ${path} ${is}, so ${advice}; have one issued with --role ${wanted}`];
}

function timeWarnings(
  { path, certificate }: CertificateFile,
  directory: string,
  nowMs: number,
): readonly string[] {
  const { validFromDate, validToDate } = certificate;
  if (nowMs < validFromDate.getTime())
    return [
      `the certificate ${path} is not valid before ${validFromDate.toISOString()}; is this machine's clock right?`,
    ];
  if (nowMs < validToDate.getTime()) return [];
  return [
    `the certificate ${path} expired on ${validToDate.toISOString()}, so other peers refuse it; renew it: blockgossip cert renew --msp ${directory} --ca DIR`,
  ];
}
