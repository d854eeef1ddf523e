import { createReadStream, createWriteStream, existsSync, renameSync, rmSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { decode, encode } from "it-length-prefixed";
import { NodeError } from "../errors.ts";
import { reason } from "../files.ts";

/** As much as Fabric lets any message have (100 MiB). */
const BLOCK_BYTES_MAX = 100 << 20;
/** A serialized `common.Block` begins with its field 1; a length of so many bytes no block has. */
const BLOCK_FIRST_BYTE = 0x0a;
const PROCESS_STREAM = "-";

/**
 * Writes blocks into a new file, each with its length before it as a protobuf varint: what protobuf calls a delimited
 * stream of `common.Block`. The file is there when it is whole. `-` is standard output.
 *
 * @throws NodeError `FILE_UNWRITABLE`, also where the file exists.
 */
export async function writeBlockFile(path: string, blocks: AsyncIterable<Uint8Array>): Promise<void> {
  const delimited = encode(blocks, { maxDataLength: BLOCK_BYTES_MAX });
  if (path === PROCESS_STREAM) return await pipeline(delimited, process.stdout, { end: false });
  if (existsSync(path))
    throw new NodeError("FILE_UNWRITABLE", `${path} is there already, and is not written over`);
  const part = `${path}.part`;
  const output = createWriteStream(part, { flush: true });
  const unwritable = (cause: unknown) =>
    new NodeError("FILE_UNWRITABLE", `${path} cannot be written: ${reason(cause)}`, { cause });
  let fault: NodeError | undefined;
  output.once("error", (cause) => (fault = unwritable(cause)));
  try {
    await pipeline(delimited, output);
    renameSync(part, path);
  } catch (cause) {
    rmSync(part, { force: true });
    throw fault ?? cause;
  }
}

/**
 * The serialized blocks of a file as {@link writeBlockFile} writes it, or the one block of a file that is a
 * `common.Block`, as Fabric's tools write it. `-` is standard input. What was read is not looked at.
 *
 * @throws NodeError `FILE_UNREADABLE`, also where the file ends in the middle of a block.
 */
export async function* readBlockFile(path: string): AsyncGenerator<Uint8Array> {
  const input = path === PROCESS_STREAM ? process.stdin : createReadStream(path);
  let count = 0;
  try {
    const chunks: AsyncIterator<Uint8Array> = input[Symbol.asyncIterator]();
    const first = await chunks.next();
    if (first.done === true) throw new Error("it is empty");
    const all = concatenated(first.value, chunks);
    if (first.value[0] === BLOCK_FIRST_BYTE) yield await wholeBlock(all);
    else
      for await (const block of decode(all, { maxDataLength: BLOCK_BYTES_MAX })) {
        yield block.subarray();
        count++;
      }
  } catch (cause) {
    const place = count === 0 ? "" : ` behind the first ${count}`;
    throw new NodeError("FILE_UNREADABLE", `${path} cannot be read as blocks${place}: ${reason(cause)}`, {
      cause,
    });
  } finally {
    input.destroy();
  }
}

async function* concatenated(
  first: Uint8Array,
  others: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield first;
  for (let next = await others.next(); next.done !== true; next = await others.next()) yield next.value;
}

async function wholeBlock(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > BLOCK_BYTES_MAX) throw new Error(`no block has more than ${BLOCK_BYTES_MAX} bytes`);
    parts.push(chunk);
  }
  return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
}
