/** One DER value. */
export interface DerValue {
  /** Class, form and number in one byte, as 0x30 for a SEQUENCE. */
  readonly tag: number;
  /** A view into the bytes that were read. */
  readonly content: Uint8Array;
  /** The value with its tag and length. */
  readonly bytes: Uint8Array;
}

/**
 * The DER values that stand one after the other in the bytes, without copying. Values of a SEQUENCE are those of its
 * content.
 *
 * @throws RangeError where the bytes are no DER with one-byte tags and values of less than 4 GiB.
 */
export function* derValues(bytes: Uint8Array): Generator<DerValue> {
  let offset = 0;
  while (offset < bytes.length) {
    const tag = bytes[offset] ?? 0;
    if ((tag & 0x1f) === 0x1f) throw new RangeError(`DER tag of several bytes at offset ${offset}`);
    const [length, start] = readLength(bytes, offset + 1);
    const end = start + length;
    if (end > bytes.length)
      throw new RangeError(`DER value at offset ${offset} ends behind its ${bytes.length} bytes`);
    yield { tag, content: bytes.subarray(start, end), bytes: bytes.subarray(offset, end) };
    offset = end;
  }
}

/**
 * The values of a SEQUENCE that is all of the bytes.
 *
 * @throws RangeError as {@link derValues}, and where the bytes are something else.
 */
export function derSequence(bytes: Uint8Array): DerValue[] {
  const [sequence, second] = derValues(bytes);
  if (sequence?.tag !== 0x30 || second !== undefined) throw new RangeError("no single DER sequence");
  return [...derValues(sequence.content)];
}

function readLength(bytes: Uint8Array, offset: number): [length: number, start: number] {
  const first = bytes[offset];
  if (first === undefined) throw new RangeError(`DER value without length at offset ${offset}`);
  if (first < 0x80) return [first, offset + 1];
  const count = first & 0x7f;
  if (count === 0 || count > 4) throw new RangeError(`DER length of ${count} bytes at offset ${offset}`);
  let length = 0;
  for (let index = 1; index <= count; index++) {
    const byte = bytes[offset + index];
    if (byte === undefined) throw new RangeError(`DER length ends behind the bytes at offset ${offset}`);
    length = length * 0x100 + byte;
  }
  return [length, offset + 1 + count];
}
