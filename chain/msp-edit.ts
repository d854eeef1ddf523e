import type { X509Certificate } from "node:crypto";
import { certificateFingerprint, parseCertificate } from "./certificate.ts";
import { FABRIC_MSP, MSP_CONFIG } from "./config-fields.ts";
import { ChainError } from "./errors.ts";
import { lastBytes } from "./last-field.ts";
import { repeatedBytes, withBytes, withRepeatedBytes } from "./protobuf-edit.ts";
import { RevocationList } from "./revocation-list.ts";

const EMPTY = new Uint8Array(0);

/**
 * A `msp.MSPConfig` of type FABRIC with one more revocation list. Lists of the same CA that revoke nothing else are
 * dropped; all that was revoked stays revoked.
 *
 * @param list PEM or DER.
 * @throws ChainError `INVALID_UPDATE` where it is no list of one of the organisation's CAs, or revokes nothing more;
 *   RangeError where the MSP cannot be read.
 */
export function withRevocationList(msp: Uint8Array, list: Uint8Array): Uint8Array {
  return withFabricConfig(msp, (fabric) => {
    const added = parsed("revocation list", () => RevocationList.parse(list));
    const issuer = authorities(fabric).find(({ publicKey }) => added.isSignedBy(publicKey));
    if (issuer === undefined) throw invalid(`the revocation list is signed by none of its CAs`);
    const lists = repeatedBytes(fabric, FABRIC_MSP.revocationList).map((bytes) => ({
      bytes,
      list: RevocationList.parse(bytes),
    }));
    const ofIssuer = lists.filter((each) => each.list.isSignedBy(issuer.publicKey));
    const revoked = new Set(ofIssuer.flatMap((each) => [...each.list.serials]));
    if (added.serials.isSubsetOf(revoked))
      throw invalid(`the revocation list revokes nothing that is not revoked already`);
    const kept = lists.filter(
      (each) => !ofIssuer.includes(each) || !each.list.serials.isSubsetOf(added.serials),
    );
    return withRepeatedBytes(fabric, FABRIC_MSP.revocationList, [...kept.map(({ bytes }) => bytes), list]);
  });
}

/**
 * A `msp.MSPConfig` of type FABRIC with one more certificate authority: a root if it has signed itself, else one that
 * another issued.
 *
 * @param pem a text that begins with the certificate.
 * @throws ChainError `INVALID_UPDATE` where it is no CA's certificate, or is there already; RangeError where the MSP
 *   cannot be read.
 */
export function withAuthority(msp: Uint8Array, pem: Uint8Array): Uint8Array {
  return withFabricConfig(msp, (fabric) => {
    const added = parsed("certificate", () => parseCertificate(pem));
    if (!added.ca) throw invalid("the certificate is not that of a CA");
    const fingerprint = certificateFingerprint(added);
    if (authorities(fabric).some((each) => certificateFingerprint(each) === fingerprint))
      throw invalid("the certificate authority is one of its CAs already");
    const isRoot = added.checkIssued(added) && added.verify(added.publicKey);
    const number = isRoot ? FABRIC_MSP.rootCerts : FABRIC_MSP.intermediateCerts;
    return withRepeatedBytes(fabric, number, [...repeatedBytes(fabric, number), pem]);
  });
}

function withFabricConfig(msp: Uint8Array, edit: (fabric: Uint8Array) => Uint8Array): Uint8Array {
  return withBytes(msp, MSP_CONFIG.config, edit(lastBytes(msp, MSP_CONFIG.config) ?? EMPTY));
}

function authorities(fabric: Uint8Array): readonly X509Certificate[] {
  return [FABRIC_MSP.rootCerts, FABRIC_MSP.intermediateCerts]
    .flatMap((number) => repeatedBytes(fabric, number))
    .map(parseCertificate);
}

function parsed<T>(what: string, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new ChainError("INVALID_UPDATE", `there is no ${what}: ${cause.message}`, { cause });
  }
}

function invalid(message: string): ChainError {
  return new ChainError("INVALID_UPDATE", message);
}
