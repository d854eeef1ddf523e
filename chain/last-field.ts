import { protobufFields } from "./protobuf-fields.ts";

/**
 * The content of the last length-delimited field of this number, which is the one that protobuf readers take;
 * undefined where there is none. All of the message is read.
 *
 * @throws RangeError where the bytes are no protobuf message.
 */
export function lastBytes(message: Uint8Array, number: number): Uint8Array | undefined {
  let content: Uint8Array | undefined;
  for (const field of protobufFields(message)) {
    if (field.number === number && field.wireType === 2) content = field.bytes;
  }
  return content;
}

/** The value of the last varint field of this number, as {@link lastBytes}; 0 where there is none. */
export function lastVarint(message: Uint8Array, number: number): bigint {
  let value = 0n;
  for (const field of protobufFields(message)) {
    if (field.number === number && field.wireType === 0) value = field.value;
  }
  return value;
}
