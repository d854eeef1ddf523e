import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { NODE_UNITS, rolesOrReason, TestCertificate, testMsp } from "./test-organisation.ts";

const root = await TestCertificate.root();
const otherRoot = await TestCertificate.root({ name: "other root" });
const intermediate = await root.issue({ name: "intermediate", isCa: true });

describe("with node OUs", () => {
  const msp = testMsp({ roots: [root.pem], nodeUnits: NODE_UNITS });

  test.each<[readonly string[], string]>([
    [["peer"], "member peer"],
    [["client"], "client member"],
    [["admin"], "admin member"],
    [["orderer"], "member orderer"],
    [["peer", "accounting"], "member peer"],
    [[], "0 organizational units that name a role"],
    [["accounting"], "0 organizational units that name a role"],
    [["Peer"], "0 organizational units that name a role"],
    [["peer", "client"], "2 organizational units that name a role"],
    [["peer", "peer"], "2 organizational units that name a role"],
  ])("a certificate of units %j is: %s", async (units, expected) => {
    expect(rolesOrReason(msp, await root.issue({ units }))).toContain(expected);
  });

  test("a unit that names its certifier counts from that CA only", async () => {
    const nodeUnits = { peer: ["peer", root.pem] as const, client: ["client"] as const };
    const strict = testMsp({ roots: [root.pem, otherRoot.pem], nodeUnits });
    expect(rolesOrReason(strict, await root.issue({ units: ["peer"] }))).toBe("member peer");
    expect(rolesOrReason(strict, await otherRoot.issue({ units: ["peer"] }))).toContain(
      "certified by another CA",
    );
    expect(rolesOrReason(strict, await otherRoot.issue({ units: ["client"] }))).toBe("client member");
  });

  test("a listed administrator is one besides its own role", async () => {
    const boss = await root.issue({ units: ["client"] });
    const listed = testMsp({ roots: [root.pem], nodeUnits: NODE_UNITS, admins: [boss.pem] });
    expect(rolesOrReason(listed, boss)).toBe("admin client member");
  });
});

describe("without node OUs", () => {
  test("units give no role, and only listed administrators are administrators", async () => {
    const boss = await root.issue();
    const msp = testMsp({ roots: [root.pem], admins: [boss.pem] });
    expect(rolesOrReason(msp, boss)).toBe("admin member");
    expect(rolesOrReason(msp, await root.issue({ units: ["admin"] }))).toBe("member");
  });

  test("listed units are demanded, from the CA that is listed with them", async () => {
    const msp = testMsp({ roots: [root.pem, otherRoot.pem], listedUnits: [["accounting", root.pem]] });
    expect(rolesOrReason(msp, await root.issue({ units: ["sales", "accounting"] }))).toBe("member");
    const refusal = "has none of the organisation's organizational units";
    expect(rolesOrReason(msp, await root.issue({ units: ["sales"] }))).toContain(refusal);
    expect(rolesOrReason(msp, await otherRoot.issue({ units: ["accounting"] }))).toContain(refusal);
  });

  test("a unit's certifiers are named by the hash over the CA's chain", async () => {
    const msp = testMsp({ roots: [root.pem], intermediates: [intermediate.pem] });
    const { units } = msp.identity((await intermediate.issue({ units: ["sales"] })).identity("TestMSP"));
    const chain = [intermediate, root].map(({ certificate }) => Buffer.from(certificate.rawData));
    const certifiers = createHash("sha256").update(Buffer.concat(chain)).digest("hex");
    expect(units).toEqual([{ name: "sales", certifiers }]);
  });
});
