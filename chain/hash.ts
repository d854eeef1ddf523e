import { Buffer } from "node:buffer";
import { createHash, hash } from "node:crypto";

/** Up to so many bytes it costs less to copy them together than to make an object that hashes them one by one. */
const COPIED_BYTES_MAX = 4 << 10;
const COPY = Buffer.alloc(COPIED_BYTES_MAX);

/** SHA-256 over the concatenation of the parts. */
export function sha256(...parts: readonly (Uint8Array | string)[]): Uint8Array {
  return sha256OfAll(parts);
}

/** As {@link sha256}, for lists of any length: arguments are bounded, and what is in a block is not. */
export function sha256OfAll(parts: readonly (Uint8Array | string)[]): Uint8Array {
  return new Uint8Array(hashedInOne(parts) ?? hashedInTurn(parts));
}

/** Undefined where the parts are too long for that. */
function hashedInOne(parts: readonly (Uint8Array | string)[]): Uint8Array | undefined {
  let end = 0;
  for (const part of parts) {
    // A character has three bytes at most.
    const bytesMax = typeof part === "string" ? 3 * part.length : part.length;
    if (end + bytesMax > COPIED_BYTES_MAX) return undefined;
    if (typeof part === "string") end += COPY.write(part, end);
    else {
      COPY.set(part, end);
      end += part.length;
    }
  }
  return hash("sha256", COPY.subarray(0, end), "buffer");
}

function hashedInTurn(parts: readonly (Uint8Array | string)[]): Uint8Array {
  const running = createHash("sha256");
  for (const part of parts) running.update(part);
  return running.digest();
}
