import policiesPb from "@hyperledger/fabric-protos/lib/common/policies_pb.js";
import { decodeMessage } from "./decode-message.ts";
import { ChainError } from "./errors.ts";
import type { Identity } from "./identity.ts";
import { parsePrincipal, type Principal } from "./principal.ts";

/** Whether these identities, each of which has signed and stands there once, are enough. */
export type PolicyRule = (identities: readonly Identity[]) => boolean;

/** A rule that marks the identities it needs as used. */
type CountingRule = (identities: readonly Identity[], used: boolean[]) => boolean;

const DEPTH_MAX = 32;
const RULES_MAX = 10_000;

/**
 * Reads a `SignaturePolicyEnvelope`. It is evaluated as Fabric does it (common/cauthdsl/cauthdsl.go): a rule takes the
 * first identity that fits and is not used yet; "n out of" goes through all its rules, and what an unsatisfied rule
 * has used is free again. The order of rules and identities therefore matters.
 *
 * @throws ChainError `MALFORMED_CONFIG`; also for more than 10,000 rules, or rules nested more than 32 deep.
 */
export function parseSignaturePolicy(bytes: Uint8Array): PolicyRule {
  const envelope = decodeMessage(policiesPb.SignaturePolicyEnvelope, bytes, "SignaturePolicyEnvelope");
  if (envelope.getVersion() !== 0)
    throw malformed(`a signature policy of version ${envelope.getVersion()}, not 0`);
  const principals = envelope.getIdentitiesList().map((message) => parsePrincipal(message));
  const rule = new RuleReader(principals).read(envelope.getRule(), 1);
  return (identities) =>
    rule(
      identities,
      identities.map(() => false),
    );
}

class RuleReader {
  readonly #principals: readonly Principal[];
  #count = 0;

  constructor(principals: readonly Principal[]) {
    this.#principals = principals;
  }

  read(policy: policiesPb.SignaturePolicy | undefined, depth: number): CountingRule {
    if (++this.#count > RULES_MAX) throw malformed(`a signature policy of more than ${RULES_MAX} rules`);
    if (depth > DEPTH_MAX) throw malformed(`a signature policy nested more than ${DEPTH_MAX} deep`);
    const nOutOf = policy?.getNOutOf();
    if (nOutOf !== undefined) {
      const rules = nOutOf.getRulesList().map((rule) => this.read(rule, depth + 1));
      return needs(nOutOf.getN(), rules);
    }
    if (policy?.getTypeCase() !== policiesPb.SignaturePolicy.TypeCase.SIGNED_BY)
      throw malformed("a signature policy with an empty rule");
    const principal = this.#principals[policy.getSignedBy()];
    if (principal === undefined)
      throw malformed(
        `a signature policy that names principal ${policy.getSignedBy()} of ${this.#principals.length}`,
      );
    return signedBy(principal);
  }
}

function needs(count: number, rules: readonly CountingRule[]): CountingRule {
  return (identities, used) => {
    let satisfied = 0;
    for (const rule of rules) {
      const trial = [...used];
      if (!rule(identities, trial)) continue;
      satisfied++;
      trial.forEach((isUsed, index) => (used[index] = isUsed));
    }
    return satisfied >= count;
  };
}

function signedBy(principal: Principal): CountingRule {
  return (identities, used) => {
    const index = identities.findIndex((identity, at) => used[at] === false && principal(identity));
    if (index !== -1) used[index] = true;
    return index !== -1;
  };
}

function malformed(message: string): ChainError {
  return new ChainError("MALFORMED_CONFIG", message);
}
