import { Buffer } from "node:buffer";
import { verify, type KeyObject } from "node:crypto";
import { derSequence } from "./der-values.ts";

/** The orders of the groups in which ECDSA keys are taken, by OpenSSL's names of the curves (SEC 2). */
const CURVE_ORDERS: Readonly<Record<string, bigint>> = {
  prime256v1: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  secp384r1: BigInt(
    "0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
  ),
};

/** Whether {@link verifySignature} can check signatures of this public key: ECDSA on P-256 or P-384, or Ed25519. */
export function isVerifyingKey(key: KeyObject): boolean {
  return key.asymmetricKeyType === "ed25519" || curveOrder(key) !== undefined;
}

/**
 * Whether the signature is the key's over these bytes, as Fabric's MSP checks it: ECDSA over SHA-256 as DER with s in
 * the lower half of the group's order, so that nobody can make a second signature out of a first
 * (fabric-lib-go/bccsp/sw/ecdsa.go); Ed25519 over the bytes themselves. False for everything else.
 */
export function verifySignature(key: KeyObject, bytes: Uint8Array, signature: Uint8Array): boolean {
  try {
    if (key.asymmetricKeyType === "ed25519") return verify(undefined, bytes, key, signature);
    const order = curveOrder(key);
    return order !== undefined && isLowS(signature, order) && verify("sha256", bytes, key, signature);
  } catch {
    return false;
  }
}

function curveOrder(key: KeyObject): bigint | undefined {
  const curve = key.asymmetricKeyType === "ec" ? key.asymmetricKeyDetails?.namedCurve : undefined;
  return curve === undefined ? undefined : CURVE_ORDERS[curve];
}

/** @param signature DER `SEQUENCE { INTEGER r, INTEGER s }`. */
function isLowS(signature: Uint8Array, order: bigint): boolean {
  const s = derSequence(signature)[1]?.content ?? new Uint8Array(0);
  // No longer number fits into the group, and a very long one would take long to read.
  if (s.length === 0 || s.length > 49) return false;
  return BigInt(`0x${Buffer.from(s).toString("hex")}`) <= order / 2n;
}
