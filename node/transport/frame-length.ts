import { GossipError } from "../../gossip/errors.ts";

/** Bytes of a length: seven bits in each, and no more than a safe integer has. */
const LENGTH_BYTES_MAX = 7;

/** Reads the unsigned varint in front of a frame, which may come in pieces. */
export class FrameLength {
  #value = 0;
  #bytes = 0;

  /** Whether a part of a length has come. */
  get isBegun(): boolean {
    return this.#bytes > 0;
  }

  /** What has been read. */
  get value(): number {
    return this.#value;
  }

  /**
   * Reads on from `start`: where the frame begins, or undefined where the length goes on in the bytes that follow.
   *
   * @throws GossipError `MALFORMED_MESSAGE` for a length of more than seven bytes.
   */
  read(bytes: Uint8Array, start: number): number | undefined {
    for (let offset = start; offset < bytes.length; offset++) {
      const byte = bytes[offset] ?? 0;
      this.#value += (byte & 0x7f) * 2 ** (7 * this.#bytes);
      this.#bytes++;
      if (byte < 0x80) return offset + 1;
      if (this.#bytes === LENGTH_BYTES_MAX)
        throw new GossipError(
          "MALFORMED_MESSAGE",
          `a frame whose length has more than ${LENGTH_BYTES_MAX} bytes`,
        );
    }
    return undefined;
  }

  /** The next length is read from its beginning. */
  reset(): void {
    this.#value = 0;
    this.#bytes = 0;
  }
}
