/** x^32 + … of Castagnoli's polynomial 0x1EDC6F41, bits reversed. */
const POLYNOMIAL = 0x82f63b78;

const TABLES = slicingTables(8);

/**
 * CRC-32C (Castagnoli; RFC 3720 section 12.1, check value 0xE3069283) as an unsigned 32-bit integer. `previous` is
 * the checksum of what precedes `bytes`, so that the parts of a message can be given one after the other.
 */
export function crc32c(bytes: Uint8Array, previous = 0): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const slicedEnd = bytes.length - (bytes.length % 8);
  let crc = ~previous;
  // Slicing by 8 (Kounavis and Berry): eight independent look-ups replace eight that wait for each other.
  for (let i = 0; i < slicedEnd; i += 8) {
    const low = crc ^ view.getInt32(i, true);
    const high = view.getInt32(i + 4, true);
    crc =
      entry(7, low) ^
      entry(6, low >>> 8) ^
      entry(5, low >>> 16) ^
      entry(4, low >>> 24) ^
      entry(3, high) ^
      entry(2, high >>> 8) ^
      entry(1, high >>> 16) ^
      entry(0, high >>> 24);
  }
  for (let i = slicedEnd; i < bytes.length; i++) crc = (crc >>> 8) ^ entry(0, crc ^ view.getUint8(i));
  return ~crc >>> 0;
}

function entry(table: number, value: number): number {
  // The index is always inside the tables; the alternative exists for the type checker.
  return TABLES[table * 256 + (value & 0xff)] ?? 0;
}

function slicingTables(count: number): Int32Array {
  const tables = new Int32Array(256 * count);
  for (let value = 0; value < 256; value++) {
    let crc = value;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    tables[value] = crc;
  }
  for (let i = 256; i < tables.length; i++) {
    const shorter = tables[i - 256] ?? 0;
    tables[i] = (shorter >>> 8) ^ (tables[shorter & 0xff] ?? 0);
  }
  return tables;
}
