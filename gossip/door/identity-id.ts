import { fromString } from "uint8arrays/from-string";
import { toString } from "uint8arrays/to-string";
import { sha256 } from "../../chain/hash.ts";
import type { IdentityId } from "../wire/messages.ts";

const IDENTITY_ID_BYTES = 16;

/** A certificate in PEM has about 1 KiB; no larger identity is looked at, or kept. */
export const IDENTITY_BYTES_MAX = 16 << 10;

/** The id of a peer that shows no identity. */
export const NO_IDENTITY = "" as IdentityId;

/** The id of what a peer shows to be admitted. */
export function identityIdOf(identity: Uint8Array | undefined): IdentityId {
  return identity === undefined ? NO_IDENTITY : identityId(sha256(identity).subarray(0, IDENTITY_ID_BYTES));
}

/** Reads the wire form of an id. @throws RangeError unless it is 16 bytes long, or empty. */
export function identityId(bytes: Uint8Array): IdentityId {
  if (bytes.length !== 0 && bytes.length !== IDENTITY_ID_BYTES)
    throw new RangeError(`an identity's id of ${bytes.length} bytes`);
  return toString(bytes, "base16") as IdentityId;
}

/** The wire form of an id. */
export function identityBytes(id: IdentityId): Uint8Array<ArrayBuffer> {
  return fromString(id, "base16");
}
