import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { ChannelConfig } from "../../chain/channel-config.ts";
import type { OrganisationSpec } from "../../chain/channel-spec.ts";
import { createGenesis } from "../../chain/genesis.ts";
import type { Identity } from "../../chain/identity.ts";
import { SimulatedOrganisation, type SimulatedMember } from "./simulated-organisation.ts";

const organisation = await SimulatedOrganisation.create("A");
const orderers = await SimulatedOrganisation.create("Orderer");
const ordering = orderers.ordering([await orderers.member("orderer1", { role: "orderer" })]);

function configOf(spec: OrganisationSpec): ChannelConfig {
  const stamp = { timestampMs: 0, nonce: new Uint8Array(24) };
  return ChannelConfig.fromBlock(createGenesis({ channel: "demo", organisations: [spec], ordering }, stamp));
}

/** The identity as a channel with this organisation sees it; throws where it is none. */
function identityIn(spec: OrganisationSpec, { signer }: SimulatedMember): Identity {
  return configOf(spec).organisations.get("AMSP")!.identity(signer.identity);
}

function code(expected: string): Error {
  return expect.objectContaining({ code: expected });
}

describe("an organisation of a simulation", () => {
  /** All that there is of it, made anew. */
  async function everything(name: string, seed?: string): Promise<readonly string[]> {
    const made = await SimulatedOrganisation.create(name, seed);
    const member = await made.member("peer0");
    const spec = made.spec({ revocationLists: [await made.revocationList([member.serial])] });
    const signature = Buffer.from(member.signer.sign(Buffer.from("a message"))).toString("hex");
    return [spec.rootCertificates[0]!, member.certificate, spec.revocationLists![0]!, signature];
  }

  test("is the same bytes whenever and wherever it is made", async () => {
    const [first, second] = [await everything("A"), await everything("A")];
    expect(second).toEqual(first);
    // Another process, another machine.
    expect(createHash("sha256").update(first.join("\n")).digest("hex")).toBe(
      "f7300ca0c2241653a8e76ae072067772fd8974365a63bb329d7658891f62d453",
    );
  });

  test("has nothing in common with one of another name or seed", async () => {
    const [own, ...others] = [await everything("A"), await everything("B"), await everything("A", "later")];
    for (const other of others) for (const part of other) expect(own).not.toContain(part);
  });
});

describe("a member", () => {
  test.each(["peer", "orderer", "client", "admin"] as const)("that is %s has that role", async (role) => {
    const member = await organisation.member("somebody", { role });
    expect([...identityIn(organisation.spec(), member).roles].sort()).toEqual(["member", role].sort());
  });

  test("signs what its identity verifies", async () => {
    const member = await organisation.member("peer0");
    const identity = identityIn(organisation.spec(), member);
    const message = Buffer.from("a message");
    expect(identity.verify(message, member.signer.sign(message))).toBe(true);
    expect(identity.verify(Buffer.from("another"), member.signer.sign(message))).toBe(false);
    const other = await organisation.member("peer1");
    expect(identity.verify(message, other.signer.sign(message))).toBe(false);
  });

  test("is valid for as long as it was asked for, and has the serial number that it was asked for", async () => {
    const validFromMs = Date.UTC(2026, 0, 1);
    const validToMs = Date.UTC(2026, 0, 1, 0, 10);
    const member = await organisation.member("peer0", { validFromMs, validToMs, serial: "0abc" });
    const { certificate } = identityIn(organisation.spec(), member);
    expect(certificate.validFromDate.getTime()).toBe(validFromMs);
    expect(certificate.validToDate.getTime()).toBe(validToMs);
    expect([member.serial, certificate.serialNumber]).toEqual(["0abc", "0ABC"]);
  });

  test("with other options has another certificate and number, and the same key", async () => {
    const [first, renewed] = [
      await organisation.member("peer0"),
      await organisation.member("peer0", { validToMs: Date.UTC(2027, 0, 1) }),
    ];
    expect(renewed.serial).not.toBe(first.serial);
    const message = Buffer.from("a message");
    expect(identityIn(organisation.spec(), first).verify(message, renewed.signer.sign(message))).toBe(true);
  });

  test("of an organisation of the same name with another CA is none of this one", async () => {
    const later = await SimulatedOrganisation.create("A", "later");
    const member = await later.member("peer0");
    expect(() => identityIn(organisation.spec(), member)).toThrow(code("INVALID_IDENTITY"));
    const both = organisation.spec({
      rootCertificates: [organisation, later].map((each) => each.rootCertificate),
    });
    expect(identityIn(both, member).mspId).toBe("AMSP");
    expect(identityIn(both, await organisation.member("peer0")).mspId).toBe("AMSP");
  });

  test("whose number the organisation's list has is revoked, and no other", async () => {
    const [revoked, other] = [await organisation.member("peer0"), await organisation.member("peer1")];
    const spec = organisation.spec({
      revocationLists: [await organisation.revocationList([revoked.serial])],
    });
    expect(() => identityIn(spec, revoked)).toThrow(code("REVOKED_IDENTITY"));
    expect(identityIn(spec, other).mspId).toBe("AMSP");
    expect(configOf(spec).readers.accepts(revoked.signer.identity)).toBe(false);
    expect(configOf(spec).readers.accepts(other.signer.identity)).toBe(true);
  });
});
