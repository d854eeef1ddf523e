import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import type { Signer } from "./block-signing.ts";
import { lastBytes } from "./last-field.ts";
import { lengthDelimited, protobufFields, varintField } from "./protobuf-fields.ts";

const EMPTY = new Uint8Array(0);

/** The kinds of transaction that are made or told apart here, by Fabric's `common.HeaderType`. */
export const HEADER_TYPE = { message: 0, config: 1 } as const;

/** What makes a transaction unlike all others; arguments, since `chain/` has neither clock nor randomness. */
export interface TransactionStamp {
  /** Milliseconds since 1970. */
  readonly timestampMs: number;
  /** Fabric takes 24 random bytes. */
  readonly nonce: Uint8Array;
}

/**
 * The serialized `common.Envelope` of a transaction of type MESSAGE, which is what Fabric orders without asking any
 * endorser: the bytes as they are, for this channel, signed by this identity.
 */
export function createTransaction(
  channel: string,
  payload: Uint8Array,
  signer: Signer,
  stamp: TransactionStamp,
): Uint8Array {
  return createEnvelope({ channel, type: HEADER_TYPE.message, data: payload }, stamp, signer);
}

/** What {@link createEnvelope} puts into a transaction. */
export interface EnvelopeParts {
  readonly channel: string;
  /** One of {@link HEADER_TYPE}. */
  readonly type: number;
  readonly data: Uint8Array;
}

/**
 * A serialized `common.Envelope`: channel header, signature header, data, and the signature over these. Without a
 * signer there is neither creator nor signature, as in a genesis block. The transaction's id is SHA-256 over nonce
 * and creator (Fabric, protoutil/proputils.go `ComputeTxID`).
 */
export function createEnvelope(parts: EnvelopeParts, stamp: TransactionStamp, signer?: Signer): Uint8Array {
  const creator = signer?.identity ?? EMPTY;
  const transactionId = createHash("sha256").update(stamp.nonce).update(creator).digest("hex");
  const channelHeader = Buffer.concat([
    varintField(1, parts.type),
    lengthDelimited(3, timestamp(stamp.timestampMs)),
    lengthDelimited(4, Buffer.from(parts.channel, "utf8")),
    lengthDelimited(5, Buffer.from(transactionId, "utf8")),
  ]);
  const signatureHeader = Buffer.concat([optionalBytes(1, creator), optionalBytes(2, stamp.nonce)]);
  const header = Buffer.concat([lengthDelimited(1, channelHeader), lengthDelimited(2, signatureHeader)]);
  const payload = Buffer.concat([lengthDelimited(1, header), optionalBytes(2, parts.data)]);
  return Buffer.concat([lengthDelimited(1, payload), optionalBytes(2, signer?.sign(payload) ?? EMPTY)]);
}

/** A bytes field as protobuf writers emit it: nothing at all for none. */
function optionalBytes(number: number, content: Uint8Array): Uint8Array {
  return content.length === 0 ? EMPTY : lengthDelimited(number, content);
}

/** `google.protobuf.Timestamp` of milliseconds since 1970. */
function timestamp(timestampMs: number): Uint8Array {
  const seconds = Math.floor(timestampMs / 1000);
  const milliseconds = Math.trunc(timestampMs - seconds * 1000);
  return Buffer.concat([varintField(1, seconds), varintField(2, milliseconds * 1e6)]);
}

/** What a transaction's channel header says. */
export interface TransactionHeader {
  readonly channel: string;
  /** Fabric's `common.HeaderType`. */
  readonly type: number;
}

/**
 * The channel header of a well-formed `common.Envelope`, one that has a payload, a signature and nothing else; undefined
 * for all other bytes. An arbitrary file is therefore told apart from a transaction.
 */
export function transactionHeader(bytes: Uint8Array): TransactionHeader | undefined {
  try {
    const [payload, signature] = protobufFields(bytes);
    if (payload?.number !== 1 || signature?.number !== 2 || signature.bytes.length === 0) return undefined;
    const canonical = [lengthDelimited(1, payload.bytes), lengthDelimited(2, signature.bytes)];
    if (Buffer.compare(Buffer.concat(canonical), bytes) !== 0) return undefined;
    const channelHeader = field(field(payload.bytes, 1), 1);
    let type = 0;
    for (const { number, value } of protobufFields(channelHeader)) if (number === 1) type = Number(value);
    return { channel: Buffer.from(field(channelHeader, 4)).toString("utf8"), type };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** What a transaction carries, such as the bytes that {@link createTransaction} was given; empty where it is none. */
export function transactionData(bytes: Uint8Array): Uint8Array {
  try {
    return lastBytes(lastBytes(bytes, 1) ?? EMPTY, 2) ?? EMPTY;
  } catch (error) {
    if (error instanceof RangeError) return EMPTY;
    throw error;
  }
}

function field(message: Uint8Array, number: number): Uint8Array {
  const content = lastBytes(message, number);
  if (content === undefined) throw new RangeError(`no field ${number}`);
  return content;
}
