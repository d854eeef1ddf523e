import type { X509Certificate } from "node:crypto";
import { organizationalUnitNames } from "../../chain/certificate.ts";
import type { NodeRole } from "../../chain/organizational-units.ts";

/** All roles, named as cryptogen, fabric-ca and this project name their organisational units. */
export const NODE_ROLES: readonly NodeRole[] = ["client", "peer", "admin", "orderer"];

/** The role that an organisational unit of the subject names in the usual way; undefined where none does. */
export function roleOf(certificate: X509Certificate): NodeRole | undefined {
  const units = organizationalUnitNames(certificate);
  return NODE_ROLES.find((role) => units.includes(role));
}

/** The first common name or organisation of a certificate's subject; undefined where it has none. */
export function subjectField(certificate: X509Certificate, field: "CN" | "O"): string | undefined {
  const value: string | readonly string[] | undefined = certificate.toLegacyObject().subject?.[field];
  return value === undefined || typeof value === "string" ? value : value[0];
}

/** A subject or an issuer in one line: `O=Org1, OU=peer, CN=peer0`. */
export function oneLine(name: string): string {
  return name.replaceAll("\n", ", ");
}
