import type { Stream, StreamCloseEvent, StreamMessageEvent } from "@libp2p/interface";
import { concat } from "uint8arrays/concat";
import { GossipError } from "../gossip/errors.ts";
import { FrameLength } from "./frame-length.ts";

export interface FrameHandler {
  /** Called with the length of the next frame before any of it is kept; throws where it is too large. */
  readonly onLength: (bytes: number) => void;
  /** Gets a frame that nobody else holds. False: no more is wanted. */
  readonly onFrame: (frame: Uint8Array) => boolean;
}

/**
 * Reads frames, each with its length in front, until the other side ends the stream or no more is wanted; what the
 * handler throws ends the reading. libp2p puts what comes into memory without a bound until it is looked at, so each
 * frame is handed over within the event that brings its last byte: the handler is synchronous.
 *
 * @throws GossipError `MALFORMED_MESSAGE` for a length that is none, `UNREACHABLE` where the stream ends within a
 * frame; otherwise whatever broke the stream.
 */
export async function readFrames(stream: Stream, handler: FrameHandler): Promise<void> {
  // It would never end: libp2p tells only once that a stream was reset.
  if (stream.status !== "open")
    throw new GossipError("UNREACHABLE", "the stream was closed before it was read");
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const frames = new FrameAssembler(handler);
  const onMessage = ({ data }: StreamMessageEvent) => {
    try {
      for (const piece of data instanceof Uint8Array ? [data] : data) if (!frames.take(piece)) return stop();
    } catch (error) {
      stop();
      reject(error as Error);
    }
  };
  const onEnd = () => {
    stop();
    if (frames.isWithinFrame) reject(new GossipError("UNREACHABLE", "the stream ended within a frame"));
  };
  const onClose = ({ error }: StreamCloseEvent) => {
    if (error !== undefined) reject(error);
    onEnd();
  };
  const stop = () => {
    stream.removeEventListener("message", onMessage);
    stream.removeEventListener("remoteCloseWrite", onEnd);
    stream.removeEventListener("close", onClose);
    // Where there was an error, it has been told.
    queueMicrotask(resolve);
  };
  stream.addEventListener("message", onMessage);
  stream.addEventListener("remoteCloseWrite", onEnd);
  stream.addEventListener("close", onClose);
  await promise;
}

/** @throws GossipError `MALFORMED_MESSAGE` where a frame has more bytes than a message may have. */
export function limitFrame(bytes: number, bytesMax: number): void {
  if (bytes > bytesMax)
    throw new GossipError("MALFORMED_MESSAGE", `a frame of ${bytes} bytes, more than ${bytesMax}`);
}

/** Puts frames together from the pieces in which they come, and copies each byte once. */
class FrameAssembler {
  readonly #handler: FrameHandler;
  /** Of the length in front; complete where `#missing` is set. */
  readonly #length = new FrameLength();
  /** How many bytes of the frame have not come yet; undefined while its length is being read. */
  #missing: number | undefined;
  #pieces: Uint8Array[] = [];

  constructor(handler: FrameHandler) {
    this.#handler = handler;
  }

  get isWithinFrame(): boolean {
    return this.#missing !== undefined || this.#length.isBegun;
  }

  /** Hands over all frames that end in the piece; false where no more is wanted. */
  take(piece: Uint8Array): boolean {
    let offset = 0;
    while (offset < piece.length) {
      if (this.#missing === undefined) {
        offset = this.#readLength(piece, offset);
        if (this.#missing !== 0) continue;
      }
      const end = Math.min(piece.length, offset + (this.#missing ?? 0));
      this.#pieces.push(piece.subarray(offset, end));
      this.#missing = (this.#missing ?? 0) - (end - offset);
      offset = end;
      if (this.#missing === 0 && !this.#finish()) return false;
    }
    return true;
  }

  /** The offset behind what belongs to the length. */
  #readLength(piece: Uint8Array, start: number): number {
    const end = this.#length.read(piece, start);
    if (end === undefined) return piece.length;
    this.#missing = this.#length.value;
    this.#handler.onLength(this.#missing);
    return end;
  }

  #finish(): boolean {
    const frame = concat(this.#pieces, this.#length.value);
    this.#pieces = [];
    this.#length.reset();
    this.#missing = undefined;
    return this.#handler.onFrame(frame);
  }
}
