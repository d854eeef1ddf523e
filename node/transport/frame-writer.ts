import type { Stream, StreamCloseEvent } from "@libp2p/interface";
import { encode } from "it-length-prefixed";
import { Uint8ArrayList } from "uint8arraylist";
import { GossipError } from "../../gossip/errors.ts";
import type { Clock } from "../../gossip/ports.ts";

export interface FrameWriterOptions {
  readonly clock: Clock;
  readonly stallTimeoutMs: number;
}

/** A frame is handed to the stream in pieces of this size. */
const PIECE_BYTES = 256 << 10;

/** A piece is handed over when no more than this waits in the stream: enough to keep a fast link busy. */
const HIGH_WATER_BYTES = 512 << 10;

/**
 * Writes frames, each with its length in front, an unsigned varint. Resolves when all of them are in the stream's
 * buffer, which never holds more than 768 KiB. Where the stream takes them, that is done before this returns. Frames of
 * one stream must be written one call after another.
 *
 * @throws GossipError `TIMED_OUT` where the other side takes nothing in for `stallTimeoutMs`; the stream is aborted
 * then. Otherwise whatever closed the stream.
 */
export async function writeFrames(
  stream: Stream,
  frames: readonly (Uint8Array | Uint8ArrayList)[],
  options: FrameWriterOptions,
): Promise<void> {
  const bytes = new Uint8ArrayList();
  for (const frame of frames) bytes.append(encode.single(frame, { maxDataLength: frame.byteLength }));
  for (let offset = 0; offset < bytes.byteLength; offset += PIECE_BYTES) {
    while (stream.writeBufferLength > HIGH_WATER_BYTES) await progress(stream, options);
    stream.send(bytes.sublist(offset, Math.min(offset + PIECE_BYTES, bytes.byteLength)));
  }
}

/** Writes one frame as {@link writeFrames} does. */
export function writeFrame(
  stream: Stream,
  frame: Uint8Array | Uint8ArrayList,
  options: FrameWriterOptions,
): Promise<void> {
  return writeFrames(stream, [frame], options);
}

/**
 * Resolves when the stream has passed on some of its buffer. Not `stream.onDrain()`, which waits only the first time;
 * and a drain does not mean that the buffer is empty, so the caller must look.
 */
function progress(stream: Stream, { clock, stallTimeoutMs }: FrameWriterOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (done: () => void) => {
      stall[Symbol.dispose]();
      stream.removeEventListener("drain", onProgress);
      stream.removeEventListener("idle", onProgress);
      stream.removeEventListener("close", onClose);
      done();
    };
    const onProgress = () => settle(resolve);
    const onClose = (event: StreamCloseEvent) =>
      settle(() => reject(event.error ?? new GossipError("UNREACHABLE", "the stream was closed")));
    const stall = clock.schedule(stallTimeoutMs, () =>
      stream.abort(new GossipError("TIMED_OUT", `nothing was taken in for ${stallTimeoutMs} ms`)),
    );
    stream.addEventListener("drain", onProgress);
    stream.addEventListener("idle", onProgress);
    stream.addEventListener("close", onClose);
  });
}
