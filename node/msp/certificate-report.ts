import type { X509Certificate } from "node:crypto";
import { statSync } from "node:fs";
import { organizationalUnitNames } from "../../chain/certificate.ts";
import { oneLine, roleOf, subjectField } from "./certificate-subject.ts";
import { NodeError } from "../errors.ts";
import { revokingList } from "./msp-certifiers.ts";
import { readCertificates, signingCertificate } from "./msp-files.ts";
import { readMspFolder } from "./msp-folder.ts";
import { matchingKey } from "./msp-keystore.ts";
import { keyType } from "./signing-keys.ts";

/** What there is to say of a certificate. */
export interface CertificateReport {
  readonly file: string;
  /** In one line, as `issuer`. */
  readonly subject: string;
  readonly commonName: string | null;
  readonly organisation: string | null;
  readonly organisationalUnits: readonly string[];
  /** client, peer, admin, orderer; null where no organisational unit names one. */
  readonly role: string | null;
  readonly isAuthority: boolean;
  readonly issuer: string;
  /** Hexadecimal. */
  readonly serial: string;
  /** ISO 8601, as `notAfter`. */
  readonly notBefore: string;
  readonly notAfter: string;
  readonly state: "valid" | "expired" | "not yet valid";
  /** Whole days, rounded down; negative where it has expired. */
  readonly expiresInDays: number;
  /** Such as `ECDSA P-256`. */
  readonly keyType: string;
  /** Only for an MSP folder. */
  readonly msp?: MspReport;
}

/** What there is to say of the MSP folder around a certificate. */
export interface MspReport {
  /** The private key's file; null where none fits. */
  readonly keyFile: string | null;
  /** The revocation list that names the certificate; null where none does. */
  readonly revokedBy: string | null;
  /** Why a peer would not take the folder; null where it would. */
  readonly problem: string | null;
  readonly warnings: readonly string[];
}

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Reports on the first certificate in a file, or on that of an MSP folder.
 *
 * @param nowMs milliseconds since 1970.
 * @throws NodeError `FILE_UNREADABLE`, `CERTIFICATE_INVALID`; `MSP_INVALID` where the folder has no certificate.
 */
export function reportCertificate(path: string, nowMs: number): CertificateReport {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true)
    return describe(path, readCertificates(path)[0], nowMs);
  const { path: file, certificate } = signingCertificate(path);
  return { ...describe(file, certificate, nowMs), msp: describeFolder(path, certificate, nowMs) };
}

function describe(file: string, certificate: X509Certificate, nowMs: number): CertificateReport {
  const { validFromDate, validToDate } = certificate;
  const isEarly = nowMs < validFromDate.getTime();
  return {
    file,
    subject: oneLine(certificate.subject),
    commonName: subjectField(certificate, "CN") ?? null,
    organisation: subjectField(certificate, "O") ?? null,
    organisationalUnits: organizationalUnitNames(certificate),
    role: roleOf(certificate) ?? null,
    isAuthority: certificate.ca,
    issuer: oneLine(certificate.issuer),
    serial: certificate.serialNumber,
    notBefore: validFromDate.toISOString(),
    notAfter: validToDate.toISOString(),
    state: isEarly ? "not yet valid" : nowMs < validToDate.getTime() ? "valid" : "expired",
    expiresInDays: Math.floor((validToDate.getTime() - nowMs) / DAY_MS),
    keyType: keyType(certificate.publicKey),
  };
}

function describeFolder(directory: string, certificate: X509Certificate, nowMs: number): MspReport {
  const role = roleOf(certificate) ?? "peer";
  const folder = attempt(() => readMspFolder(directory, { nowMs, role }));
  const key = attempt(() => matchingKey(directory, certificate.publicKey));
  const list = attempt(() => revokingList(directory, certificate));
  return {
    keyFile: key.result?.path ?? null,
    revokedBy: list.result ?? null,
    problem: folder.problem,
    warnings: folder.result?.warnings ?? [],
  };
}

interface Attempt<Result> {
  readonly result?: Result;
  readonly problem: string | null;
}

/** What is read, or the sentence why it cannot be. */
function attempt<Result>(read: () => Result): Attempt<Result> {
  try {
    return { result: read(), problem: null };
  } catch (error) {
    if (error instanceof NodeError) return { problem: error.message };
    throw error;
  }
}
