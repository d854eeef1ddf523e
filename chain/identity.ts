import type { KeyObject, X509Certificate } from "node:crypto";
import { certificateFingerprint } from "./certificate.ts";
import type { OrganizationalUnit, NodeRole } from "./organizational-units.ts";
import { verifySignature } from "./verify-signature.ts";

/** What an identity may be in its organisation. Every valid identity is a member. */
export type Role = "member" | NodeRole;

/** What an {@link Identity} is made of. */
export interface IdentityParts {
  readonly mspId: string;
  readonly certificate: X509Certificate;
  readonly units: readonly OrganizationalUnit[];
  readonly roles: ReadonlySet<Role>;
}

/** A certificate that its organisation's MSP vouches for; made by `Msp.identity` only. It may have expired. */
export class Identity {
  readonly mspId: string;
  readonly certificate: X509Certificate;
  /** The same for two identities only if they are one, however they are written down. */
  readonly id: string;
  readonly units: readonly OrganizationalUnit[];
  readonly roles: ReadonlySet<Role>;
  readonly #key: KeyObject;

  constructor({ mspId, certificate, units, roles }: IdentityParts) {
    this.mspId = mspId;
    this.certificate = certificate;
    this.id = identityId(mspId, certificate);
    this.units = units;
    this.roles = roles;
    this.#key = certificate.publicKey;
  }

  /** Whether the signature is this identity's over these bytes, see {@link verifySignature}. */
  verify(bytes: Uint8Array, signature: Uint8Array): boolean {
    return verifySignature(this.#key, bytes, signature);
  }
}

/** What {@link Identity.id} is for a certificate of an organisation. */
export function identityId(mspId: string, certificate: X509Certificate): string {
  return `${certificateFingerprint(certificate)}${mspId}`;
}
