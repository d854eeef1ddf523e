import { Buffer } from "node:buffer";
import policiesPb from "@hyperledger/fabric-protos/lib/common/policies_pb.js";
import principalPb from "@hyperledger/fabric-protos/lib/msp/msp_principal_pb.js";
import { parseCertificate } from "./certificate.ts";
import type { ConfigTree } from "./config-tree.ts";
import { parseSerializedIdentity } from "./parse-serialized-identity.ts";

/** A policy of a channel's configuration, for people. */
export interface PolicyText {
  /** Such as `/Channel/Application/Readers`. */
  readonly path: string;
  /** In Fabric's words: `ANY Readers`, `OR('Org1MSP.admin', 'Org1MSP.peer')`. */
  readonly rule: string;
}

/** All policies of a tree, each group's before those of the groups below it. */
export function policyTexts(tree: ConfigTree, path = "/Channel"): readonly PolicyText[] {
  const own = [...tree.policies].map(([name, policy]) => ({
    path: `${path}/${name}`,
    rule: policyText(policy),
  }));
  const below = [...tree.groups].flatMap(([name, group]) => policyTexts(group, `${path}/${name}`));
  return [...own.sort((a, b) => (a.path < b.path ? -1 : 1)), ...below];
}

const { SIGNATURE, IMPLICIT_META } = policiesPb.Policy.PolicyType;
const UNREADABLE = "(cannot be read)";

/** What the policy asks for, in one line; also for one that cannot be read, which is said. */
function policyText(policy: policiesPb.Policy): string {
  try {
    switch (policy.getType()) {
      case SIGNATURE:
        return signatureText(policy.getValue_asU8());
      case IMPLICIT_META:
        return metaText(policy.getValue_asU8());
      default:
        return `(of unknown type ${policy.getType()})`;
    }
  } catch {
    return UNREADABLE;
  }
}

function metaText(bytes: Uint8Array): string {
  const meta = policiesPb.ImplicitMetaPolicy.deserializeBinary(bytes);
  const rule = Object.entries(policiesPb.ImplicitMetaPolicy.Rule).find(
    ([, value]) => value === meta.getRule(),
  );
  return `${rule?.[0] ?? UNREADABLE} ${meta.getSubPolicy()}`;
}

function signatureText(bytes: Uint8Array): string {
  const envelope = policiesPb.SignaturePolicyEnvelope.deserializeBinary(bytes);
  const principals = envelope.getIdentitiesList().map(principalText);
  return ruleText(envelope.getRule(), principals);
}

function ruleText(rule: policiesPb.SignaturePolicy | undefined, principals: readonly string[]): string {
  const nOutOf = rule?.getNOutOf();
  if (nOutOf === undefined) return principals[rule?.getSignedBy() ?? -1] ?? UNREADABLE;
  const rules = nOutOf.getRulesList().map((each) => ruleText(each, principals));
  const [only] = rules;
  const needed = nOutOf.getN();
  if (only !== undefined && rules.length === 1 && needed === 1) return only;
  if (needed === 1) return `OR(${rules.join(", ")})`;
  if (needed === rules.length) return `AND(${rules.join(", ")})`;
  return `OutOf(${[needed, ...rules].join(", ")})`;
}

function principalText(message: principalPb.MSPPrincipal): string {
  const { ROLE, ORGANIZATION_UNIT, IDENTITY } = principalPb.MSPPrincipal.Classification;
  const bytes = message.getPrincipal_asU8();
  switch (message.getPrincipalClassification()) {
    case ROLE: {
      const role = principalPb.MSPRole.deserializeBinary(bytes);
      const [name = "?"] =
        Object.entries(principalPb.MSPRole.MSPRoleType).find(([, value]) => value === role.getRole()) ?? [];
      return `'${role.getMspIdentifier()}.${name.toLowerCase()}'`;
    }
    case ORGANIZATION_UNIT: {
      const unit = principalPb.OrganizationUnit.deserializeBinary(bytes);
      return `'${unit.getMspIdentifier()} OU=${unit.getOrganizationalUnitIdentifier()}'`;
    }
    case IDENTITY: {
      const { mspId, certificatePem } = parseSerializedIdentity(bytes);
      const subject = parseCertificate(Buffer.from(certificatePem)).subject.replaceAll("\n", ", ");
      return `'${mspId} ${subject}'`;
    }
    default:
      return "(of a kind without words)";
  }
}
