import { Buffer } from "node:buffer";
import principalPb from "@hyperledger/fabric-protos/lib/msp/msp_principal_pb.js";
import { parseCertificate } from "./certificate.ts";
import { identityId, type Identity, type Role } from "./identity.ts";
import { parseSerializedIdentity } from "./parse-serialized-identity.ts";

/** Whether a valid identity is one of those that a policy speaks of. */
export type Principal = (identity: Identity) => boolean;

const ROLES: Readonly<Record<number, Role>> = {
  0: "member",
  1: "admin",
  2: "client",
  3: "peer",
  4: "orderer",
};
const DEPTH_MAX = 8;

const NOBODY: Principal = () => false;

/**
 * Reads an `MSPPrincipal` (Fabric, msp/mspimpl.go `SatisfiesPrincipal`). One that cannot be read, or that asks for
 * anonymity, is nobody: Fabric accepts such a configuration too, and then finds no identity that fits.
 */
export function parsePrincipal(message: principalPb.MSPPrincipal, depth = 1): Principal {
  const { ROLE, ORGANIZATION_UNIT, IDENTITY, COMBINED } = principalPb.MSPPrincipal.Classification;
  const bytes = message.getPrincipal_asU8();
  try {
    switch (message.getPrincipalClassification()) {
      case ROLE:
        return rolePrincipal(principalPb.MSPRole.deserializeBinary(bytes));
      case ORGANIZATION_UNIT:
        return unitPrincipal(principalPb.OrganizationUnit.deserializeBinary(bytes));
      case IDENTITY:
        return identityPrincipal(bytes);
      case COMBINED:
        return combinedPrincipal(principalPb.CombinedPrincipal.deserializeBinary(bytes), depth);
      default:
        return NOBODY;
    }
  } catch {
    return NOBODY;
  }
}

function rolePrincipal(message: principalPb.MSPRole): Principal {
  const mspId = message.getMspIdentifier();
  const role = ROLES[message.getRole()];
  return (identity) => role !== undefined && identity.mspId === mspId && identity.roles.has(role);
}

function unitPrincipal(message: principalPb.OrganizationUnit): Principal {
  const mspId = message.getMspIdentifier();
  const name = message.getOrganizationalUnitIdentifier();
  const certifiers = Buffer.from(message.getCertifiersIdentifier_asU8()).toString("hex");
  return (identity) =>
    identity.mspId === mspId &&
    identity.units.some((unit) => unit.name === name && unit.certifiers === certifiers);
}

function identityPrincipal(serialized: Uint8Array): Principal {
  const { mspId, certificatePem } = parseSerializedIdentity(serialized);
  const id = identityId(mspId, parseCertificate(certificatePem));
  return (identity) => identity.id === id;
}

function combinedPrincipal(message: principalPb.CombinedPrincipal, depth: number): Principal {
  const parts = message.getPrincipalsList();
  if (parts.length === 0 || depth === DEPTH_MAX) return NOBODY;
  const principals = parts.map((part) => parsePrincipal(part, depth + 1));
  return (identity) => principals.every((principal) => principal(identity));
}
