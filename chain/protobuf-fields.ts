/** One field of a protobuf message as it stands on the wire. */
export interface ProtobufField {
  readonly number: number;
  /** 0 varint, 1 fixed 64 bit, 2 length-delimited, 5 fixed 32 bit. */
  readonly wireType: number;
  /** The content of a length-delimited field, a view into the message; empty for the other types. */
  readonly bytes: Uint8Array;
  /** The value of a varint field; 0n for the other types. */
  readonly value: bigint;
  /** Offset of the field's tag in the message. */
  readonly start: number;
  /** Offset behind the field's last byte. */
  readonly end: number;
}

const EMPTY = new Uint8Array(0);

/**
 * The fields of a protobuf message in wire order, without copying and without interpreting them, so that the
 * bytes that were signed and hashed are the bytes that are kept. Groups (wire types 3 and 4) are refused.
 *
 * @throws RangeError where the bytes are no protobuf message.
 */
export function* protobufFields(message: Uint8Array): Generator<ProtobufField> {
  let offset = 0;
  while (offset < message.length) {
    const start = offset;
    const [tag, contentStart] = readVarint(message, offset);
    const number = Number(tag >> 3n);
    const wireType = Number(tag & 7n);
    if (number < 1 || number > 0x1fffffff) throw new RangeError(`field number ${number} at offset ${start}`);
    const field = readContent(message, contentStart, wireType);
    offset = field.end;
    yield { number, wireType, start, ...field };
  }
}

function readContent(message: Uint8Array, offset: number, wireType: number) {
  switch (wireType) {
    case 0: {
      const [value, end] = readVarint(message, offset);
      return { bytes: EMPTY, value, end };
    }
    case 2: {
      const [length, start] = readVarint(message, offset);
      if (length > BigInt(message.length - start))
        throw new RangeError(`field ends behind the message at offset ${offset}`);
      const end = start + Number(length);
      return { bytes: message.subarray(start, end), value: 0n, end };
    }
    case 1:
    case 5: {
      const end = offset + (wireType === 1 ? 8 : 4);
      if (end > message.length) throw new RangeError(`field ends behind the message at offset ${offset}`);
      return { bytes: EMPTY, value: 0n, end };
    }
    default:
      throw new RangeError(`wire type ${wireType} at offset ${offset}`);
  }
}

function readVarint(message: Uint8Array, offset: number): [value: bigint, end: number] {
  let low = 0;
  for (let index = 0; index < 4; index++) {
    const byte = message[offset + index];
    if (byte === undefined) throw new RangeError(`number ends behind the message at offset ${offset}`);
    low |= (byte & 0x7f) << (7 * index);
    if (byte < 0x80) return [BigInt(low), offset + index + 1];
  }
  let value = BigInt(low);
  for (let index = 4; index < 10; index++) {
    const byte = message[offset + index];
    if (byte === undefined) throw new RangeError(`number ends behind the message at offset ${offset}`);
    value |= BigInt(byte & 0x7f) << BigInt(7 * index);
    if (byte < 0x80) {
      if (value >= 1n << 64n) break;
      return [value, offset + index + 1];
    }
  }
  throw new RangeError(`number of more than 64 bits at offset ${offset}`);
}

/** A length-delimited field as protobuf writers emit it: tag, shortest length, content. */
export function lengthDelimited(number: number, content: Uint8Array): Uint8Array {
  const head = lengthDelimitedHead(number, content.length);
  const field = new Uint8Array(head.length + content.length);
  field.set(head);
  field.set(content, head.length);
  return field;
}

/** What stands in front of the content of a length-delimited field: tag, shortest length. */
export function lengthDelimitedHead(number: number, contentBytes: number): Uint8Array {
  return Uint8Array.from([...varint((number << 3) | 2), ...varint(contentBytes)]);
}

/** A varint field as protobuf writers emit it: nothing at all for 0. */
export function varintField(number: number, value: number): Uint8Array {
  return value === 0 ? EMPTY : Uint8Array.from([...varint(number << 3), ...varint(value)]);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return bytes;
}
