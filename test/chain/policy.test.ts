import policiesPb from "@hyperledger/fabric-protos/lib/common/policies_pb.js";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { implicitMetaPolicy, rolePolicy } from "../../chain/config-policies.ts";
import type { ConfigTree } from "../../chain/config-tree.ts";
import { ChainError } from "../../chain/errors.ts";
import { Policy, policyRule } from "../../chain/policy.ts";
import { group, MSP_IDS, msps, signed } from "./policy-fixture.ts";

describe("an implicit meta policy", () => {
  const organisations = MSP_IDS.map((mspId) => group({ Writers: rolePolicy(mspId, ["MEMBER"]) }));
  const four = [...organisations, group({})];

  test.each<["ANY" | "ALL" | "MAJORITY", readonly ConfigTree[], string, boolean]>([
    ["ANY", organisations, "", false],
    ["ANY", organisations, "B.peer", true],
    ["ANY", organisations, "!B.peer", false],
    ["ALL", organisations, "A.peer B.peer", false],
    ["ALL", organisations, "A.peer B.peer C.peer", true],
    ["MAJORITY", organisations, "A.peer", false],
    ["MAJORITY", organisations, "A.peer A.client", false],
    ["MAJORITY", organisations, "A.peer C.client", true],
    // Half is no majority; a group without the policy counts as one that is not satisfied.
    ["MAJORITY", organisations.slice(0, 2), "A.peer", false],
    ["MAJORITY", organisations.slice(0, 2), "A.peer B.peer", true],
    ["MAJORITY", four, "A.peer B.peer", false],
    ["MAJORITY", four, "A.peer B.peer C.peer", true],
    ["ALL", four, "A.peer B.peer C.peer", false],
    ["ANY", [], "", true],
    ["ALL", [], "", true],
    ["MAJORITY", [], "", true],
  ])("%s of %j, signed by %j: %s", (rule, below, names, expected) => {
    const tree = group({ BlockValidation: implicitMetaPolicy(rule, "Writers") }, ...below);
    const policy = new Policy(policyRule(tree, "BlockValidation"), msps);
    expect(policy.evaluate(signed(names)).isSatisfied).toBe(expected);
  });

  test("asks further down where the policies below are implicit meta policies themselves", () => {
    const any = { Writers: implicitMetaPolicy("ANY", "Writers") };
    const [a, b, c] = organisations;
    const tree = group({ Writers: implicitMetaPolicy("ALL", "Writers") }, group(any, a!, b!), group(any, c!));
    const policy = new Policy(policyRule(tree, "Writers"), msps);
    expect(policy.evaluate(signed("A.peer B.peer")).isSatisfied).toBe(false);
    expect(policy.evaluate(signed("B.peer C.peer")).isSatisfied).toBe(true);
  });
});

test("a policy that is not there is never satisfied", () => {
  for (const name of ["Writers", "constructor", "__proto__"]) {
    const policy = new Policy(policyRule(group({}), name), msps);
    expect(policy.evaluate(signed("A.peer")).isSatisfied).toBe(false);
  }
});

describe("a policy is refused", () => {
  const policy = (type: number, value: Uint8Array): policiesPb.Policy => {
    const message = new policiesPb.Policy();
    message.setType(type);
    message.setValue(value);
    return message;
  };

  test.each([0, 2, 7])("of type %i", (type) => {
    expect(() => policyRule(group({ P: policy(type, new Uint8Array(0)) }), "P")).toThrow(
      `policy P is of unknown type ${type}`,
    );
  });

  test("of any bytes, if it is one, with a ChainError", () => {
    fc.assert(
      fc.property(fc.constantFrom(1, 3), fc.uint8Array({ maxLength: 100 }), (type, value) => {
        try {
          new Policy(policyRule(group({ P: policy(type, value) }), "P"), msps).evaluate(signed("A.peer"));
        } catch (error) {
          expect(error).toBeInstanceOf(ChainError);
        }
      }),
    );
  });
});
