import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Msp } from "../../chain/msp.ts";
import { mspValue } from "../../chain/msp-value.ts";
import { lengthDelimited } from "../../chain/protobuf-fields.ts";
import { serializedIdentity } from "../../chain/serialized-identity.ts";
import { CertificateAuthority, type Credential } from "../../node/msp/certificate-authority.ts";
import { GossipError, isAdmissionCode, type AdmissionCode } from "../../gossip/errors.ts";
import { createIdentity, findMspId, verifyIdentity } from "../../node/msp/identity.ts";
import { mspSigner, readMspFolder, writeMspFolder, type MspFolder } from "../../node/msp/msp-folder.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const PEER = "12D3KooWLP6oBkm4N9Hsrxg4mHDS8iRoMPN1uLo6uWvcJgBGhWus";
const OTHER_PEER = "12D3KooWPYwiPFX6KkupgPfAotsHGf4YUNc4JZozqpEAW5cHpHMh";
const DAY_MS = 24 * 60 * 60 * 1000;

const authority1 = await CertificateAuthority.create("Org1");
const authority2 = await CertificateAuthority.create("Org2");
const org1 = organisation("Org1MSP", authority1);
const org2 = organisation("Org2MSP", authority2);
const organisations = [org1, org2];
const peer1 = folder(await authority1.issue({ commonName: "peer0", role: "peer" }), authority1);
const peer2 = folder(await authority2.issue({ commonName: "peer0", role: "peer" }), authority2);
const nowMs = Date.now();

function organisation(mspId: string, authority: CertificateAuthority): Msp {
  const rootCertificates = [authority.credential.certificate];
  return Msp.parse(mspValue({ name: mspId, mspId, rootCertificates }).serializeBinary());
}

function folder(credential: Credential, authority: CertificateAuthority): MspFolder {
  using directory = temporaryDirectory();
  writeMspFolder(directory.path, credential, authority.credential.certificate);
  return readMspFolder(directory.path);
}

function identityOf(msp: MspFolder, mspId: string): Uint8Array {
  return createIdentity(mspSigner(msp, mspId), PEER);
}

/** Matches the error of an identity that is refused for this reason with these words. */
function refused(code: AdmissionCode, message: string): Error {
  return expect.objectContaining({ name: "GossipError", code, message: expect.stringContaining(message) });
}

/** The organisation that is proven to be the peer's, or the code of the refusal. */
function outcome(bytes: Uint8Array): string {
  try {
    return verifyIdentity(bytes, PEER, organisations, nowMs).mspId;
  } catch (error) {
    expect(error).toBeInstanceOf(GossipError);
    return (error as GossipError).code;
  }
}

