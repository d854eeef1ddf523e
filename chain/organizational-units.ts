import type { X509Certificate } from "node:crypto";
import type mspPb from "@hyperledger/fabric-protos/lib/msp/msp_config_pb.js";
import { organizationalUnitNames, parseCertificate } from "./certificate.ts";
import type { Certifier, CertificationTree } from "./certification-tree.ts";

/** The roles that an organizational unit gives a certificate. */
export type NodeRole = "client" | "peer" | "admin" | "orderer";

/** An organizational unit of a certificate's subject, and who certified it. */
export interface OrganizationalUnit {
  readonly name: string;
  /** See {@link Certifier.chainIdentifier}. */
  readonly certifiers: string;
}

/** A unit that an MSP names; without certifiers it counts whichever CA certified it. */
interface UnitRule {
  readonly name: string;
  readonly certifiers: string | undefined;
}

/**
 * What an MSP makes of organizational units (msp/mspimplvalidate.go `validateIdentityOUsV142`): with node OUs every
 * identity has exactly one of the roles' units; without them, and where the MSP lists units, it has one of these.
 */
export class OrganizationalUnits {
  readonly #roles: ReadonlyMap<string, UnitRule & { readonly role: NodeRole }> | undefined;
  readonly #listed: readonly UnitRule[];

  /** @throws RangeError where a unit's certificate is not that of one of the CAs. */
  constructor(config: mspPb.FabricMSPConfig, tree: CertificationTree) {
    const read = (unit: mspPb.FabricOUIdentifier): UnitRule => {
      const pem = unit.getCertificate_asU8();
      const certifier = pem.length === 0 ? undefined : tree.find(parseCertificate(pem));
      const name = unit.getOrganizationalUnitIdentifier();
      if (pem.length > 0 && certifier === undefined)
        throw new RangeError(`the certificate of organizational unit ${name} is not that of one of the CAs`);
      return { name, certifiers: certifier?.chainIdentifier };
    };
    const roles = nodeUnits(config.getFabricNodeOus()).map(([role, unit]) => ({ ...read(unit), role }));
    this.#roles = roles.length > 0 ? new Map(roles.map((rule) => [rule.name, rule])) : undefined;
    this.#listed = config.getOrganizationalUnitIdentifiersList().map(read);
  }

  /**
   * The role that the units give; undefined where the MSP does not tell roles apart.
   *
   * @throws RangeError where an identity with these units is not valid.
   */
  roleOf(units: readonly OrganizationalUnit[]): NodeRole | undefined {
    if (this.#roles === undefined) {
      if (this.#listed.length > 0 && !units.some((unit) => this.#listed.some((rule) => matches(rule, unit))))
        throw new RangeError("the certificate has none of the organisation's organizational units");
      return undefined;
    }
    const found = units.flatMap((unit) => {
      const rule = this.#roles?.get(unit.name);
      if (rule !== undefined && rule.certifiers !== undefined && rule.certifiers !== unit.certifiers)
        throw new RangeError(`organizational unit ${unit.name} is certified by another CA than it must be`);
      return rule === undefined ? [] : [rule.role];
    });
    const [role] = found;
    if (role === undefined || found.length > 1)
      throw new RangeError(
        `the certificate has ${found.length} organizational units that name a role, not one`,
      );
    return role;
  }
}

/** The organizational units of a certificate that this CA issued. */
export function organizationalUnits(certificate: X509Certificate, issuer: Certifier): OrganizationalUnit[] {
  return organizationalUnitNames(certificate).map((name) => ({ name, certifiers: issuer.chainIdentifier }));
}

/** Listed units name their certificate, so an empty one matches nothing. */
function matches(rule: UnitRule, unit: OrganizationalUnit): boolean {
  return rule.name === unit.name && rule.certifiers === unit.certifiers;
}

function nodeUnits(
  config: mspPb.FabricNodeOUs | undefined,
): (readonly [NodeRole, mspPb.FabricOUIdentifier])[] {
  if (config?.getEnable() !== true) return [];
  const units: readonly (readonly [NodeRole, mspPb.FabricOUIdentifier | undefined])[] = [
    ["client", config.getClientOuIdentifier()],
    ["peer", config.getPeerOuIdentifier()],
    ["admin", config.getAdminOuIdentifier()],
    ["orderer", config.getOrdererOuIdentifier()],
  ];
  return units.flatMap(([role, unit]) => (unit === undefined ? [] : [[role, unit] as const]));
}
