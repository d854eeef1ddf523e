import policiesPb from "@hyperledger/fabric-protos/lib/common/policies_pb.js";
import type { ConfigTree } from "./config-tree.ts";
import { decodeMessage } from "./decode-message.ts";
import { ChainError } from "./errors.ts";
import type { Identity } from "./identity.ts";
import type { Msp } from "./msp.ts";
import { parseSerializedIdentity } from "./parse-serialized-identity.ts";
import { parseSignaturePolicy, type PolicyRule } from "./signature-policy.ts";

/** A signature, and whose over what it is said to be. */
export interface SignedData {
  /** The bytes of an `msp.SerializedIdentity`. */
  readonly identity: Uint8Array;
  readonly bytes: Uint8Array;
  readonly signature: Uint8Array;
}

/** What became of an evaluation. */
export interface PolicyVerdict {
  readonly isSatisfied: boolean;
  /** Why signatures did not count, a sentence for each of these. */
  readonly dropped: readonly string[];
}

/** A policy of a channel's configuration, together with the MSPs that say who is who (Fabric, common/policies). */
export class Policy {
  readonly #rule: PolicyRule;
  readonly #msps: ReadonlyMap<string, Msp>;

  constructor(rule: PolicyRule, msps: ReadonlyMap<string, Msp>) {
    this.#rule = rule;
    this.#msps = msps;
  }

  /**
   * Whether these signatures satisfy the policy. Signatures of unknown identities and wrong ones do not count, and of
   * an identity only the first good one does; no other is even checked (common/policies/policy.go
   * `SignatureSetToValidIdentities`).
   */
  evaluate(signatures: readonly SignedData[]): PolicyVerdict {
    const identities = new Map<string, Identity>();
    const dropped: string[] = [];
    for (const { identity: serialized, bytes, signature } of signatures) {
      const identity = this.#identity(serialized);
      if (typeof identity === "string") dropped.push(identity);
      else if (identities.has(identity.id))
        dropped.push(`a second signature of one identity of ${identity.mspId}`);
      else if (identity.verify(bytes, signature)) identities.set(identity.id, identity);
      else dropped.push(`a wrong signature of an identity of ${identity.mspId}`);
    }
    return { isSatisfied: this.#rule([...identities.values()]), dropped };
  }

  /**
   * Whether this identity alone satisfies the policy, without a signature (common/policies/policy.go
   * `EvaluateIdentities`). False where no MSP vouches for it. Whether its certificate has expired is not looked at.
   *
   * @param serialized the bytes of an `msp.SerializedIdentity`.
   */
  accepts(serialized: Uint8Array): boolean {
    const identity = this.#identity(serialized);
    return typeof identity !== "string" && this.#rule([identity]);
  }

  /** The identity, or why there is none. */
  #identity(serialized: Uint8Array): Identity | string {
    try {
      const { mspId } = parseSerializedIdentity(serialized);
      return (
        this.#msps.get(mspId)?.identity(serialized) ??
        `an identity of unknown ${JSON.stringify(mspId.slice(0, 100))}`
      );
    } catch (error) {
      if (error instanceof ChainError) return error.message;
      if (error instanceof RangeError) return "an identity that cannot be read";
      throw error;
    }
  }
}

/** A rule that nothing satisfies: what Fabric puts in place of a policy that is not there. */
const REJECT: PolicyRule = () => false;

/**
 * The policy of this name in a group. IMPLICIT_META policies take the policies of the groups directly below it
 * (common/policies/implicitmeta.go): ANY needs one of them to be satisfied, MAJORITY more than half, ALL all, and
 * where there are no groups none is needed. A policy that is not there is never satisfied.
 *
 * @throws ChainError `MALFORMED_CONFIG`.
 */
export function policyRule(group: ConfigTree, name: string): PolicyRule {
  const policy = group.policies.get(name);
  if (policy === undefined) return REJECT;
  const { SIGNATURE, IMPLICIT_META } = policiesPb.Policy.PolicyType;
  switch (policy.getType()) {
    case SIGNATURE:
      return parseSignaturePolicy(policy.getValue_asU8());
    case IMPLICIT_META:
      return metaRule(
        decodeMessage(policiesPb.ImplicitMetaPolicy, policy.getValue_asU8(), "ImplicitMetaPolicy"),
        group,
      );
    default:
      throw new ChainError("MALFORMED_CONFIG", `policy ${name} is of unknown type ${policy.getType()}`);
  }
}

function metaRule(meta: policiesPb.ImplicitMetaPolicy, group: ConfigTree): PolicyRule {
  const rules = [...group.groups.values()].map((child) => policyRule(child, meta.getSubPolicy()));
  const needed = neededOf(meta.getRule(), rules.length);
  return (identities) => rules.filter((rule) => rule(identities)).length >= needed;
}

function neededOf(
  rule: policiesPb.ImplicitMetaPolicy.RuleMap[keyof policiesPb.ImplicitMetaPolicy.RuleMap],
  count: number,
): number {
  const { ANY, ALL, MAJORITY } = policiesPb.ImplicitMetaPolicy.Rule;
  if (count === 0) return 0;
  switch (rule) {
    case ANY:
      return 1;
    case ALL:
      return count;
    case MAJORITY:
      return Math.floor(count / 2) + 1;
    default:
      throw new ChainError(
        "MALFORMED_CONFIG",
        `implicit meta policy of unknown rule ${String(rule satisfies never)}`,
      );
  }
}
