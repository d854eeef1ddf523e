import { Buffer } from "node:buffer";
import { verify, type KeyObject } from "node:crypto";
import { derSequence, derValues, type DerValue } from "./der-values.ts";

const PEM = /^\s*-----BEGIN X509 CRL-----([A-Za-z0-9+/=\s]*)-----END X509 CRL-----/;
const SERIALS_MAX = 100_000;

/** DER contents of the object identifiers, in hexadecimal, and the hash that node:crypto wants with them. */
const SIGNATURE_HASHES: Readonly<Record<string, string | undefined>> = {
  "2a8648ce3d040302": "sha256", // ecdsa-with-SHA256
  "2a8648ce3d040303": "sha384", // ecdsa-with-SHA384
  "2a8648ce3d040304": "sha512", // ecdsa-with-SHA512
  "2a864886f70d01010b": "sha256", // sha256WithRSAEncryption
  "2a864886f70d01010c": "sha384", // sha384WithRSAEncryption
  "2a864886f70d01010d": "sha512", // sha512WithRSAEncryption
};
const ED25519 = "2b6570";

/** A certificate revocation list (RFC 5280, section 5): the numbers of certificates that their issuer takes back. */
export class RevocationList {
  /** Serial numbers as the hexadecimal digits of their DER content. */
  readonly serials: ReadonlySet<string>;
  readonly #signedPart: Uint8Array;
  readonly #algorithm: string;
  readonly #signature: Uint8Array;

  private constructor([signedPart, algorithm, signature]: readonly DerValue[]) {
    if (signedPart === undefined || algorithm?.tag !== 0x30 || signature?.tag !== 0x03)
      throw new RangeError("no list, algorithm and signature");
    const [identifier] = derValues(algorithm.content);
    this.#algorithm = Buffer.from(identifier?.content ?? []).toString("hex");
    this.#signedPart = signedPart.bytes;
    // A BIT STRING begins with the number of bits that its last byte has too many.
    this.#signature = signature.content.subarray(1);
    this.serials = new Set(revokedSerials(signedPart));
  }

  /**
   * Reads PEM or DER. The signature is not checked. Dates and reasons are not looked at: as in Fabric, what a
   * configuration revokes is revoked while the configuration is in force (msp/mspimplvalidate.go).
   *
   * @throws RangeError where the bytes are no revocation list, or one of more than 100,000 certificates.
   */
  static parse(bytes: Uint8Array): RevocationList {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
    const base64 = PEM.exec(text)?.[1];
    try {
      return new RevocationList(derSequence(base64 === undefined ? bytes : Buffer.from(base64, "base64")));
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      throw new RangeError(`a revocation list cannot be read: ${cause.message}`, { cause });
    }
  }

  /** Whether the holder of this key signed the list. */
  isSignedBy(key: KeyObject): boolean {
    const hash = SIGNATURE_HASHES[this.#algorithm];
    if (hash === undefined && this.#algorithm !== ED25519) return false;
    try {
      return verify(hash, this.#signedPart, key, this.#signature);
    } catch {
      return false;
    }
  }
}

/**
 * `TBSCertList { version?, signature, issuer, thisUpdate, nextUpdate?, revokedCertificates?, extensions? }`: after the
 * issuer, the only SEQUENCE is the list.
 */
function revokedSerials(signedPart: DerValue): string[] {
  const fields = derSequence(signedPart.bytes);
  const [, , ...afterIssuer] = fields[0]?.tag === 0x02 ? fields.slice(1) : fields;
  const list = afterIssuer.find((field) => field.tag === 0x30);
  const serials: string[] = [];
  for (const entry of derValues(list?.content ?? new Uint8Array(0))) {
    const [serial] = derValues(entry.content);
    if (entry.tag !== 0x30 || serial?.tag !== 0x02)
      throw new RangeError("a revoked certificate without number");
    if (serials.length === SERIALS_MAX) throw new RangeError(`more than ${SERIALS_MAX} revoked certificates`);
    serials.push(Buffer.from(serial.content).toString("hex"));
  }
  return serials;
}
