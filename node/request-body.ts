import { Buffer } from "node:buffer";
import type { Readable } from "node:stream";
import { ChainError } from "../chain/errors.ts";

/**
 * All bytes of a request's body, which is a block. What comes above the limit is not kept: it is read on and thrown
 * away, since a client that is still writing when the connection closes does not see the answer.
 *
 * @throws ChainError `BLOCK_TOO_LARGE`, as soon as it is certain.
 */
export async function readBody(
  body: Readable,
  contentLength: string | undefined,
  bytesMax: number,
): Promise<Uint8Array> {
  const announced = Number(contentLength ?? 0);
  if (announced > bytesMax) {
    body.resume();
    throw tooLarge(announced, bytesMax);
  }
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  let chunks: Uint8Array[] = [];
  let bytes = 0;
  body.on("data", (chunk: Uint8Array) => {
    bytes += chunk.length;
    if (bytes <= bytesMax) {
      chunks.push(chunk);
      return;
    }
    chunks = [];
    reject(tooLarge(bytes, bytesMax));
  });
  body.once("end", () => resolve(new Uint8Array(Buffer.concat(chunks))));
  body.once("error", reject);
  return await promise;
}

function tooLarge(bytes: number, bytesMax: number): ChainError {
  return new ChainError(
    "BLOCK_TOO_LARGE",
    `${bytes} bytes or more were sent as one block, and blockBytesMax is ${bytesMax}`,
  );
}
