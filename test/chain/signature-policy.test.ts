import policiesPb from "@hyperledger/fabric-protos/lib/common/policies_pb.js";
import type principalPb from "@hyperledger/fabric-protos/lib/msp/msp_principal_pb.js";
import { describe, expect, test } from "vitest";
import { Policy } from "../../chain/policy.ts";
import { lengthDelimited } from "../../chain/protobuf-fields.ts";
import { parseSignaturePolicy } from "../../chain/signature-policy.ts";
import {
  Classification,
  combined,
  envelope,
  identity,
  msps,
  outOf,
  principal,
  role,
  signed,
  unit,
  type Rule,
} from "./policy-fixture.ts";

function isSatisfied(rule: Rule, principals: readonly principalPb.MSPPrincipal[], names: string): boolean {
  return new Policy(parseSignaturePolicy(envelope(rule, principals)), msps).evaluate(signed(names))
    .isSatisfied;
}

describe("a signature policy", () => {
  const members = [role("AMSP", "MEMBER"), role("BMSP", "MEMBER"), role("CMSP", "MEMBER")];

  test.each<[Rule, string, boolean]>([
    [0, "A.peer", true],
    [0, "B.peer", false],
    [0, "", false],
    [0, "!A.peer", false],
    [0, "stranger", false],
    [0, "unknown", false],
    [0, "B.peer stranger A.client", true],
    [outOf(1, 0, 1, 2), "C.admin", true],
    [outOf(2, 0, 1, 2), "C.admin", false],
    [outOf(2, 0, 1, 2), "C.admin A.peer", true],
    [outOf(2, 0, 1, 2), "C.admin !A.peer", false],
    [outOf(3, 0, 1, 2), "A.peer B.peer", false],
    [outOf(3, 0, 1, 2), "C.peer B.peer A.peer", true],
    [outOf(0), "", true],
    [outOf(1), "A.peer", false],
    // One identity stands for one rule only, and repeating it does not help.
    [outOf(2, 0, 0), "A.peer", false],
    [outOf(2, 0, 0), "A.peer A.peer A.peer", false],
    [outOf(2, 0, 0), "A.peer A.client", true],
    // A wrong signature does not spoil the identity's right one.
    [outOf(1, 0), "!A.peer A.peer", true],
    [outOf(2, 0, 0), "!A.peer A.peer", false],
    // What a failing branch has used is free for the next.
    [outOf(1, outOf(2, 0, 1), outOf(1, 0)), "A.peer", true],
    [outOf(2, outOf(1, 0, 1), outOf(1, 0)), "A.peer", false],
    // A satisfied branch uses all identities that it can, not only those that it needs.
    [outOf(2, outOf(1, 0, 1), 1), "A.peer B.peer", false],
    [outOf(2, 1, outOf(1, 0, 1)), "A.peer B.peer", true],
    // The first identity that fits is taken, whatever is left for the rules behind.
    [outOf(1, outOf(1, outOf(1, outOf(1, 2)))), "C.peer", true],
  ])("%j signed by %j: %s", (rule, names, expected) => {
    expect(isSatisfied(rule, members, names)).toBe(expected);
  });

  const [salesUnit] = msps.get("AMSP")!.identity(signed("A.peer")[0]!.identity).units.slice(1);
  const certifiers = salesUnit!.certifiers;

  test.each<[string, principalPb.MSPPrincipal, string, boolean]>([
    ["the role peer", role("AMSP", "PEER"), "A.peer", true],
    ["the role peer", role("AMSP", "PEER"), "A.client A.admin A.orderer B.peer", false],
    ["the role client", role("AMSP", "CLIENT"), "A.client", true],
    ["the role client", role("AMSP", "CLIENT"), "A.peer A.admin A.orderer", false],
    ["the role admin", role("AMSP", "ADMIN"), "A.admin", true],
    ["the role admin", role("AMSP", "ADMIN"), "A.peer A.client A.orderer", false],
    ["the role orderer", role("AMSP", "ORDERER"), "A.orderer", true],
    ["the role orderer", role("AMSP", "ORDERER"), "A.peer A.client A.admin", false],
    ["one person", identity("B.client"), "B.client", true],
    ["one person", identity("B.client"), "A.client B.peer B.admin", false],
    ["a person whom no CA vouches for", identity("stranger"), "stranger", false],
    ["a unit", unit("AMSP", "sales", certifiers), "A.peer", true],
    ["a unit of another organisation", unit("BMSP", "sales", certifiers), "A.peer B.peer", false],
    ["another unit", unit("AMSP", "accounting", certifiers), "A.peer", false],
    ["a unit of other certifiers", unit("AMSP", "sales", "00".repeat(32)), "A.peer", false],
    ["role and unit", combined(role("AMSP", "PEER"), unit("AMSP", "sales", certifiers)), "A.peer", true],
    [
      "role and another's unit",
      combined(role("AMSP", "PEER"), unit("BMSP", "sales", certifiers)),
      "A.peer",
      false,
    ],
    ["nothing combined", combined(), "A.peer", false],
    ["a role, combined 7 deep", deep(7, role("AMSP", "PEER")), "A.peer", true],
    ["a role, combined 8 deep", deep(8, role("AMSP", "PEER")), "A.peer", false],
    ["anonymity", principal(Classification.ANONYMITY, new Uint8Array(0)), "A.peer", false],
    ["an unreadable role", principal(Classification.ROLE, Buffer.from("nonsense")), "A.peer", false],
    ["an unreadable person", principal(Classification.IDENTITY, Buffer.from("nonsense")), "A.peer", false],
    ["an unknown kind", principal(9 as 0, new Uint8Array(0)), "A.peer", false],
  ])("principal %s", (_, message, names, expected) => {
    expect(isSatisfied(0, [message], names)).toBe(expected);
  });

  test("says of every signature that does not count why", () => {
    const policy = new Policy(parseSignaturePolicy(envelope(outOf(2, 0, 0), members)), msps);
    const { isSatisfied: satisfied, dropped } = policy.evaluate(
      signed("A.peer A.peer !A.admin unknown stranger"),
    );
    expect(satisfied).toBe(false);
    expect(dropped).toEqual([
      "a second signature of one identity of AMSP",
      "a wrong signature of an identity of AMSP",
      'an identity of unknown "XMSP"',
      "an identity that is none of AMSP: the certificate chains to no root of the organisation",
    ]);
  });
});

