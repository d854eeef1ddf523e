import {
  createPrivateKey,
  createPublicKey,
  X509Certificate as NodeCertificate,
  type KeyObject,
} from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
  type Extension,
  type Name,
} from "./x509.ts";
import type { NodeRole } from "../../chain/organizational-units.ts";
import { checkedDays, checkedName } from "./certificate-names.ts";
import { oneLine } from "./certificate-subject.ts";
import { NodeError } from "../errors.ts";
import { reason } from "../files.ts";
import { signRevocationList, type RevocationListContent } from "./revocation-list-signing.ts";
import {
  generateKeys,
  importKeys,
  importPublicKey,
  privateKeyPem,
  SIGNING_ALGORITHM,
} from "./signing-keys.ts";

/** What a certificate's owner may do; it stands in the certificate as Fabric's node OU. */
export type Role = NodeRole;

/** A certificate with its private key. */
export interface Credential {
  /** PEM. */
  readonly certificate: string;
  /** PEM of PKCS#8, unencrypted. */
  readonly privateKey: string;
}

/** Whom a certificate is for. */
export interface Holder {
  readonly commonName: string;
  readonly role: Role;
  /** How long it is good; default a year. It ends with its authority's at the latest. */
  readonly days?: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const AUTHORITY_DAYS = 10 * 365;
const LEAF_DAYS = 365;
/** Certificates begin this much in the past, for machines whose clocks are behind. */
const CLOCK_SKEW_MS = 5 * 60 * 1000;
/** The authority's common name is `ca.` and this, in 64 characters. */
const ORGANISATION_LENGTH_MAX = 61;
/** Extensions that a renewed certificate gets anew: basic constraints, key usage, key identifiers. */
const OWN_EXTENSIONS: readonly string[] = ["2.5.29.19", "2.5.29.15", "2.5.29.14", "2.5.29.35"];

/**
 * One organisation's certificate authority: a self-signed P-256 root that is good for ten years and issues
 * certificates that are good for one. It lives in memory; whoever makes it writes its {@link Credential} where
 * nobody else reads it.
 */
export class CertificateAuthority {
  /** The authority's own certificate and its key. */
  readonly credential: Credential;
  /** As it stands in every certificate. */
  readonly organisation: string;
  /** The authority's own certificate. */
  readonly certificate: NodeCertificate;
  readonly #issuer: X509Certificate;
  readonly #key: CryptoKey;

  private constructor(organisation: string, credential: Credential, key: CryptoKey) {
    this.credential = credential;
    this.organisation = organisation;
    this.certificate = new NodeCertificate(credential.certificate);
    this.#issuer = new X509Certificate(credential.certificate);
    this.#key = key;
  }

