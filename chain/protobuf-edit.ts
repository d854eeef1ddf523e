import { Buffer } from "node:buffer";
import { lastBytes } from "./last-field.ts";
import { lengthDelimited, protobufFields } from "./protobuf-fields.ts";

const EMPTY = new Uint8Array(0);

/**
 * A message in which these fields, ready for the wire, stand in place of all that have this number, and in order of the
 * numbers, as protobuf writers put them. All others keep their bytes, also those that nobody here knows.
 *
 * @throws RangeError where the bytes are no protobuf message.
 */
export function withFields(message: Uint8Array, number: number, fields: readonly Uint8Array[]): Uint8Array {
  const kept = [...protobufFields(message)].filter((field) => field.number !== number);
  const next = kept.findIndex((field) => field.number > number);
  const before = next === -1 ? kept.length : next;
  const pieces = kept.map(({ start, end }) => message.subarray(start, end));
  return Buffer.concat([...pieces.slice(0, before), ...fields, ...pieces.slice(before)]);
}

/** As {@link withFields}, for one length-delimited field. */
export function withBytes(message: Uint8Array, number: number, content: Uint8Array): Uint8Array {
  return withFields(message, number, [lengthDelimited(number, content)]);
}

/** The contents of all length-delimited fields of this number, in order. @throws RangeError as {@link withFields}. */
export function repeatedBytes(message: Uint8Array, number: number): readonly Uint8Array[] {
  return [...protobufFields(message)]
    .filter((field) => field.number === number && field.wireType === 2)
    .map(({ bytes }) => bytes);
}

/** As {@link withFields}, for all fields of this number together. */
export function withRepeatedBytes(
  message: Uint8Array,
  number: number,
  contents: readonly Uint8Array[],
): Uint8Array {
  return withFields(
    message,
    number,
    contents.map((content) => lengthDelimited(number, content)),
  );
}

/** A field `map<string, message>`, in wire order. Of entries with one key the last counts. @throws RangeError as {@link withFields}. */
export function mapEntries(message: Uint8Array, number: number): ReadonlyMap<string, Uint8Array> {
  return new Map(
    repeatedBytes(message, number).map((entry) => [
      Buffer.from(lastBytes(entry, 1) ?? EMPTY).toString("utf8"),
      lastBytes(entry, 2) ?? EMPTY,
    ]),
  );
}

/** As {@link withFields}, for such a map. */
export function withMap(
  message: Uint8Array,
  number: number,
  entries: Iterable<readonly [key: string, value: Uint8Array]>,
): Uint8Array {
  const contents = [...entries].map(([key, value]) =>
    Buffer.concat([lengthDelimited(1, Buffer.from(key, "utf8")), lengthDelimited(2, value)]),
  );
  return withRepeatedBytes(message, number, contents);
}
