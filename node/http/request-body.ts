import { Buffer } from "node:buffer";
import type { Readable } from "node:stream";
import type { FastifyRequest } from "fastify";
import type * as z from "zod";
import { ChainError } from "../../chain/errors.ts";
import { NodeError } from "../errors.ts";
import { jsonOf } from "../json-of.ts";

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
  let kept = new Uint8Array(0);
  let bytes = 0;
  body.on("data", (chunk: Uint8Array) => {
    const end = bytes + chunk.length;
    if (end > bytesMax) {
      kept = new Uint8Array(0);
      reject(tooLarge(end, bytesMax));
    } else {
      if (end > kept.length) kept = grown(kept, bytes, Math.min(2 * end, bytesMax));
      kept.set(chunk, bytes);
    }
    bytes = end;
  });
  body.once("end", () => resolve(kept.subarray(0, bytes)));
  body.once("error", reject);
  return await promise;
}

/** A copy of the first bytes with room for more. What comes in pieces of a byte must not be kept as pieces. */
function grown(bytes: Uint8Array, filled: number, length: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(length);
  larger.set(bytes.subarray(0, filled));
  return larger;
}

function tooLarge(bytes: number, bytesMax: number): ChainError {
  return new ChainError(
    "BLOCK_TOO_LARGE",
    `${bytes} bytes or more were sent as one block, and blockBytesMax is ${bytesMax}`,
  );
}

/** What a body of JSON must be. */
export interface JsonBody<Schema extends z.ZodType> {
  readonly schema: Schema;
  readonly bytesMax: number;
  /** What it must be, in words that complete "the body must be …". */
  readonly what: string;
}

/**
 * The JSON of a request's body.
 *
 * @throws ChainError `BLOCK_TOO_LARGE`; NodeError `BAD_REQUEST`.
 */
export async function readJson<Schema extends z.ZodType>(
  { raw, headers }: FastifyRequest,
  { schema, bytesMax, what }: JsonBody<Schema>,
): Promise<z.output<Schema>> {
  const body = await readBody(raw, headers["content-length"], bytesMax);
  const parsed = schema.safeParse(jsonOf(Buffer.from(body).toString("utf8")));
  if (parsed.success) return parsed.data;
  throw new NodeError("BAD_REQUEST", `the body must be ${what}`, { cause: parsed.error });
}
