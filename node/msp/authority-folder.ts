import type { KeyObject, X509Certificate } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { DirectoryLock } from "../../chain/directory-lock.ts";
import { CertificateAuthority, type Credential, type Holder } from "./certificate-authority.ts";
import { subjectField } from "./certificate-subject.ts";
import type { CertificateRequest } from "./certificate-request.ts";
import { NodeError } from "../errors.ts";
import { readText, reason, replaceFile, writeNewFile } from "../files.ts";
import { IssuedCertificates } from "./issued-certificates.ts";
import { writeVerifyingMspFolder } from "./msp-folder.ts";
import {
  bareSerial,
  readRevocationList,
  type Revocation,
  type RevocationListContent,
} from "./revocation-list-signing.ts";
import { X509CrlReason } from "./x509.ts";

/** Which of an authority's certificates are meant. */
export type CertificateChoice =
  | { readonly serial: string }
  | { readonly commonName: string }
  | { readonly certificate: X509Certificate };

/** What {@link AuthorityFolder.revoke} did. */
export interface RevocationOutcome {
  /** Revoked now; the others were already. */
  readonly revoked: readonly X509Certificate[];
  readonly alreadyRevoked: readonly X509Certificate[];
  /** The list in force, in PEM. */
  readonly list: string;
}

/**
 * The folder of an organisation with its certificate authority:
 *
 * ```
 * ca/cert.pem, ca/key.pem     the authority's certificate and key
 * ca/issued/SERIAL.pem        every certificate that it issued
 * ca/crl.pem                  those that it revoked
 * msp/                        what everybody may have, to verify the organisation's certificates
 * ```
 *
 * An authority that cryptogen made (`ca/NAME-cert.pem`, `ca/…_sk`) is taken as well.
 */
export class AuthorityFolder {
  readonly directory: string;
  readonly authority: CertificateAuthority;
  readonly #issued: IssuedCertificates;

  private constructor(directory: string, authority: CertificateAuthority) {
    this.directory = directory;
    this.authority = authority;
    this.#issued = new IssuedCertificates(join(directory, "ca", "issued"));
  }

  /**
   * Makes an authority and its folder.
   *
   * @throws NodeError `CONFIG_INVALID`; `FILE_UNWRITABLE`, also where the folder has an authority.
   */
  static async create(
    directory: string,
    organisation: string,
    options: { readonly days?: number } = {},
  ): Promise<AuthorityFolder> {
    for (const part of ["ca", "msp"].map((name) => join(directory, name))) {
      if (!existsSync(part)) continue;
      throw new NodeError(
        "FILE_UNWRITABLE",
        `${part} is there already and left as it is; name a folder without one for the new authority`,
      );
    }
    const authority = await CertificateAuthority.create(organisation, options);
    const { certificate, privateKey } = authority.credential;
    writeNewFile(join(directory, "ca", "key.pem"), privateKey, { secret: true });
    writeNewFile(join(directory, "ca", "cert.pem"), certificate);
    writeVerifyingMspFolder(join(directory, "msp"), certificate);
    return new AuthorityFolder(directory, authority);
  }

  /** @throws NodeError `AUTHORITY_INVALID`, `FILE_UNREADABLE`. */
  static async open(directory: string): Promise<AuthorityFolder> {
    const credential: Credential = {
      certificate: readText(authorityFile(directory, "cert.pem", "-cert.pem"), "the authority's certificate"),
      privateKey: readText(authorityFile(directory, "key.pem", "_sk"), "the authority's key"),
    };
    try {
      return new AuthorityFolder(directory, await CertificateAuthority.open(credential));
    } catch (cause) {
      if (!(cause instanceof NodeError)) throw cause;
      throw new NodeError(cause.code, `${directory} holds ${cause.message}`, { cause });
    }
  }

  /** A new key and its certificate, see {@link CertificateAuthority.issue}. */
  async issue(holder: Holder): Promise<Credential> {
    const credential = await this.authority.issue(holder);
    this.#issued.add(credential.certificate);
    return credential;
  }

  /**
   * The certificate, in PEM, that a request asks for. Its key and common name are taken from the request; the
   * organisation is the authority's, the role is the caller's decision.
   *
   * @throws NodeError `CERTIFICATE_INVALID` where the request names another organisation, or its key had a certificate
   *   that was revoked; else as {@link CertificateAuthority.certify}.
   */
  async certify(request: CertificateRequest, holder: Omit<Holder, "commonName">): Promise<string> {
    const { organisation, commonName, publicKey } = request;
    if (organisation !== undefined && organisation !== this.authority.organisation)
      throw new NodeError(
        "CERTIFICATE_INVALID",
        `the request of ${JSON.stringify(commonName)} is for organisation ${JSON.stringify(organisation)}, but ${this.directory} is the authority of ${this.authority.organisation}`,
      );
    this.#requireUnrevoked(publicKey);
    const certificate = await this.authority.certify(publicKey, { ...holder, commonName });
    this.#issued.add(certificate);
    return certificate;
  }

