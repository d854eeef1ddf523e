import { Buffer } from "node:buffer";
import { X509Certificate } from "node:crypto";
import { derSequence, derValues, type DerValue } from "./der-values.ts";
import { sha256 } from "./hash.ts";

const PEM_START = "-----BEGIN CERTIFICATE-----";
const PEM_BYTES_MAX = 64 << 10;
/** DER content of the object identifier 2.5.29.19, in hexadecimal. */
const BASIC_CONSTRAINTS = "551d13";
const EMPTY_SEQUENCE = Uint8Array.of(0x30, 0);

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

/**
 * How many CAs there may be between this one and an end entity, by its basic constraints (RFC 5280, section 4.2.1.9);
 * infinity where they do not say, or say less than none, as Go reads them.
 */
export function pathLengthMax(certificate: X509Certificate): number {
  const extensions = derSequence(signedPart(certificate).bytes).find(({ tag }) => tag === 0xa3);
  for (const { bytes } of derSequence(extensions?.content ?? EMPTY_SEQUENCE)) {
    const parts = derSequence(bytes);
    if (Buffer.from(parts[0]?.content ?? []).toString("hex") !== BASIC_CONSTRAINTS) continue;
    const [constraints] = derValues(parts.at(-1)?.content ?? EMPTY_SEQUENCE);
    const length = [...derValues(constraints?.content ?? new Uint8Array(0))].find(
      ({ tag }) => tag === 0x02,
    )?.content;
    if (length === undefined || length.length === 0 || length.length > 6) return Infinity;
    const value = Buffer.from(length).readIntBE(0, length.length);
    return value < 0 ? Infinity : value;
  }
  return Infinity;
}

/** `TBSCertificate` of RFC 5280. */
function signedPart(certificate: X509Certificate): DerValue {
  const [part] = derSequence(certificate.raw);
  if (part === undefined) throw new RangeError("an empty certificate");
  return part;
}
