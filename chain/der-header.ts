import { Buffer } from "node:buffer";

/**
 * The bytes of a block header that are hashed and signed: DER `SEQUENCE { INTEGER number, OCTET STRING
 * previous_hash, OCTET STRING data_hash }` (Fabric, protoutil/blockutils.go `BlockHeaderBytes`). Genesis has an
 * empty previous hash.
 */
export function derHeader(number: number, previousHash: Uint8Array, dataHash: Uint8Array): Uint8Array {
  const content = Buffer.concat([derInteger(number), derOctets(previousHash), derOctets(dataHash)]);
  return Buffer.concat([Buffer.from([0x30, ...derLength(content.length)]), content]);
}

function derInteger(value: number): Uint8Array {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  // DER integers are signed: a leading bit of 1 would read as a negative number.
  const content = (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
  return Buffer.concat([Buffer.from([0x02, content.length]), content]);
}

function derOctets(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from([0x04, ...derLength(bytes.length)]), bytes]);
}

function derLength(length: number): number[] {
  if (length < 0x80) return [length];
  const hex = length.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  return [0x80 | bytes.length, ...bytes];
}
