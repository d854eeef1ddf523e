import { Buffer } from "node:buffer";
import { X509Certificate } from "node:crypto";
import { derSequence, type DerValue } from "./der-values.ts";
import { sha256 } from "./hash.ts";

const PEM_START = "-----BEGIN CERTIFICATE-----";
const PEM_BYTES_MAX = 64 << 10;

/**
 * The first certificate in a PEM text. Nothing in it is verified.
 *
 * @throws RangeError where there is none, or the text is longer than 64 KiB.
 */
export function parseCertificate(pem: Uint8Array): X509Certificate {
  if (pem.length > PEM_BYTES_MAX) throw new RangeError(`a certificate of ${pem.length} bytes`);
  const text = Buffer.from(pem.buffer, pem.byteOffset, pem.byteLength).toString("latin1");
  const start = text.indexOf(PEM_START);
  if (start === -1) throw new RangeError(`${pem.length} bytes without a certificate in PEM`);
  try {
    return new X509Certificate(text.slice(start));
  } catch (cause) {
    throw new RangeError(`${pem.length} bytes of PEM that are no certificate`, { cause });
  }
}

/**
 * Names a certificate: SHA-256, in hexadecimal, of the part that its issuer signed. The issuer's signature is left out,
 * because of one ECDSA signature anybody can make a second one, and the certificate would count twice.
 */
export function certificateFingerprint(certificate: X509Certificate): string {
  return Buffer.from(sha256(signedPart(certificate).bytes)).toString("hex");
}

/** The serial number as the hexadecimal digits of its DER content. */
export function certificateSerial(certificate: X509Certificate): string {
  const fields = derSequence(signedPart(certificate).bytes);
  const serial = fields[0]?.tag === 0xa0 ? fields[1] : fields[0];
  return Buffer.from(serial?.content ?? []).toString("hex");
}

/** The subject's organizational units, in order. */
export function organizationalUnitNames(certificate: X509Certificate): readonly string[] {
  const units: string | readonly string[] | undefined = certificate.toLegacyObject().subject?.OU;
  if (units === undefined) return [];
  return typeof units === "string" ? [units] : units;
}

/** `TBSCertificate` of RFC 5280. */
function signedPart(certificate: X509Certificate): DerValue {
  const [part] = derSequence(certificate.raw);
  if (part === undefined) throw new RangeError("an empty certificate");
  return part;
}