describe("an identity", () => {
  const identity = identityOf(peer1, "Org1MSP");

  test("proves the organisation of the peer that it names", () => {
    expect(verifyIdentity(identity, PEER, organisations, nowMs).mspId).toBe("Org1MSP");
    expect(verifyIdentity(identityOf(peer2, "Org2MSP"), PEER, organisations, nowMs).mspId).toBe("Org2MSP");
  });

  test("proves nothing for another peer", () => {
    expect(() => verifyIdentity(identity, OTHER_PEER, organisations, nowMs)).toThrow(
      refused(
        "WRONG_PEER",
        `${OTHER_PEER} is not admitted: the certificate of Org1MSP that it shows does not vouch for this peer id`,
      ),
    );
  });

  test("of an unknown organisation is refused by name", () => {
    expect(() => verifyIdentity(identity, PEER, [org2], nowMs)).toThrow(
      refused("UNKNOWN_ORGANISATION", '"Org1MSP" is no organisation of a joined channel'),
    );
    expect(() => verifyIdentity(identity, PEER, [], nowMs)).toThrow(
      refused("UNKNOWN_ORGANISATION", "is no organisation of a joined channel"),
    );
  });

  test("whose certificate is of another organisation than it says is refused", () => {
    const forged = identityOf(peer2, "Org1MSP");
    expect(() => verifyIdentity(forged, PEER, organisations, nowMs)).toThrow(
      refused("INVALID_CERTIFICATE", "an identity that is none of Org1MSP"),
    );
  });

  test("of an authority with the same name but another key is refused", async () => {
    const impostor = await CertificateAuthority.create("Org1");
    const forged = folder(await impostor.issue({ commonName: "peer0", role: "peer" }), impostor);
    expect(() => verifyIdentity(identityOf(forged, "Org1MSP"), PEER, organisations, nowMs)).toThrow(
      refused("INVALID_CERTIFICATE", "an identity that is none of Org1MSP"),
    );
  });

  test("is refused from the moment its certificate expires", () => {
    expect(verifyIdentity(identity, PEER, organisations, nowMs + 364 * DAY_MS).mspId).toBe("Org1MSP");
    expect(() => verifyIdentity(identity, PEER, organisations, nowMs + 366 * DAY_MS)).toThrow(
      refused("EXPIRED_CERTIFICATE", "its certificate expired on"),
    );
  });

  test("with another certificate's signature is refused", async () => {
    const neighbour = folder(await authority1.issue({ commonName: "peer1", role: "peer" }), authority1);
    const statement = Buffer.from(`blockgossip identity v1\nOrg1MSP\n${PEER}`);
    const signature = mspSigner(neighbour, "Org1MSP").sign(statement);
    const serialized = serializedIdentity("Org1MSP", peer1.certificate);
    const mixed = Buffer.concat([lengthDelimited(1, serialized), lengthDelimited(2, signature)]);
    expect(() => verifyIdentity(mixed, PEER, organisations, nowMs)).toThrow(
      refused("WRONG_PEER", "does not vouch for this peer id"),
    );
  });

  test("in the documented form, made by hand, is taken", () => {
    const statement = Buffer.from(`blockgossip identity v1\nOrg1MSP\n${PEER}`);
    const signature = mspSigner(peer1, "Org1MSP").sign(statement);
    const serialized = serializedIdentity("Org1MSP", peer1.certificate);
    const made = Buffer.concat([lengthDelimited(1, serialized), lengthDelimited(2, signature)]);
    expect(verifyIdentity(made, PEER, organisations, nowMs).mspId).toBe("Org1MSP");
  });

  test("of more than 16 KiB is not looked at", () => {
    const long = Buffer.concat([identity, Buffer.alloc(16 << 10)]);
    expect(() => verifyIdentity(long, PEER, organisations, nowMs)).toThrow(
      refused("MALFORMED_IDENTITY", "more than 16384"),
    );
  });

  test("with something behind it, cut off, or empty is refused", () => {
    const behind = Buffer.concat([identity, lengthDelimited(3, Buffer.from("more"))]);
    for (const bytes of [behind, identity.subarray(0, -1), Buffer.alloc(0)]) {
      expect(() => verifyIdentity(bytes, PEER, organisations, nowMs)).toThrow(
        refused("MALFORMED_IDENTITY", "its identity is malformed"),
      );
    }
  });

  test("that is noise or damaged is refused with a reason and nothing else, and never taken for another", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(isAdmissionCode(outcome(bytes))).toBe(true);
      }),
    );
    fc.assert(
      fc.property(fc.nat(identity.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const damaged = Uint8Array.from(identity);
        damaged[at]! ^= flip;
        const found = outcome(damaged);
        expect(found === "Org1MSP" || isAdmissionCode(found)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe("the organisation of a certificate", () => {
  test("is found among those of the channels", () => {
    expect(findMspId(peer1, organisations)).toBe("Org1MSP");
    expect(findMspId(peer2, [org1, org2, org2])).toBe("Org2MSP");
  });

  test("that is of none of them is refused with their names", () => {
    expect(() => findMspId(peer1, [org2])).toThrow(
      expect.objectContaining({
        code: "MSP_INVALID",
        message: expect.stringContaining("of no organisation of the joined channels: Org2MSP"),
      }),
    );
    expect(() => findMspId(peer1, [])).toThrow(expect.objectContaining({ code: "MSP_INVALID" }));
  });

  test("that two organisations claim has to be said", () => {
    const twin = organisation("TwinMSP", authority1);
    expect(() => findMspId(peer1, [org1, twin])).toThrow(
      expect.objectContaining({
        message: expect.stringContaining("Org1MSP, TwinMSP; set mspId to one of them"),
      }),
    );
  });
});
