import policiesPb from "@hyperledger/fabric-protos/lib/common/policies_pb.js";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { implicitMetaPolicy, rolePolicy } from "../../chain/config-policies.ts";
import type { ConfigTree } from "../../chain/config-tree.ts";
import { ChainError } from "../../chain/errors.ts";
import { Policy, policyRule } from "../../chain/policy.ts";
import { envelope, group, MSP_IDS, msps, outOf, people, role, signed } from "./policy-fixture.ts";
import { NODE_UNITS, TestCertificate, testMsp } from "./test-organisation.ts";

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

describe("an identity without a signature", () => {
  const readers = MSP_IDS.map((mspId) => group({ Readers: rolePolicy(mspId, ["PEER", "ADMIN"]) }));
  const serialized = (name: string): Uint8Array => {
    const { certificate, mspId } = people.get(name)!;
    return certificate.identity(mspId);
  };

  test.each<["ANY" | "ALL" | "MAJORITY", number, string, boolean]>([
    ["ANY", 3, "A.peer", true],
    ["ANY", 3, "C.admin", true],
    ["ANY", 3, "A.client", false],
    ["ANY", 2, "C.peer", false],
    ["ANY", 3, "stranger", false],
    ["ANY", 3, "unknown", false],
    // One identity is of one organisation.
    ["ALL", 3, "A.peer", false],
    ["MAJORITY", 1, "A.peer", true],
    // Where nobody is asked for, still not everybody may.
    ["ANY", 0, "A.peer", true],
    ["ANY", 0, "stranger", false],
  ])("%s of the first %i organisations accept %s: %s", (rule, count, name, expected) => {
    const tree = group({ Readers: implicitMetaPolicy(rule, "Readers") }, ...readers.slice(0, count));
    const policy = new Policy(policyRule(tree, "Readers"), msps);
    expect(policy.accepts(serialized(name))).toBe(expected);
  });

  test("counts once, also where a rule asks for its organisation twice", () => {
    const message = new policiesPb.Policy();
    message.setType(policiesPb.Policy.PolicyType.SIGNATURE);
    message.setValue(envelope(outOf(2, 0, 1), [role("AMSP", "PEER"), role("AMSP", "MEMBER")]));
    const policy = new Policy(policyRule(group({ P: message }), "P"), msps);
    expect(policy.accepts(serialized("A.peer"))).toBe(false);
  });

  test("is not accepted once it is revoked", async () => {
    const root = await TestCertificate.root();
    const peer = await root.issue({ units: ["peer"] });
    const accepts = (revocationLists: readonly string[]) => {
      const msp = testMsp({ mspId: "AMSP", roots: [root.pem], nodeUnits: NODE_UNITS, revocationLists });
      const policy = new Policy(policyRule(readers[0]!, "Readers"), new Map([["AMSP", msp]]));
      return policy.accepts(peer.identity("AMSP"));
    };
    expect(accepts([])).toBe(true);
    expect(accepts([await root.revoke(peer)])).toBe(false);
  });

  test("that is noise is not accepted", () => {
    const policy = new Policy(policyRule(readers[0]!, "Readers"), msps);
    fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (noise) => !policy.accepts(noise)));
  });
});

test("a policy that is not there is never satisfied", () => {
  for (const name of ["Writers", "constructor", "__proto__"]) {
    const policy = new Policy(policyRule(group({}), name), msps);
    expect(policy.evaluate(signed("A.peer")).isSatisfied).toBe(false);
    expect(policy.accepts(signed("A.peer")[0]!.identity)).toBe(false);
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