describe("a signature policy is refused", () => {
  const nested = (depth: number): Rule => (depth === 0 ? 0 : outOf(1, nested(depth - 1)));
  /** A message in a message, so deep that google-protobuf overflows the stack. */
  const bottomless = (): Uint8Array => {
    let rule = Buffer.from([0x08, 0x00]);
    for (let depth = 0; depth < 6000; depth++)
      rule = Buffer.from(lengthDelimited(2, lengthDelimited(2, rule)));
    return lengthDelimited(2, rule);
  };

  test.each<[string, () => Uint8Array, string]>([
    ["with an empty rule", () => new policiesPb.SignaturePolicyEnvelope().serializeBinary(), "empty rule"],
    [
      "that names a principal that is not there",
      () => envelope(1, [role("AMSP", "MEMBER")]),
      "principal 1 of 1",
    ],
    ["that names a negative principal", () => envelope(-1, [role("AMSP", "MEMBER")]), "principal -1 of 1"],
    ["of another version", () => Buffer.of(0x08, 0x01), "of version 1"],
    ["nested 40 deep", () => envelope(nested(40), [role("AMSP", "MEMBER")]), "nested more than 32 deep"],
    [
      "of 10,001 rules",
      () => envelope(outOf(1, ...Array<Rule>(10_000).fill(0)), [role("AMSP", "MEMBER")]),
      "more than 10000 rules",
    ],
    ["nested without end", bottomless, "no SignaturePolicyEnvelope"],
  ])("%s", (_, make, message) => {
    expect(() => parseSignaturePolicy(make())).toThrow(
      expect.objectContaining({
        name: "ChainError",
        code: "MALFORMED_CONFIG",
        message: expect.stringContaining(message),
      }),
    );
  });
});

function deep(depth: number, message: principalPb.MSPPrincipal): principalPb.MSPPrincipal {
  return depth === 0 ? message : combined(deep(depth - 1, message));
}
