import { Buffer } from "node:buffer";
import type { X509Certificate } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseCertificate } from "../../chain/certificate.ts";
import { NodeError } from "../errors.ts";
import { readText, reason } from "../files.ts";

/** A file of an MSP folder. */
export interface MspFile {
  readonly path: string;
  readonly text: string;
}

/** A certificate's file. Of several certificates in it the first counts, as in Fabric. */
export interface CertificateFile extends MspFile {
  readonly certificate: X509Certificate;
}

/**
 * The files of one of an MSP folder's parts, such as `signcerts`, in order of their names; none where the part is
 * missing. Names that begin with a dot are left out.
 *
 * @throws NodeError `FILE_UNREADABLE`.
 */
export function mspFiles(directory: string, part: string): readonly MspFile[] {
  const folder = join(directory, part);
  let names: string[];
  try {
    names = readdirSync(folder).sort();
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return [];
    throw new NodeError("FILE_UNREADABLE", `${folder} cannot be read: ${reason(cause)}`, { cause });
  }
  return names
    .filter((name) => !name.startsWith("."))
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true)
    .map((path) => ({ path, text: readText(path, "MSP file") }));
}

/** The same for a part with certificates. @throws NodeError `FILE_UNREADABLE`, `MSP_INVALID`. */
export function certificateFiles(directory: string, part: string): readonly CertificateFile[] {
  return mspFiles(directory, part).map(({ path, text }) => ({
    path,
    text,
    certificate: parseCertificateText(path, text, "MSP_INVALID"),
  }));
}

/** The one certificate in `signcerts`. @throws NodeError `FILE_UNREADABLE`; `MSP_INVALID` where there is not just one. */
export function signingCertificate(directory: string): CertificateFile {
  const [file, second] = mspFiles(directory, "signcerts");
  if (file === undefined) throw mspInvalid(directory, "signcerts has no certificate");
  if (second !== undefined) {
    throw mspInvalid(
      directory,
      `signcerts has more than one file, so it is unclear which is its certificate: ${file.path}, ${second.path}`,
    );
  }
  return { ...file, certificate: parseCertificateText(file.path, file.text, "MSP_INVALID") };
}

/** The first certificate in a file's text. @throws NodeError with this code, naming the file. */
export function parseCertificateText(
  path: string,
  text: string,
  code: "MSP_INVALID" | "CERTIFICATE_INVALID" = "CERTIFICATE_INVALID",
): X509Certificate {
  try {
    return parseCertificate(Buffer.from(text));
  } catch (cause) {
    throw new NodeError(code, `${path} holds no X.509 certificate in PEM: ${reason(cause)}`, { cause });
  }
}

const PEM = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/** All certificates in a file, in order. @throws NodeError `FILE_UNREADABLE`, `CERTIFICATE_INVALID` where there is none. */
export function readCertificates(path: string): readonly [X509Certificate, ...X509Certificate[]] {
  const text = readText(path, "the certificate");
  const [first = text, ...others] = text.match(PEM) ?? [];
  return [parseCertificateText(path, first), ...others.map((each) => parseCertificateText(path, each))];
}

/** For a folder that cannot be used, with what is wrong. */
export function mspInvalid(directory: string, message: string, cause?: unknown): NodeError {
  return new NodeError("MSP_INVALID", `${directory} is no usable MSP folder: ${message}`, { cause });
}
