import { Buffer } from "node:buffer";
import { createHash, hash } from "node:crypto";

/** Up to so many bytes it costs less to copy them together than to make an object that hashes them one by one. */
const COPIED_BYTES_MAX = 16 << 10;

/** SHA-256 over the concatenation of the parts. */
export function sha256(...parts: readonly (Uint8Array | string)[]): Uint8Array {
  return sha256OfAll(parts);
}

/** As {@link sha256}, for lists of any length: arguments are bounded, and what is in a block is not. */
export function sha256OfAll(parts: readonly (Uint8Array | string)[]): Uint8Array {
  let bytes = 0;
  for (const part of parts) bytes += part.length;
  if (bytes <= COPIED_BYTES_MAX) return new Uint8Array(hash("sha256", together(parts), "buffer"));
  const running = createHash("sha256");
  for (const part of parts) running.update(part);
  return new Uint8Array(running.digest());
}

function together(parts: readonly (Uint8Array | string)[]): Uint8Array | string {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  return Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part)));
}
