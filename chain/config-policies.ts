import policiesPb from "@hyperledger/fabric-protos/lib/common/policies_pb.js";
import principalPb from "@hyperledger/fabric-protos/lib/msp/msp_principal_pb.js";
import { bftQuorum, type ConsenterSpec } from "./channel-spec.ts";
import { serializedIdentity } from "./serialized-identity.ts";

/** A policy that asks the policies of the same name one level down: any, all or most of them must agree. */
export function implicitMetaPolicy(rule: "ANY" | "ALL" | "MAJORITY", subPolicy: string): policiesPb.Policy {
  const meta = new policiesPb.ImplicitMetaPolicy();
  meta.setRule(policiesPb.ImplicitMetaPolicy.Rule[rule]);
  meta.setSubPolicy(subPolicy);
  return policy(policiesPb.Policy.PolicyType.IMPLICIT_META, meta.serializeBinary());
}

/** A policy that any one identity satisfies which has one of these roles in the organisation. */
export function rolePolicy(mspId: string, roles: readonly (keyof typeof principalPb.MSPRole.MSPRoleType)[]) {
  return signaturePolicy(
    1,
    roles.map((name) => {
      const role = new principalPb.MSPRole();
      role.setMspIdentifier(mspId);
      role.setRole(principalPb.MSPRole.MSPRoleType[name]);
      return principal(principalPb.MSPPrincipal.Classification.ROLE, role.serializeBinary());
    }),
  );
}

/** BlockValidation of a BFT channel: a quorum of the consenters, each known by its certificate. */
export function quorumPolicy(consenters: readonly ConsenterSpec[]): policiesPb.Policy {
  return signaturePolicy(
    bftQuorum(consenters.length),
    consenters.map(({ mspId, certificate }) =>
      principal(principalPb.MSPPrincipal.Classification.IDENTITY, serializedIdentity(mspId, certificate)),
    ),
  );
}

function signaturePolicy(needed: number, principals: principalPb.MSPPrincipal[]): policiesPb.Policy {
  const nOutOf = new policiesPb.SignaturePolicy.NOutOf();
  nOutOf.setN(needed);
  nOutOf.setRulesList(
    principals.map((_, index) => {
      const rule = new policiesPb.SignaturePolicy();
      rule.setSignedBy(index);
      return rule;
    }),
  );
  const rule = new policiesPb.SignaturePolicy();
  rule.setNOutOf(nOutOf);
  const envelope = new policiesPb.SignaturePolicyEnvelope();
  envelope.setRule(rule);
  envelope.setIdentitiesList(principals);
  return policy(policiesPb.Policy.PolicyType.SIGNATURE, envelope.serializeBinary());
}

function principal(classification: 0 | 1 | 2 | 3 | 4, bytes: Uint8Array): principalPb.MSPPrincipal {
  const message = new principalPb.MSPPrincipal();
  message.setPrincipalClassification(classification);
  message.setPrincipal(bytes);
  return message;
}

function policy(type: number, value: Uint8Array): policiesPb.Policy {
  const message = new policiesPb.Policy();
  message.setType(type);
  message.setValue(value);
  return message;
}
