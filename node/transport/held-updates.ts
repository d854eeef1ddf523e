/** Of yamux's framing (its specification, section "Framing"): a header without a body, and where its fields are. */
const HEADER_BYTES = 12;
const WINDOW_UPDATE = 1;
const STREAM_OFFSET = 4;
const LENGTH_OFFSET = 8;

/** An update is sent by itself when a stream's peer has so little left to send: half of the smallest window. */
const HELD_BYTES_MAX = 128 << 10;

/**
 * Holds back yamux's window updates until they matter or something else is sent with which they can go along. The
 * JavaScript implementation sends one for each piece that it reads, so that every small message is answered by a packet
 * of its own; the reference implementation (hashicorp/yamux, `sendWindowUpdate`) holds them until half the window.
 * Updates of one stream are added up.
 */
export class HeldUpdates {
  readonly #bytes = new Map<number, number>();

  /**
   * Holds back what is a window update and nothing else.
   *
   * @returns false where the frame must be sent, after those that are held.
   */
  hold(frame: Uint8Array): boolean {
    if (frame.length !== HEADER_BYTES) return false;
    const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
    // The version, 0, the type, and in two bytes the flags, which open and close streams.
    if (view.getUint32(0) !== WINDOW_UPDATE << 16) return false;
    const stream = view.getUint32(STREAM_OFFSET);
    const held = (this.#bytes.get(stream) ?? 0) + view.getUint32(LENGTH_OFFSET);
    this.#bytes.set(stream, held);
    if (held < HELD_BYTES_MAX) return true;
    // It is sent with the others, which are due soon.
    this.#bytes.delete(stream);
    view.setUint32(LENGTH_OFFSET, held);
    return false;
  }

  /** The frames that are held, which are held no longer. */
  take(): readonly Uint8Array[] {
    if (this.#bytes.size === 0) return [];
    const frames = [...this.#bytes].map(([stream, bytes]) => {
      const view = new DataView(new ArrayBuffer(HEADER_BYTES));
      view.setUint32(0, WINDOW_UPDATE << 16);
      view.setUint32(STREAM_OFFSET, stream);
      view.setUint32(LENGTH_OFFSET, bytes);
      return new Uint8Array(view.buffer);
    });
    this.#bytes.clear();
    return frames;
  }
}
