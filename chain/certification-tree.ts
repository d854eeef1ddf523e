import { Buffer } from "node:buffer";
import type { X509Certificate } from "node:crypto";
import { certificateFingerprint, certificateSerial, pathLengthMax } from "./certificate.ts";
import { sha256 } from "./hash.ts";
import type { RevocationList } from "./revocation-list.ts";
import { RevokedCertificateError } from "./revoked-certificate-error.ts";

/** A CA of an organisation. */
export interface Certifier {
  readonly fingerprint: string;
  /** The CA's certificate, then that of the CA above it, up to a root. */
  readonly chain: readonly [X509Certificate, ...X509Certificate[]];
  /** SHA-256 over the chain's certificates in hexadecimal: Fabric's certifiers identifier. */
  readonly chainIdentifier: string;
}

/** What a {@link CertificationTree} is made of. */
export interface CertificationTreeParts {
  readonly roots: readonly X509Certificate[];
  readonly intermediates: readonly X509Certificate[];
  readonly revocationLists: readonly RevocationList[];
}

const CERTIFIERS_MAX = 128;
/** Extended key usages with which Go's verification, as Fabric calls it, takes a certificate: server, any. */
const KEY_USAGES = ["1.3.6.1.5.5.7.3.1", "2.5.29.37.0"];

/**
 * The CAs of an organisation, and the rules by which Fabric finds the one that issued a certificate
 * (msp/mspimpl.go `getValidationChain`, msp/mspimplvalidate.go): exactly one chain up to a root; only CAs that have no
 * CA below them issue identities; revocation lists count where the issuer signed them. Certificates do not expire
 * here: a chain is judged as of one second after the certificate's own beginning.
 *
 * Path lengths count in every chain, an intermediate's own among them, as in Go, which Fabric leaves this to
 * (crypto/x509/verify.go `isValid`). Name constraints of the CAs are not looked at: all CAs are the configuration's own.
 */
export class CertificationTree {
  readonly #certifiers: readonly Certifier[];
  readonly #aboveOthers: ReadonlySet<string>;
  /** Serial numbers that each CA has revoked, by the CA's fingerprint. */
  readonly #revoked: ReadonlyMap<string, ReadonlySet<string>>;

  /** @throws RangeError where the CAs do not fit together, with what is wrong. */
  constructor(parts: CertificationTreeParts) {
    this.#certifiers = chains(parts);
    const intermediates = this.#certifiers.filter(({ chain }) => chain.length > 1);
    this.#aboveOthers = new Set(
      intermediates.flatMap(({ chain }) => chain.slice(1).map(certificateFingerprint)),
    );
    this.#revoked = new Map(
      this.#certifiers.map(({ fingerprint, chain }) => {
        const lists = parts.revocationLists.filter((list) => list.isSignedBy(chain[0].publicKey));
        return [fingerprint, new Set(lists.flatMap((list) => [...list.serials]))];
      }),
    );
    for (const { chain } of intermediates) this.#refuseRevoked(chain[0], this.#onlyIssuer(chain[0]));
  }

  /** The CA with this certificate; undefined where it is none of them. */
  find(certificate: X509Certificate): Certifier | undefined {
    const fingerprint = certificateFingerprint(certificate);
    return this.#certifiers.find((certifier) => certifier.fingerprint === fingerprint);
  }

  /**
   * The CA that issued the certificate of an identity.
   *
   * @throws RangeError where there is none, or it may not; RevokedCertificateError where it could, and has revoked it.
   */
  issuerOf(certificate: X509Certificate): Certifier {
    if (certificate.ca) throw new RangeError("the certificate is that of a CA");
    const issuer = this.#onlyIssuer(certificate);
    if (this.#aboveOthers.has(issuer.fingerprint))
      throw new RangeError("its issuer has CAs below it, and only those issue identities");
    this.#refuseRevoked(certificate, issuer);
    return issuer;
  }

  #onlyIssuer(certificate: X509Certificate): Certifier {
    const [issuer, second] = issuers(certificate, this.#certifiers);
    if (issuer === undefined) throw new RangeError("the certificate chains to no root of the organisation");
    if (second !== undefined) throw new RangeError("the certificate has more than one chain to a root");
    return issuer;
  }

  #refuseRevoked(certificate: X509Certificate, issuer: Certifier): void {
    if (this.#revoked.get(issuer.fingerprint)?.has(certificateSerial(certificate)) === true)
      throw new RevokedCertificateError();
  }
}

/** Puts every CA below the one that issued it, from the roots downwards. */
function chains({ roots, intermediates }: CertificationTreeParts): Certifier[] {
  if (roots.length === 0) throw new RangeError("the organisation has no root certificate");
  if (roots.length + intermediates.length > CERTIFIERS_MAX)
    throw new RangeError(`the organisation has more than ${CERTIFIERS_MAX} CAs`);
  if (![...roots, ...intermediates].every(({ ca }) => ca))
    throw new RangeError("a root or intermediate certificate is not that of a CA");
  const placed = new Map<string, Certifier>();
  const place = (chain: Certifier["chain"]): unknown => {
    const fingerprint = certificateFingerprint(chain[0]);
    const identifier = Buffer.from(sha256(...chain.map(({ raw }) => raw))).toString("hex");
    return placed.set(fingerprint, { fingerprint, chain, chainIdentifier: identifier });
  };
  for (const root of roots) place([root]);
  let waiting = intermediates.filter((each) => !placed.has(certificateFingerprint(each)));
  while (waiting.length > 0) {
    const above = [...placed.values()];
    const rest = waiting.filter((certificate) => {
      const [issuer] = issuers(certificate, above);
      if (issuer !== undefined) place([certificate, ...issuer.chain]);
      return issuer === undefined;
    });
    if (rest.length === waiting.length)
      throw new RangeError(`${rest.length} intermediate certificates chain to no root`);
    waiting = rest;
  }
  return [...placed.values()];
}

function issuers(certificate: X509Certificate, certifiers: readonly Certifier[]): Certifier[] {
  const time = certificate.validFromDate.getTime() + 1000;
  if (!isUsable(certificate, time)) return [];
  return certifiers.filter(({ chain }) => {
    const [issuer] = chain;
    return (
      certificate.checkIssued(issuer) &&
      chain.every((link, below) => isUsable(link, time) && below <= pathLengthMax(link)) &&
      certificate.verify(issuer.publicKey)
    );
  });
}

function isUsable({ validFromDate, validToDate, keyUsage }: X509Certificate, time: number): boolean {
  const allowed = keyUsage === undefined || keyUsage.some((usage) => KEY_USAGES.includes(usage));
  return allowed && validFromDate.getTime() <= time && time <= validToDate.getTime();
}
