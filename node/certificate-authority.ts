// oxlint-disable-next-line import/no-unassigned-import -- @peculiar/x509 needs it loaded before itself
import "reflect-metadata";
import { KeyObject } from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
  type X509Certificate,
} from "@peculiar/x509";

/** What a certificate's owner may do; it stands in the certificate as Fabric's node OU. */
export type Role = "peer" | "orderer" | "client" | "admin";

/** A certificate with its private key. */
export interface Credential {
  /** PEM. */
  readonly certificate: string;
  /** PEM of PKCS#8, unencrypted. */
  readonly privateKey: string;
}

const KEY_ALGORITHM = { name: "ECDSA", namedCurve: "P-256" } as const;
const SIGNING_ALGORITHM = { name: "ECDSA", hash: "SHA-256" } as const;
const DAY_MS = 24 * 60 * 60 * 1000;
const CA_VALIDITY_MS = 10 * 365 * DAY_MS;
const LEAF_VALIDITY_MS = 365 * DAY_MS;
/** Certificates begin this much in the past, for machines whose clocks are behind. */
const CLOCK_SKEW_MS = 5 * 60 * 1000;

/**
 * One organisation's certificate authority: a self-signed P-256 root that is good for ten years and issues
 * certificates that are good for one. It lives in memory; whoever makes it writes its {@link Credential} where
 * nobody else reads it.
 */
export class CertificateAuthority {
  /** The root certificate and its key. */
  readonly credential: Credential;
  readonly #organisation: string;
  readonly #root: X509Certificate;
  readonly #key: CryptoKey;

  private constructor(organisation: string, root: X509Certificate, key: CryptoKey) {
    this.credential = { certificate: certificatePem(root), privateKey: privateKeyPem(key) };
    this.#organisation = organisation;
    this.#root = root;
    this.#key = key;
  }

  /** A new authority, named `ca.ORGANISATION`. */
  static async create(organisation: string): Promise<CertificateAuthority> {
    const keys = await generateKeys();
    const root = await X509CertificateGenerator.createSelfSigned({
      name: [{ O: [organisation] }, { CN: [`ca.${organisation}`] }],
      keys,
      signingAlgorithm: SIGNING_ALGORITHM,
      ...validity(CA_VALIDITY_MS),
      extensions: [
        new BasicConstraintsExtension(true, undefined, true),
        new KeyUsagesExtension(
          KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign | KeyUsageFlags.digitalSignature,
          true,
        ),
        await SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    return new CertificateAuthority(organisation, root, keys.privateKey);
  }

  /** A new key and its certificate, good for a year, with the role as organisational unit. */
  async issue({
    commonName,
    role,
  }: {
    readonly commonName: string;
    readonly role: Role;
  }): Promise<Credential> {
    const keys = await generateKeys();
    const certificate = await X509CertificateGenerator.create({
      subject: [{ O: [this.#organisation] }, { OU: [role] }, { CN: [commonName] }],
      issuer: this.#root.subjectName,
      publicKey: keys.publicKey,
      signingKey: this.#key,
      signingAlgorithm: SIGNING_ALGORITHM,
      ...validity(LEAF_VALIDITY_MS),
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey),
        await AuthorityKeyIdentifierExtension.create(this.#root),
      ],
    });
    return { certificate: certificatePem(certificate), privateKey: privateKeyPem(keys.privateKey) };
  }
}

function generateKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(KEY_ALGORITHM, true, ["sign", "verify"]);
}

function validity(lengthMs: number): { readonly notBefore: Date; readonly notAfter: Date } {
  const start = Date.now() - CLOCK_SKEW_MS;
  return { notBefore: new Date(start), notAfter: new Date(start + lengthMs) };
}

function certificatePem(certificate: X509Certificate): string {
  // Files end with a line feed, as Go's and OpenSSL's writers leave them.
  return `${certificate.toString("pem")}\n`;
}

function privateKeyPem(key: CryptoKey): string {
  return KeyObject.from(key).export({ type: "pkcs8", format: "pem" }).toString();
}
