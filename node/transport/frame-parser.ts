import { Buffer } from "node:buffer";
import { FrameLength } from "./frame-length.ts";

export interface FrameHandler {
  /** Called with the length of the next frame before any of it is kept; throws where it is too large. */
  readonly onLength: (bytes: number) => void;
  /** Gets a frame that nobody else holds. False: no more is wanted. */
  readonly onFrame: (frame: Uint8Array) => boolean;
}

/** A frame of which only a part has come gets so much memory at first; then twice of what has come. */
const FIRST_PART_BYTES_MAX = 1 << 20;

/** A frame that is being put together. */
interface Part {
  readonly bytes: number;
  buffer: Uint8Array;
  filled: number;
}

/** Up to where bytes were taken, and the frame that this completed. */
interface Taken {
  readonly end: number;
  readonly frame: Uint8Array | undefined;
}

/**
 * Takes frames, each with its length in front as an unsigned varint, out of the bytes of a stream as they come, without
 * waiting for anything. The handler gets a frame in the same turn in which its last byte came.
 *
 * A frame is copied at most once, or twice where it has more than a mebibyte. One that came in one piece, and makes up
 * half of the buffer or more that it came in, is handed on as it is; any other is copied, so that what somebody keeps
 * of it never holds on to more than twice its memory.
 */
export class FrameParser {
  readonly #handler: FrameHandler;
  readonly #length = new FrameLength();
  #part: Part | undefined;

  constructor(handler: FrameHandler) {
    this.#handler = handler;
  }

  /** Whether all that came was whole frames. */
  get isBetweenFrames(): boolean {
    return this.#part === undefined && !this.#length.isBegun;
  }

  /**
   * Takes the next bytes of the stream, which must not be changed afterwards. Where it throws, or the handler wants no
   * more, it must not be called again.
   *
   * @returns whether more is wanted.
   * @throws GossipError `MALFORMED_MESSAGE` for a length that is none; otherwise what the handler throws.
   */
  push(bytes: Uint8Array): boolean {
    let offset = 0;
    while (offset < bytes.length) {
      const { end, frame } =
        this.#part === undefined ? this.#begin(bytes, offset) : addToPart(this.#part, bytes, offset);
      offset = end;
      if (frame === undefined) continue;
      this.#part = undefined;
      if (!this.#handler.onFrame(frame)) return false;
    }
    return true;
  }

  /** Reads a length, and takes the frame where all of it is here; otherwise begins to put it together. */
  #begin(bytes: Uint8Array, offset: number): Taken {
    const start = this.#length.read(bytes, offset);
    if (start === undefined) return { end: bytes.length, frame: undefined };
    const length = this.#length.value;
    this.#handler.onLength(length);
    this.#length.reset();
    if (start + length <= bytes.length)
      return { end: start + length, frame: ownedFrame(bytes, start, length) };
    this.#part = { bytes: length, buffer: allocate(Math.min(length, FIRST_PART_BYTES_MAX)), filled: 0 };
    return { end: start, frame: undefined };
  }
}

function addToPart(part: Part, bytes: Uint8Array, offset: number): Taken {
  const end = Math.min(offset + part.bytes - part.filled, bytes.length);
  const filled = part.filled + end - offset;
  if (filled > part.buffer.length) grow(part, filled);
  part.buffer.set(bytes.subarray(offset, end), part.filled);
  part.filled = filled;
  return { end, frame: filled === part.bytes ? part.buffer : undefined };
}

function ownedFrame(bytes: Uint8Array, offset: number, length: number): Uint8Array {
  const frame = new Uint8Array(bytes.buffer, bytes.byteOffset + offset, length);
  return 2 * length >= bytes.buffer.byteLength ? frame : new Uint8Array(frame);
}

function grow(part: Part, bytesMin: number): void {
  const larger = allocate(Math.min(part.bytes, 2 * bytesMin));
  larger.set(part.buffer.subarray(0, part.filled));
  part.buffer = larger;
}

/** Not cleared, since all of it is filled before anybody sees it. */
function allocate(bytes: number): Uint8Array {
  return new Uint8Array(Buffer.allocUnsafeSlow(bytes).buffer);
}
