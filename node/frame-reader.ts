import type { Stream } from "@libp2p/interface";
import { decode } from "it-length-prefixed";
import { pipe } from "it-pipe";
import { GossipError } from "../gossip/errors.ts";

/** What it-length-prefixed throws at a length that cannot be. */
const BAD_LENGTH_ERRORS: readonly string[] = [
  "InvalidDataLengthError",
  "InvalidDataLengthLengthError",
  "InvalidMessageLengthError",
];

export interface FrameHandler {
  /** Called with the length of the next frame before any of it is kept; throws where it is too large. */
  readonly onLength: (bytes: number) => void;
  /** Gets a frame that nobody else holds. False: no more is wanted. */
  readonly onFrame: (frame: Uint8Array) => boolean;
}

/**
 * Reads frames, each with its length in front, until the other side ends the stream or no more is wanted; what it
 * throws, and what the handler throws, ends the reading. libp2p puts what comes into memory without a bound until it
 * is looked at, so a frame must be dealt with at once: the handler is synchronous.
 *
 * @throws GossipError `MALFORMED_MESSAGE` for a length that is none; otherwise whatever broke the stream.
 */
export async function readFrames(stream: Stream, { onLength, onFrame }: FrameHandler): Promise<void> {
  // It would never end: libp2p tells only once that a stream was reset.
  if (stream.status !== "open")
    throw new GossipError("UNREACHABLE", "the stream was closed before it was read");
  try {
    await pipe(
      stream,
      (source) => decode(source, { maxDataLength: Number.MAX_SAFE_INTEGER, onLength }),
      async (frames) => {
        for await (const frame of frames) if (!onFrame(frame.slice())) return;
      },
    );
  } catch (cause) {
    if (!(cause instanceof Error) || !BAD_LENGTH_ERRORS.includes(cause.name)) throw cause;
    throw new GossipError("MALFORMED_MESSAGE", `a frame whose length is none: ${cause.message}`, { cause });
  }
}

/** @throws GossipError `MALFORMED_MESSAGE` where a frame has more bytes than a message may have. */
export function limitFrame(bytes: number, bytesMax: number): void {
  if (bytes > bytesMax)
    throw new GossipError("MALFORMED_MESSAGE", `a frame of ${bytes} bytes, more than ${bytesMax}`);
}
