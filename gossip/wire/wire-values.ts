import { fromString } from "uint8arrays/from-string";
import { toString } from "uint8arrays/to-string";
import { blockHash, type BlockHash } from "../../chain/block.ts";
import { GossipError } from "../errors.ts";
import type { SignedStatement } from "./messages.ts";
import type { ChannelId } from "../ports.ts";

/** Bytes of a channel id on the wire. */
const CHANNEL_ID_BYTES = 16;

/** The wire form of a channel id. */
export function channelBytes(channel: ChannelId): Uint8Array<ArrayBuffer> {
  return owned(fromString(channel, "base16"));
}

/** @throws RangeError unless it is 16 bytes long. */
export function channelId(bytes: Uint8Array): ChannelId {
  if (bytes.length !== CHANNEL_ID_BYTES) throw new RangeError(`a channel id of ${bytes.length} bytes`);
  return toString(bytes, "base16") as ChannelId;
}

/** @throws RangeError unless it is 32 bytes long. */
export function checkedHash(bytes: Uint8Array): BlockHash {
  if (bytes.length !== 32) throw new RangeError(`a hash of ${bytes.length} bytes`);
  return blockHash(bytes);
}

/** The wire form of a hash. */
export function hashBytes(hash: BlockHash): Uint8Array<ArrayBuffer> {
  return owned(fromString(hash, "base16"));
}

/** @throws RangeError unless it is a safe integer from 0. */
export function integer(value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`the number ${value}`);
  return value;
}

/** The codec's types ask for bytes that are not shared between threads; ours never are. */
export function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>;
}

/** A statement with 16 addresses and 256 tags stays well below this. */
const STATEMENT_BYTES_MAX = 16 << 10;

/** Bytes that are at least this part of what they lie in are kept as they are. */
const SHARE_MIN = 1 / 4;

/**
 * The bytes, or a copy of them where they are a small part of the memory that they lie in: a part of a message may be
 * kept for as long as its peer is known, and would keep all of the frame.
 */
export function detached(bytes: Uint8Array): Uint8Array {
  return bytes.length >= SHARE_MIN * bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
}

/** The wire form of a statement. */
export function signedBytes(statement: SignedStatement): {
  readonly payload: Uint8Array<ArrayBuffer>;
  readonly signature: Uint8Array<ArrayBuffer>;
} {
  return { payload: owned(statement.payload), signature: owned(statement.signature) };
}

/** The most characters of a peer id. */
export const PEER_ID_LENGTH_MAX = 128;

/** A statement as it came. @throws RangeError for one that is larger than any can be. */
export function signedStatement({ payload, signature }: SignedStatement): SignedStatement {
  const length = payload.length + signature.length;
  if (length > STATEMENT_BYTES_MAX) throw new RangeError(`a statement of ${length} bytes`);
  return { payload: detached(payload), signature: detached(signature) };
}

/** @throws GossipError `MALFORMED_MESSAGE` for whatever `decode` throws. */
export function refusing<T>(what: string, decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GossipError("MALFORMED_MESSAGE", `bytes that are no ${what}: ${reason}`, { cause });
  }
}
