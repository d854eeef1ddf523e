import type { X509Certificate } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { certificateFingerprint } from "../../chain/certificate.ts";
import { roleOf } from "./certificate-subject.ts";
import { NodeError } from "../errors.ts";
import { reason, replaceFile, writeNewFile } from "../files.ts";
import { readCertifiers, type MoreCertifiers } from "./msp-certifiers.ts";
import { certificateFiles, mspFiles, signingCertificate } from "./msp-files.ts";
import { matchingKey } from "./msp-keystore.ts";
import { judgeUnits, NODE_OUS_YAML } from "./msp-units.ts";

/** What is to come into an MSP folder. */
export interface CertificateBundle {
  readonly certificate: X509Certificate;
  /**
   * Those of CAs that came with it. Intermediate ones are taken; roots only into a folder that has none, because it is
   * the folder that says whom to trust.
   */
  readonly others: readonly X509Certificate[];
  /** Those of CAs that the operator vouches for. */
  readonly trusted: readonly X509Certificate[];
}

/**
 * Puts a certificate into the MSP folder that has its key, in the place of the one before, together with the
 * certificates of its CAs. The certificate changes in one step, so a running peer may read the folder meanwhile.
 *
 * @returns the certificate's file.
 * @throws NodeError `CERTIFICATE_INVALID` where it does not fit the folder's CAs and `config.yaml`; `MSP_INVALID` where its key is not
 *   there, or the folder is not usable; `FILE_UNREADABLE`, `FILE_UNWRITABLE`.
 */
export function installCertificate(directory: string, bundle: CertificateBundle): string {
  const { certificate } = bundle;
  matchingKey(directory, certificate.publicKey);
  const path = certificatePath(directory);
  const more = newCertifiers(directory, bundle);
  requireVouchedFor(directory, certificate, more);
  for (const root of more.roots) writeCertifier(directory, "cacerts", root);
  for (const intermediate of more.intermediates) writeCertifier(directory, "intermediatecerts", intermediate);
  const settings = join(directory, "config.yaml");
  if (roleOf(certificate) !== undefined && !existsSync(settings)) writeNewFile(settings, NODE_OUS_YAML);
  // Not staged in signcerts: a reader that sees two files there does not know which one counts.
  replaceFile(path, certificate.toString(), directory);
  return path;
}

function certificatePath(directory: string): string {
  if (mspFiles(directory, "signcerts").length === 0) return join(directory, "signcerts", "cert.pem");
  return signingCertificate(directory).path;
}

function newCertifiers(directory: string, { others, trusted }: CertificateBundle): MoreCertifiers {
  const heldRoots = certificateFiles(directory, "cacerts").map((file) => file.certificate);
  const held = [
    ...heldRoots,
    ...certificateFiles(directory, "intermediatecerts").map((file) => file.certificate),
  ];
  const vouched = trusted.filter(isSelfIssued);
  const roots = heldRoots.length + vouched.length > 0 ? vouched : others.filter(isSelfIssued);
  const intermediates = [...trusted, ...others].filter((each) => !isSelfIssued(each));
  return { roots: without(held, roots), intermediates: without(held, intermediates) };
}

function isSelfIssued(certificate: X509Certificate): boolean {
  return certificate.checkIssued(certificate);
}

/** Each once, and none of those that are held. */
function without(
  held: readonly X509Certificate[],
  added: readonly X509Certificate[],
): readonly X509Certificate[] {
  const known = new Set(held.map(certificateFingerprint));
  return added.filter((certificate) => {
    const fingerprint = certificateFingerprint(certificate);
    const isNew = !known.has(fingerprint);
    known.add(fingerprint);
    return isNew;
  });
}

function requireVouchedFor(directory: string, certificate: X509Certificate, more: MoreCertifiers): void {
  const { tree } = readCertifiers(directory, more);
  try {
    judgeUnits(directory, certificate, { tree, issuer: tree.issuerOf(certificate) });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new NodeError(
      "CERTIFICATE_INVALID",
      `the certificate is not installed, since ${directory} does not vouch for it: ${reason(cause)}; if the organisation has a new CA, name its certificate: --ca-cert FILE`,
      { cause },
    );
  }
}

function writeCertifier(
  directory: string,
  part: "cacerts" | "intermediatecerts",
  certificate: X509Certificate,
): void {
  const plain = join(directory, part, "ca-cert.pem");
  const fingerprint = certificateFingerprint(certificate).slice(0, 16);
  const path = existsSync(plain) ? join(directory, part, `ca-cert-${fingerprint}.pem`) : plain;
  writeNewFile(path, certificate.toString());
}
