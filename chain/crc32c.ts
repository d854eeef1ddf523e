import { crc32c as native } from "@node-rs/crc32";

/**
 * CRC-32C (Castagnoli; RFC 3720 section 12.1, check value 0xE3069283) as an unsigned 32-bit integer. `previous` is
 * the checksum of what precedes `bytes`, so that the parts of a message can be given one after the other.
 */
export function crc32c(bytes: Uint8Array, previous = 0): number {
  return native(bytes, previous);
}
