import { createHash } from "node:crypto";

/** SHA-256 over the concatenation of the parts. */
export function sha256(...parts: readonly (Uint8Array | string)[]): Uint8Array {
  return sha256OfAll(parts);
}

/** As {@link sha256}, for lists of any length: arguments are bounded, and what is in a block is not. */
export function sha256OfAll(parts: readonly (Uint8Array | string)[]): Uint8Array {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}
