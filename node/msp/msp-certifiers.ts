import type { X509Certificate } from "node:crypto";
import { Buffer } from "node:buffer";
import { certificateSerial } from "../../chain/certificate.ts";
import { CertificationTree } from "../../chain/certification-tree.ts";
import { RevocationList } from "../../chain/revocation-list.ts";
import { NodeError } from "../errors.ts";
import { reason } from "../files.ts";
import { certificateFiles, mspFiles, mspInvalid } from "./msp-files.ts";

/** The certificate authorities of an MSP folder, and what they revoked. */
export interface MspCertifiers {
  readonly tree: CertificationTree;
  /** PEM. */
  readonly rootCertificates: readonly string[];
  /** PEM. */
  readonly intermediateCertificates: readonly string[];
  /** PEM. */
  readonly revocationLists: readonly string[];
  /** Sentences on lists that count for nothing. */
  readonly warnings: readonly string[];
}

/** Authorities that are to come into a folder. */
export interface MoreCertifiers {
  readonly roots: readonly X509Certificate[];
  readonly intermediates: readonly X509Certificate[];
}

/**
 * Reads `cacerts`, `intermediatecerts` and `crls` of an MSP folder.
 *
 * @param more authorities that count as well.
 * @throws NodeError `FILE_UNREADABLE`; `MSP_INVALID` where there is no root, or they do not fit together.
 */
export function readCertifiers(
  directory: string,
  more: MoreCertifiers = { roots: [], intermediates: [] },
): MspCertifiers {
  const rootFiles = certificateFiles(directory, "cacerts");
  const intermediateFiles = certificateFiles(directory, "intermediatecerts");
  const roots = [...rootFiles.map(({ certificate }) => certificate), ...more.roots];
  if (roots.length === 0) throw mspInvalid(directory, "cacerts has no certificate");
  const intermediates = [...intermediateFiles.map(({ certificate }) => certificate), ...more.intermediates];
  const listFiles = mspFiles(directory, "crls");
  const lists = listFiles.map(({ path, text }) => ({ path, list: parseList(path, text) }));
  const isSigned = (list: RevocationList) =>
    [...roots, ...intermediates].some(({ publicKey }) => list.isSignedBy(publicKey));
  return {
    tree: certificationTree(directory, { roots, intermediates, lists: lists.map(({ list }) => list) }),
    rootCertificates: rootFiles.map(({ text }) => text),
    intermediateCertificates: intermediateFiles.map(({ text }) => text),
    revocationLists: listFiles.map(({ text }) => text),
    warnings: lists
      .filter(({ list }) => !isSigned(list))
      .map(
        ({ path }) =>
          `the revocation list ${path} is signed by none of the folder's CAs, so it counts for nothing`,
      ),
  };
}

/**
 * The file in `crls` by which the certificate's issuer revokes it; undefined where there is none.
 *
 * @throws NodeError `FILE_UNREADABLE`, `MSP_INVALID`.
 */
export function revokingList(directory: string, certificate: X509Certificate): string | undefined {
  const issuers = ["cacerts", "intermediatecerts"]
    .flatMap((part) => certificateFiles(directory, part))
    .filter((file) => certificate.checkIssued(file.certificate));
  const serial = certificateSerial(certificate);
  const found = mspFiles(directory, "crls").find(({ path, text }) => {
    const list = parseList(path, text);
    return (
      list.serials.has(serial) && issuers.some((issuer) => list.isSignedBy(issuer.certificate.publicKey))
    );
  });
  return found?.path;
}

function certificationTree(
  directory: string,
  { lists, ...certificates }: MoreCertifiers & { readonly lists: readonly RevocationList[] },
): CertificationTree {
  try {
    return new CertificationTree({ ...certificates, revocationLists: lists });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw mspInvalid(directory, `its CAs do not fit together: ${cause.message}`, cause);
  }
}

function parseList(path: string, text: string): RevocationList {
  try {
    return RevocationList.parse(Buffer.from(text));
  } catch (cause) {
    throw new NodeError("MSP_INVALID", `${path} holds no revocation list: ${reason(cause)}`, { cause });
  }
}
