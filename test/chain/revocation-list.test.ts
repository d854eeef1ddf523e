import { describe, expect, test } from "vitest";
import { rolesOrReason, TestCertificate, testMsp } from "./test-organisation.ts";

const root = await TestCertificate.root();
const otherRoot = await TestCertificate.root({ name: "other root" });
const intermediate = await root.issue({ name: "intermediate", isCa: true });
const somebody = await root.issue();

describe("a revoked certificate", () => {
  test("is none of the organisation's, and others stay valid", async () => {
    const other = await root.issue();
    const msp = testMsp({ roots: [root.pem], revocationLists: [await root.revoke(somebody)] });
    expect(rolesOrReason(msp, somebody)).toBe(
      "revoked: an identity that is none of TestMSP: the certificate is revoked",
    );
    expect(rolesOrReason(msp, other)).toBe("member");
  });

  test("is not called so where another rule refuses it", async () => {
    const revocationLists = [await root.revoke(somebody)];
    const msp = testMsp({ roots: [root.pem], intermediates: [intermediate.pem], revocationLists });
    expect(rolesOrReason(msp, somebody)).toMatch(/^an identity .* its issuer has CAs below it/);
  });

  test("is one if the list is signed by somebody else of the CA's name", async () => {
    const impostor = await TestCertificate.root();
    const msp = testMsp({ roots: [root.pem], revocationLists: [await impostor.revoke(somebody)] });
    expect(rolesOrReason(msp, somebody)).toBe("member");
  });

  test("is one if another CA of the organisation revoked its number", async () => {
    const serialNumber = "0102030405";
    const [first, second] = await Promise.all([
      root.issue({ serialNumber }),
      otherRoot.issue({ serialNumber }),
    ]);
    const msp = testMsp({
      roots: [root.pem, otherRoot.pem],
      revocationLists: [await otherRoot.revoke(second)],
    });
    expect(rolesOrReason(msp, first)).toBe("member");
    expect(rolesOrReason(msp, second)).toMatch(/^revoked: /);
  });

  test("with a serial number whose first bit is set is found in the list", async () => {
    const high = await root.issue({ serialNumber: "00ff00000000000001" });
    const msp = testMsp({ roots: [root.pem], revocationLists: [await root.revoke(high)] });
    expect(rolesOrReason(msp, high)).toMatch(/^revoked: /);
  });

  test("is found in a list in DER, and a list without entries revokes nothing", async () => {
    const pem = await root.revoke(somebody);
    const der = Buffer.from(pem.replaceAll(/-----[^-]*-----|\s/g, ""), "base64");
    const config = (list: Uint8Array) =>
      testMsp({ roots: [root.pem], revocationLists: [list as unknown as string] });
    expect(rolesOrReason(config(der), somebody)).toMatch(/^revoked: /);
    expect(
      rolesOrReason(testMsp({ roots: [root.pem], revocationLists: [await root.revoke()] }), somebody),
    ).toBe("member");
  });

  test("of a CA makes the configuration unusable", async () => {
    const parts = {
      roots: [root.pem],
      intermediates: [intermediate.pem],
      revocationLists: [await root.revoke(intermediate)],
    };
    expect(() => testMsp(parts)).toThrow("the certificate is revoked");
  });
});
