import { createPublicKey, KeyObject } from "node:crypto";
import { NodeError } from "../errors.ts";

/** How certificates, requests and lists are signed here, as Fabric's tools do. */
export const SIGNING_ALGORITHM = { name: "ECDSA", hash: "SHA-256" } as const;

/** Node's names of the curves, and WebCrypto's. */
const CURVES: Readonly<Record<string, string | undefined>> = { prime256v1: "P-256", secp384r1: "P-384" };

/** A new key on P-256. */
export function generateKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
}

/**
 * A private key, with its public one, for WebCrypto.
 *
 * @throws NodeError `CERTIFICATE_INVALID` where it is not ECDSA on P-256 or P-384.
 */
export async function importKeys(privateKey: KeyObject): Promise<CryptoKeyPair> {
  const algorithm = { name: "ECDSA", namedCurve: curveOf(privateKey) };
  const pkcs8 = privateKey.export({ type: "pkcs8", format: "der" });
  return {
    privateKey: await crypto.subtle.importKey("pkcs8", new Uint8Array(pkcs8), algorithm, true, ["sign"]),
    publicKey: await importPublicKey(createPublicKey(privateKey)),
  };
}

/** A public key for WebCrypto. @throws NodeError `CERTIFICATE_INVALID` where it is not ECDSA on P-256 or P-384. */
export async function importPublicKey(publicKey: KeyObject): Promise<CryptoKey> {
  const algorithm = { name: "ECDSA", namedCurve: curveOf(publicKey) };
  const spki = publicKey.export({ type: "spki", format: "der" });
  return crypto.subtle.importKey("spki", new Uint8Array(spki), algorithm, true, ["verify"]);
}

/** PEM of PKCS#8, unencrypted. */
export function privateKeyPem(key: CryptoKey): string {
  return KeyObject.from(key).export({ type: "pkcs8", format: "pem" }).toString();
}

/** What a key is, for people: `ECDSA P-256`, `RSA 2048`, `ed25519`. */
export function keyType({ asymmetricKeyType: type = "ec", asymmetricKeyDetails }: KeyObject): string {
  const { namedCurve, modulusLength } = asymmetricKeyDetails ?? {};
  if (namedCurve !== undefined) return `ECDSA ${CURVES[namedCurve] ?? namedCurve}`;
  return modulusLength === undefined ? type : `${type.toUpperCase()} ${modulusLength}`;
}

function curveOf(key: KeyObject): string {
  const curve = CURVES[key.asymmetricKeyDetails?.namedCurve ?? ""];
  if (key.asymmetricKeyType !== "ec" || curve === undefined)
    throw new NodeError(
      "CERTIFICATE_INVALID",
      `the key is ${keyType(key)}, where ECDSA on P-256 or P-384 is needed`,
    );
  return curve;
}
