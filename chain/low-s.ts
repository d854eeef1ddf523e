import { Buffer } from "node:buffer";

/** The order of the P-256 group (SEC 2, secp256r1). */
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/**
 * The same P-256 signature with its s in the lower half of the group's order. Both s and order - s verify; Fabric
 * takes the lower only, so that nobody can make a second signature out of a first (bccsp/sw/ecdsa.go).
 *
 * @param derSignature DER `SEQUENCE { INTEGER r, INTEGER s }`.
 * @throws RangeError where the bytes are no such signature.
 */
export function lowS(derSignature: Uint8Array): Uint8Array {
  const body = derContent(derSignature, 0x30, 0);
  if (body.end !== derSignature.length) throw new RangeError("bytes behind the signature");
  const r = derContent(derSignature, 0x02, body.start);
  const s = derContent(derSignature, 0x02, r.end);
  if (s.end !== body.end) throw new RangeError("bytes behind the signature's second number");
  const value = BigInt(`0x${Buffer.from(derSignature.subarray(s.start, s.end)).toString("hex")}`);
  if (value === 0n || value >= P256_ORDER)
    throw new RangeError("a signature's s lies between 0 and the group's order");
  if (value <= P256_ORDER / 2n) return derSignature;
  const rInteger = derSignature.subarray(body.start, r.end);
  const sInteger = derInteger(P256_ORDER - value);
  return Buffer.concat([Buffer.from([0x30, rInteger.length + sInteger.length]), rInteger, sInteger]);
}

function derContent(
  bytes: Uint8Array,
  tag: number,
  offset: number,
): { readonly start: number; readonly end: number } {
  const length = bytes[offset + 1];
  // Two 33-byte integers and their heads need 70 bytes, so the length always stands in one byte.
  if (bytes[offset] !== tag || length === undefined || length === 0 || length > 0x7f) {
    throw new RangeError(`no DER value of type ${tag} at offset ${offset} of a signature`);
  }
  const end = offset + 2 + length;
  if (end > bytes.length) throw new RangeError(`a signature's value ends behind its ${bytes.length} bytes`);
  return { start: offset + 2, end };
}

function derInteger(value: bigint): Uint8Array {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  const content = (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
  return Buffer.concat([Buffer.from([0x02, content.length]), content]);
}