  /**
   * A new certificate, in PEM, for the same subject and key.
   *
   * @throws NodeError `CERTIFICATE_INVALID` where it is revoked; else as {@link CertificateAuthority.renew}.
   */
  async renew(certificate: X509Certificate, options: { readonly days?: number } = {}): Promise<string> {
    this.authority.requireIssued(certificate);
    if (isRevoked(this.#revocationList(), certificate))
      throw new NodeError(
        "CERTIFICATE_INVALID",
        `the certificate with serial ${certificate.serialNumber} is revoked, so it is not renewed; make a new key: blockgossip cert csr --new-key`,
      );
    const renewed = await this.authority.renew(certificate, options);
    this.#issued.add(renewed);
    return renewed;
  }

  /**
   * Puts certificates on the authority's revocation list, in `ca/crl.pem` and `msp/crls/crl.pem`. Of a common name all
   * are meant. Where all are on it already, the list stays as it is.
   *
   * @throws NodeError `CERTIFICATE_INVALID` where the authority issued none such; ChainError `LEDGER_LOCKED` where
   *   another process is revoking.
   */
  async revoke(choice: CertificateChoice, why: X509CrlReason): Promise<RevocationOutcome> {
    // Of two at a time one would write a list without what the other revoked.
    using _lock = DirectoryLock.acquire(join(this.directory, "ca"));
    const chosen = this.#choose(choice);
    const before = this.#revocationList();
    const revoked = chosen.filter((certificate) => !isRevoked(before, certificate));
    const alreadyRevoked = chosen.filter((certificate) => isRevoked(before, certificate));
    const revocationDate = new Date();
    const added = revoked.map(({ serialNumber }) => ({ serialNumber, revocationDate, reason: why }));
    const list =
      revoked.length === 0
        ? readText(this.#listPath, "the revocation list")
        : await this.authority.revocationList({
            number: before.number + 1,
            revocations: [...before.revocations, ...added],
          });
    replaceFile(this.#listPath, list);
    if (existsSync(join(this.directory, "msp"))) replaceFile(this.publicListPath, list);
    return { revoked, alreadyRevoked, list };
  }

  /** Where the revocation list is for everybody. */
  get publicListPath(): string {
    return join(this.directory, "msp", "crls", "crl.pem");
  }

  get #listPath(): string {
    return join(this.directory, "ca", "crl.pem");
  }

  #revocationList(): RevocationListContent {
    if (!existsSync(this.#listPath)) return { number: 0, revocations: [] };
    const text = readText(this.#listPath, "the revocation list");
    try {
      return readRevocationList(text);
    } catch (cause) {
      // To begin a new one would let back in who was shut out.
      throw new NodeError("AUTHORITY_INVALID", `${this.#listPath} cannot be read: ${reason(cause)}`, {
        cause,
      });
    }
  }

  /** Whoever has a key that was taken back must not get in again with a new certificate for it. */
  #requireUnrevoked(publicKey: KeyObject): void {
    const { revocations } = this.#revocationList();
    const serials = new Set(
      revocations.filter(isForGood).map(({ serialNumber }) => bareSerial(serialNumber)),
    );
    if (serials.size === 0) return;
    const revoked = this.#issued
      .all()
      .find(
        (certificate) =>
          serials.has(bareSerial(certificate.serialNumber)) && certificate.publicKey.equals(publicKey),
      );
    if (revoked === undefined) return;
    throw new NodeError(
      "CERTIFICATE_INVALID",
      `the request's key is that of the revoked certificate with serial ${revoked.serialNumber}; have the request made with a new one: blockgossip cert csr --new-key`,
    );
  }

  #choose(choice: CertificateChoice): readonly X509Certificate[] {
    if ("certificate" in choice) {
      this.authority.requireIssued(choice.certificate);
      return [choice.certificate];
    }
    const wanted =
      "serial" in choice
        ? (certificate: X509Certificate) => bareSerial(certificate.serialNumber) === bareSerial(choice.serial)
        : (certificate: X509Certificate) => subjectField(certificate, "CN") === choice.commonName;
    const found = this.#issued.all().filter(wanted);
    if (found.length > 0) return found;
    const what = "serial" in choice ? `the serial ${choice.serial}` : `the name ${choice.commonName}`;
    throw new NodeError(
      "CERTIFICATE_INVALID",
      `${join(this.directory, "ca", "issued")} has no certificate with ${what}; one that is not recorded there can be revoked by its file: --cert FILE`,
    );
  }
}

function isForGood(revocation: Revocation): boolean {
  return revocation.reason !== X509CrlReason.superseded;
}

function isRevoked({ revocations }: RevocationListContent, { serialNumber }: X509Certificate): boolean {
  const serial = bareSerial(serialNumber);
  return revocations.some((revocation) => bareSerial(revocation.serialNumber) === serial);
}

/** The file of this name, or the only one with this ending. */
function authorityFile(directory: string, name: string, ending: string): string {
  const folder = join(directory, "ca");
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const [found, second] = names.includes(name) ? [name] : names.filter((each) => each.endsWith(ending));
  if (found !== undefined && second === undefined) return join(folder, found);
  throw new NodeError(
    "AUTHORITY_INVALID",
    `${directory} is no folder of a certificate authority: ${found === undefined ? `${folder} has no ${name}` : `it is unclear which file in ${folder} is its ${name}`}; name the organisation's folder, such as network/organisations/Org1, or make one: blockgossip cert ca`,
  );
}
