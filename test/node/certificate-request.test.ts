import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { createCertificateRequest, readCertificateRequest } from "../../node/msp/certificate-request.ts";
import { generateKeys, importKeys, SIGNING_ALGORITHM } from "../../node/msp/signing-keys.ts";
import { Pkcs10CertificateRequestGenerator } from "../../node/msp/x509.ts";

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });

/** Matches the NodeError of a request that is refused with these words. */
function refused(message: string): Error {
  return expect.objectContaining({
    name: "NodeError",
    code: "CERTIFICATE_INVALID",
    message: expect.stringContaining(message),
  });
}

test("what is asked for is read back", async () => {
  const pem = await createCertificateRequest(privateKey, { commonName: "peer0", organisation: "Org1" });
  expect(pem).toMatch(/^-----BEGIN CERTIFICATE REQUEST-----\n/);
  const request = await readCertificateRequest("peer0.csr", pem);
  expect(request).toMatchObject({ commonName: "peer0", organisation: "Org1" });
  expect(request.publicKey.equals(publicKey)).toBe(true);
});

test("the organisation may be left out, and names may be in any script", async () => {
  const pem = await createCertificateRequest(privateKey, {
    commonName: "Größe 東京",
    organisation: undefined,
  });
  expect(await readCertificateRequest("peer0.csr", pem)).toMatchObject({
    commonName: "Größe 東京",
    organisation: undefined,
  });
});

test.each(["", "#04020102", "a\nb", "a,O=b", "-a", "a".repeat(65)])(
  "a name that cannot stand in a certificate is refused: %j",
  async (commonName) => {
    await expect(
      createCertificateRequest(privateKey, { commonName, organisation: undefined }),
    ).rejects.toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
  },
);

test("no request is made for a key that cannot sign here", async () => {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  await expect(
    createCertificateRequest(rsa, { commonName: "peer0", organisation: undefined }),
  ).rejects.toThrow(refused("the key is RSA 2048, where ECDSA"));
});

test("a request whose sender has not the key is refused", async () => {
  const keys = { ...(await importKeys(privateKey)), privateKey: (await generateKeys()).privateKey };
  const forged = await Pkcs10CertificateRequestGenerator.create({
    name: "CN=peer0",
    keys,
    signingAlgorithm: SIGNING_ALGORITHM,
  });
  await expect(readCertificateRequest("forged.csr", forged.toString("pem"))).rejects.toThrow(
    refused("forged.csr is no usable certificate request: its signature is not that of the key in it"),
  );
});

test("a request for a key on another curve, without a name, or none at all is refused", async () => {
  const p384 = generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey;
  const pem = await createCertificateRequest(p384, { commonName: "peer0", organisation: undefined });
  await expect(readCertificateRequest("x", pem)).rejects.toThrow(refused("its key is ECDSA P-384"));
  const nameless = await Pkcs10CertificateRequestGenerator.create({
    name: "O=Org1",
    keys: await importKeys(privateKey),
    signingAlgorithm: SIGNING_ALGORITHM,
  });
  await expect(readCertificateRequest("x", nameless.toString("pem"))).rejects.toThrow(
    refused("its subject has no common name"),
  );
  await expect(readCertificateRequest("x", "nonsense")).rejects.toThrow(refused("x is no usable"));
});
