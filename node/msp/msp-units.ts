import { Buffer } from "node:buffer";
import type { X509Certificate } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import mspPb from "@hyperledger/fabric-protos/lib/msp/msp_config_pb.js";
import { parse } from "yaml";
import * as z from "zod";
import { organizationalUnitNames } from "../../chain/certificate.ts";
import type { CertificationTree, Certifier } from "../../chain/certification-tree.ts";
import { OrganizationalUnits, organizationalUnits, type NodeRole } from "../../chain/organizational-units.ts";
import { NODE_ROLES } from "./certificate-subject.ts";
import { readText, reason } from "../files.ts";
import { mspInvalid } from "./msp-files.ts";

/** What an MSP folder's `config.yaml` makes of a certificate. */
export interface UnitsVerdict {
  /** undefined where roles are not told apart, or the certificate names none. */
  readonly role: NodeRole | undefined;
  /** Whether the folder tells roles apart by organisational units. */
  readonly hasRoles: boolean;
}

/** The `config.yaml` that makes Fabric tell roles apart by organisational unit. */
export const NODE_OUS_YAML = `NodeOUs:
  Enable: true
${NODE_ROLES.map((role) => `  ${capitalised(role)}OUIdentifier:\n    OrganizationalUnitIdentifier: ${role}\n`).join("")}`;

const unitSchema = z.looseObject({
  Certificate: z.string().nullish(),
  OrganizationalUnitIdentifier: z.string().nullish(),
});

/** Fabric's `msp.Configuration`; what else may stand in it is not looked at. */
const settingsSchema = z.looseObject({
  OrganizationalUnitIdentifiers: z.array(unitSchema).nullish(),
  NodeOUs: z
    .looseObject({
      Enable: z.boolean().nullish(),
      ClientOUIdentifier: unitSchema.nullish(),
      PeerOUIdentifier: unitSchema.nullish(),
      AdminOUIdentifier: unitSchema.nullish(),
      OrdererOUIdentifier: unitSchema.nullish(),
    })
    .nullish(),
});

type UnitSettings = z.infer<typeof unitSchema> | null | undefined;

/**
 * Judges a certificate by the folder's `config.yaml`, as Fabric does. A certificate without any role's unit is taken.
 *
 * @throws RangeError where the file's rules do not allow the certificate, with what is wrong; NodeError
 *   `FILE_UNREADABLE`; `MSP_INVALID` where the file cannot be used.
 */
export function judgeUnits(
  directory: string,
  certificate: X509Certificate,
  { tree, issuer }: { readonly tree: CertificationTree; readonly issuer: Certifier },
): UnitsVerdict {
  const config = readUnits(directory);
  const roleNames = nodeUnits(config).map((each) => each.getOrganizationalUnitIdentifier());
  const hasRoles = roleNames.length > 0;
  try {
    const units = new OrganizationalUnits(config, tree);
    const namesRole = organizationalUnitNames(certificate).some((name) => roleNames.includes(name));
    if (hasRoles && !namesRole) return { role: undefined, hasRoles };
    return { role: units.roleOf(organizationalUnits(certificate, issuer)), hasRoles };
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new RangeError(`by its config.yaml ${cause.message}`, { cause });
  }
}

/**
 * The rules of the folder's `config.yaml`, in a message that has nothing else.
 *
 * @throws NodeError `FILE_UNREADABLE`; `MSP_INVALID` where the file cannot be used.
 */
export function readUnits(directory: string): mspPb.FabricMSPConfig {
  const config = new mspPb.FabricMSPConfig();
  const path = join(directory, "config.yaml");
  if (!existsSync(path)) return config;
  const { NodeOUs: roles, OrganizationalUnitIdentifiers: listed } = parseSettings(directory, path);
  config.setOrganizationalUnitIdentifiersList(
    (listed ?? []).flatMap((settings) => unit(directory, settings) ?? []),
  );
  if (roles?.Enable !== true) return config;
  const ous = new mspPb.FabricNodeOUs();
  ous.setEnable(true);
  ous.setClientOuIdentifier(unit(directory, roles.ClientOUIdentifier));
  ous.setPeerOuIdentifier(unit(directory, roles.PeerOUIdentifier));
  ous.setAdminOuIdentifier(unit(directory, roles.AdminOUIdentifier));
  ous.setOrdererOuIdentifier(unit(directory, roles.OrdererOUIdentifier));
  config.setFabricNodeOus(ous);
  return config;
}

function parseSettings(directory: string, path: string): z.infer<typeof settingsSchema> {
  const text = readText(path, "MSP file");
  try {
    return settingsSchema.parse(parse(text) ?? {});
  } catch (cause) {
    const message = cause instanceof z.ZodError ? z.prettifyError(cause) : reason(cause);
    throw mspInvalid(directory, `${path} cannot be used: ${message}`, cause);
  }
}

/** As in Fabric a unit without name does not count, and one whose certificate is not there counts for every CA. */
function unit(directory: string, settings: UnitSettings): mspPb.FabricOUIdentifier | undefined {
  const name = settings?.OrganizationalUnitIdentifier ?? "";
  if (name === "") return undefined;
  const identifier = new mspPb.FabricOUIdentifier();
  identifier.setOrganizationalUnitIdentifier(name);
  const certificate = settings?.Certificate ?? "";
  const path = join(directory, certificate);
  if (certificate !== "" && existsSync(path))
    identifier.setCertificate(Buffer.from(readText(path, "MSP file")));
  return identifier;
}

function nodeUnits(config: mspPb.FabricMSPConfig): readonly mspPb.FabricOUIdentifier[] {
  const ous = config.getFabricNodeOus();
  const units = [
    ous?.getClientOuIdentifier(),
    ous?.getPeerOuIdentifier(),
    ous?.getAdminOuIdentifier(),
    ous?.getOrdererOuIdentifier(),
  ];
  return units.filter((each) => each !== undefined);
}

function capitalised(word: string): string {
  return `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}
