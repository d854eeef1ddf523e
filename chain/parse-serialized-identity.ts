import { Buffer } from "node:buffer";
import { lastBytes } from "./last-field.ts";

/** The content of an `msp.SerializedIdentity`. */
export interface SerializedIdentityParts {
  readonly mspId: string;
  readonly certificatePem: Uint8Array;
}

/**
 * Reads what `serializedIdentity` writes. The certificate is not looked at.
 *
 * @throws RangeError where the bytes are no protobuf message.
 */
export function parseSerializedIdentity(bytes: Uint8Array): SerializedIdentityParts {
  const empty = new Uint8Array(0);
  const mspId = Buffer.from(lastBytes(bytes, 1) ?? empty).toString("utf8");
  return { mspId, certificatePem: lastBytes(bytes, 2) ?? empty };
}
