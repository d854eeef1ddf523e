import policiesPb from "@hyperledger/fabric-protos/lib/common/policies_pb.js";
import principalPb from "@hyperledger/fabric-protos/lib/msp/msp_principal_pb.js";
import { configGroup } from "../../chain/config-group.ts";
import { configTree, type ConfigTree } from "../../chain/config-tree.ts";
import type { SignedData } from "../../chain/policy.ts";
import { NODE_UNITS, TestCertificate, testMsp } from "./test-organisation.ts";

export const MSP_IDS = ["AMSP", "BMSP", "CMSP"] as const;
type MspId = (typeof MSP_IDS)[number];

const roots = new Map(
  await Promise.all(MSP_IDS.map(async (mspId) => [mspId, await TestCertificate.root()] as const)),
);
export const msps = new Map(
  MSP_IDS.map((mspId) => [mspId, testMsp({ mspId, roots: [roots.get(mspId)!.pem], nodeUnits: NODE_UNITS })]),
);

/** Somebody who can sign, of an organisation. */
interface Signatory {
  readonly mspId: string;
  readonly certificate: TestCertificate;
}

export const people = new Map<string, Signatory>();
for (const mspId of MSP_IDS) {
  for (const name of ["peer", "client", "admin", "orderer"]) {
    const certificate = await roots.get(mspId)!.issue({ name, units: [name, "sales"] });
    people.set(`${mspId[0]!}.${name}`, { mspId, certificate });
  }
}
people.set("stranger", {
  mspId: "AMSP",
  certificate: await (await TestCertificate.root()).issue({ units: ["peer"] }),
});
people.set("unknown", { mspId: "XMSP", certificate: people.get("A.peer")!.certificate });

const bytes = Buffer.from("what is signed");

/** Signatures of these people; `!` before a name makes the signature a wrong one. */
export function signed(names: string): SignedData[] {
  return names.split(" ").flatMap((name) => {
    const person = people.get(name.replace("!", ""));
    if (person === undefined) return [];
    const signature = person.certificate.sign(name.startsWith("!") ? Buffer.from("something else") : bytes);
    return [{ identity: person.certificate.identity(person.mspId), bytes, signature }];
  });
}

export const { Classification } = principalPb.MSPPrincipal;

export function principal(
  classification: (typeof Classification)[keyof typeof Classification],
  content: Uint8Array,
): principalPb.MSPPrincipal {
  const message = new principalPb.MSPPrincipal();
  message.setPrincipalClassification(classification);
  message.setPrincipal(content);
  return message;
}

export function role(
  mspId: MspId,
  name: keyof typeof principalPb.MSPRole.MSPRoleType,
): principalPb.MSPPrincipal {
  const message = new principalPb.MSPRole();
  message.setMspIdentifier(mspId);
  message.setRole(principalPb.MSPRole.MSPRoleType[name]);
  return principal(Classification.ROLE, message.serializeBinary());
}

export function unit(mspId: MspId, name: string, certifiers: string): principalPb.MSPPrincipal {
  const message = new principalPb.OrganizationUnit();
  message.setMspIdentifier(mspId);
  message.setOrganizationalUnitIdentifier(name);
  message.setCertifiersIdentifier(Buffer.from(certifiers, "hex"));
  return principal(Classification.ORGANIZATION_UNIT, message.serializeBinary());
}

export function identity(name: string): principalPb.MSPPrincipal {
  const { certificate, mspId } = people.get(name)!;
  return principal(Classification.IDENTITY, certificate.identity(mspId));
}

export function combined(...parts: readonly principalPb.MSPPrincipal[]): principalPb.MSPPrincipal {
  const message = new principalPb.CombinedPrincipal();
  message.setPrincipalsList([...parts]);
  return principal(Classification.COMBINED, message.serializeBinary());
}

/** The index of a principal, or how many of some rules. */
export type Rule = number | { readonly n: number; readonly of: readonly Rule[] };

export const outOf = (n: number, ...of: readonly Rule[]): Rule => ({ n, of });

function ruleMessage(rule: Rule): policiesPb.SignaturePolicy {
  const message = new policiesPb.SignaturePolicy();
  if (typeof rule === "number") {
    message.setSignedBy(rule);
    return message;
  }
  const nOutOf = new policiesPb.SignaturePolicy.NOutOf();
  nOutOf.setN(rule.n);
  nOutOf.setRulesList(rule.of.map(ruleMessage));
  message.setNOutOf(nOutOf);
  return message;
}

export function envelope(rule: Rule, principals: readonly principalPb.MSPPrincipal[]): Uint8Array {
  const message = new policiesPb.SignaturePolicyEnvelope();
  message.setRule(ruleMessage(rule));
  message.setIdentitiesList([...principals]);
  return message.serializeBinary();
}

/** A group with these policies of its own, and groups below it. */
export function group(
  own: Readonly<Record<string, policiesPb.Policy>>,
  ...below: readonly ConfigTree[]
): ConfigTree {
  const tree = configTree(configGroup({ policies: own, values: {} }));
  return { ...tree, groups: new Map(below.map((each, index) => [`group${index}`, each])) };
}
