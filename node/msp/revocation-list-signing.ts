import { Buffer } from "node:buffer";
import {
  AuthorityKeyIdentifierExtension,
  Extension,
  SubjectKeyIdentifierExtension,
  X509Crl,
  X509CrlGenerator,
  X509CrlReason,
  type X509Certificate,
} from "./x509.ts";
import { RevocationList } from "../../chain/revocation-list.ts";
import { SIGNING_ALGORITHM } from "./signing-keys.ts";

/** A certificate that was taken back. */
export interface Revocation {
  /** Hexadecimal. */
  readonly serialNumber: string;
  readonly revocationDate: Date;
  readonly reason: X509CrlReason;
}

/** What a certificate revocation list says. */
export interface RevocationListContent {
  /** Goes up with every list of the authority. */
  readonly number: number;
  readonly revocations: readonly Revocation[];
}

/** `id-ce-cRLNumber` of RFC 5280, section 5.2.3. */
const NUMBER_EXTENSION = "2.5.29.20";
const PEM_LABEL = /(BEGIN|END) CRL/g;

/** The list in PEM, in force until the issuer's end or a later list. */
export async function signRevocationList(
  { number, revocations }: RevocationListContent,
  issuer: X509Certificate,
  key: CryptoKey,
): Promise<string> {
  const own = issuer.getExtension(SubjectKeyIdentifierExtension);
  const list = await X509CrlGenerator.create({
    issuer: issuer.subjectName,
    thisUpdate: new Date(),
    // Without it the library does not find the entries when it reads the list again.
    nextUpdate: issuer.notAfter,
    entries: [...revocations],
    extensions: [
      ...(own === null ? [] : [new AuthorityKeyIdentifierExtension(own.keyId)]),
      new Extension(NUMBER_EXTENSION, false, derInteger(number)),
    ],
    signingKey: key,
    signingAlgorithm: SIGNING_ALGORITHM,
  });
  // The label that OpenSSL writes and Go reads; the library has its own.
  return `${list.toString("pem").replaceAll(PEM_LABEL, "$1 X509 CRL")}\n`;
}

/** Reads a list in PEM. Its signature is not checked. @throws RangeError where it is none. */
export function readRevocationList(pem: string): RevocationListContent {
  // The library loses the entries of some lists, and none must be lost.
  const { serials } = RevocationList.parse(Buffer.from(pem));
  const list = new X509Crl(pem);
  const details = new Map(list.entries.map((entry) => [bareSerial(entry.serialNumber), entry]));
  return {
    number: readNumber(list),
    revocations: [...serials].map((serialNumber) => {
      const entry = details.get(bareSerial(serialNumber));
      return {
        serialNumber,
        revocationDate: entry?.revocationDate ?? list.thisUpdate,
        // An entry needs one, because the library writes an empty list of extensions otherwise.
        reason: entry?.reason || X509CrlReason.privilegeWithdrawn,
      };
    }),
  };
}

/** A serial number as people compare it: upper case, without colons and leading zeros. */
export function bareSerial(text: string): string {
  return text
    .replaceAll(":", "")
    .replace(/^0x/i, "")
    .replace(/^0+(?=.)/, "")
    .toUpperCase();
}

function readNumber(list: X509Crl): number {
  const value = list.getExtension(NUMBER_EXTENSION)?.value;
  if (value === undefined) return 0;
  // INTEGER, a length of one byte, and so many bytes.
  return Number(`0x${Buffer.from(value).subarray(2).toString("hex")}`);
}

function derInteger(value: number): Uint8Array<ArrayBuffer> {
  const hex = value.toString(16);
  const digits = hex.length % 2 === 0 ? hex : `0${hex}`;
  const content = Buffer.from(/^[89a-f]/.test(digits) ? `00${digits}` : digits, "hex");
  return new Uint8Array([0x02, content.length, ...content]);
}