  /** A new authority, named `ca.ORGANISATION`. @throws NodeError `CONFIG_INVALID`. */
  static async create(
    organisation: string,
    { days = AUTHORITY_DAYS }: { readonly days?: number } = {},
  ): Promise<CertificateAuthority> {
    checkedName(organisation, "the organisation's name", ORGANISATION_LENGTH_MAX);
    const start = Date.now() - CLOCK_SKEW_MS;
    const keys = await generateKeys();
    const root = await X509CertificateGenerator.createSelfSigned({
      name: [{ O: [organisation] }, { CN: [`ca.${organisation}`] }],
      keys,
      signingAlgorithm: SIGNING_ALGORITHM,
      notBefore: new Date(start),
      notAfter: new Date(start + checkedDays(days) * DAY_MS),
      extensions: [
        new BasicConstraintsExtension(true, undefined, true),
        new KeyUsagesExtension(
          KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign | KeyUsageFlags.digitalSignature,
          true,
        ),
        await SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    const credential = { certificate: certificatePem(root), privateKey: privateKeyPem(keys.privateKey) };
    return new CertificateAuthority(organisation, credential, keys.privateKey);
  }

  /**
   * The authority that has this certificate and key, which other tools may have made.
   *
   * @throws NodeError `AUTHORITY_INVALID` where they are no authority's or do not belong together.
   */
  static async open(credential: Credential): Promise<CertificateAuthority> {
    try {
      const certificate = new NodeCertificate(credential.certificate);
      if (!certificate.ca) throw new RangeError("its certificate is not that of a certificate authority");
      const privateKey = createPrivateKey(credential.privateKey);
      if (!createPublicKey(privateKey).equals(certificate.publicKey))
        throw new RangeError("its key does not fit its certificate");
      const [organisation] = new X509Certificate(credential.certificate).subjectName.getField("O");
      if (organisation === undefined) throw new RangeError("its certificate names no organisation (O)");
      const keys = await importKeys(privateKey);
      return new CertificateAuthority(organisation, credential, keys.privateKey);
    } catch (cause) {
      throw new NodeError("AUTHORITY_INVALID", `no usable certificate authority: ${reason(cause)}`, {
        cause,
      });
    }
  }

  /** A new key and its certificate, with the role as organisational unit. @throws NodeError as `certify`. */
  async issue(holder: Holder): Promise<Credential> {
    const keys = await generateKeys();
    const certificate = await this.#certify(keys.publicKey, this.#subject(holder), holder.days);
    return { certificate, privateKey: privateKeyPem(keys.privateKey) };
  }

  /**
   * A certificate in PEM for somebody else's key, with the role as organisational unit.
   *
   * @throws NodeError `CONFIG_INVALID` for a name or a time that cannot be; `AUTHORITY_INVALID` where the authority has
   *   expired.
   */
  async certify(publicKey: KeyObject, holder: Holder): Promise<string> {
    return this.#certify(await importPublicKey(publicKey), this.#subject(holder), holder.days);
  }

  /**
   * A new certificate in PEM for the subject and the key of one that this authority issued, expired or not.
   *
   * @throws NodeError `CERTIFICATE_INVALID` where it is not this authority's; else as `certify`.
   */
  async renew(certificate: NodeCertificate, { days }: { readonly days?: number } = {}): Promise<string> {
    this.requireIssued(certificate);
    const { subjectName, extensions } = new X509Certificate(certificate.toString());
    const kept = extensions.filter(({ type }) => !OWN_EXTENSIONS.includes(type));
    return this.#certify(await importPublicKey(certificate.publicKey), subjectName, days, kept);
  }

  /** @throws NodeError `CERTIFICATE_INVALID` where the certificate is not one that this authority issued. */
  requireIssued(certificate: NodeCertificate): void {
    const isIssued =
      !certificate.ca &&
      certificate.checkIssued(this.certificate) &&
      certificate.verify(this.certificate.publicKey);
    if (isIssued) return;
    throw new NodeError(
      "CERTIFICATE_INVALID",
      `the certificate of ${oneLine(certificate.subject)} was not issued by ${oneLine(this.certificate.subject)}, but by ${oneLine(certificate.issuer)}`,
    );
  }

  /** A revocation list in PEM, signed by this authority, in force until the authority's end. */
  revocationList(content: RevocationListContent): Promise<string> {
    return signRevocationList(content, this.#issuer, this.#key);
  }

  #subject({ commonName, role }: Holder): Name | Record<string, string[]>[] {
    checkedName(commonName, "the common name");
    return [{ O: [this.organisation] }, { OU: [role] }, { CN: [commonName] }];
  }

  async #certify(
    publicKey: CryptoKey,
    subject: Name | Record<string, string[]>[],
    days: number = LEAF_DAYS,
    more: readonly Extension[] = [],
  ): Promise<string> {
    const certificate = await X509CertificateGenerator.create({
      subject,
      issuer: this.#issuer.subjectName,
      publicKey,
      signingKey: this.#key,
      signingAlgorithm: SIGNING_ALGORITHM,
      ...this.#validity(days),
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        await SubjectKeyIdentifierExtension.create(publicKey),
        ...authorityKeyIdentifier(this.#issuer),
        ...more,
      ],
    });
    return certificatePem(certificate);
  }

  /** Within the authority's own: a chain is judged as of the certificate's beginning. */
  #validity(days: number): { readonly notBefore: Date; readonly notAfter: Date } {
    const now = Date.now();
    const { notBefore, notAfter } = this.#issuer;
    if (notAfter.getTime() <= now)
      throw new NodeError(
        "AUTHORITY_INVALID",
        `${oneLine(this.certificate.subject)} expired on ${notAfter.toISOString()}, so it issues no more certificates; make a new one: blockgossip cert ca`,
      );
    const start = Math.max(now - CLOCK_SKEW_MS, notBefore.getTime());
    const end = Math.min(start + checkedDays(days) * DAY_MS, notAfter.getTime());
    return { notBefore: new Date(start), notAfter: new Date(end) };
  }
}

/** What the authority's own certificate says; other tools hash the key in other ways, and it must be the same. */
function authorityKeyIdentifier(issuer: X509Certificate): readonly Extension[] {
  const own = issuer.getExtension(SubjectKeyIdentifierExtension);
  return own === null ? [] : [new AuthorityKeyIdentifierExtension(own.keyId)];
}

function certificatePem(certificate: X509Certificate): string {
  // Files end with a line feed, as Go's and OpenSSL's writers leave them.
  return `${certificate.toString("pem")}\n`;
}
