import type { Message } from "../../gossip/wire/messages.ts";

/** A message as the bytes of its frame. */
export interface QueuedFrame {
  readonly kind: Message["kind"];
  readonly bytes: Uint8Array;
}

/** Frames that wait for one peer, in the order in which they were sent, bounded by their bytes. */
export class SendQueue {
  readonly #bytesMax: number;
  #frames: QueuedFrame[] = [];
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get isEmpty(): boolean {
    return this.#frames.length === 0;
  }

  /** False where there is no room. An empty queue takes a frame of any size, or large blocks would never leave. */
  offer(frame: QueuedFrame): boolean {
    if (this.#frames.length > 0 && this.#bytes + frame.bytes.length > this.#bytesMax) return false;
    this.#frames.push(frame);
    this.#bytes += frame.bytes.length;
    return true;
  }

  /** The first ones that have no more than these bytes together, and the very first whatever it has. */
  batch(bytesMax: number): readonly QueuedFrame[] {
    let count = 0;
    let bytes = 0;
    for (const frame of this.#frames) {
      bytes += frame.bytes.length;
      if (count > 0 && bytes > bytesMax) break;
      count++;
    }
    return this.#frames.slice(0, count);
  }

  /** Takes the first ones out. Until then they count, though they may be half written. */
  shift(count: number): void {
    for (const { bytes } of this.#frames.splice(0, count)) this.#bytes -= bytes.length;
  }

  /** Empties it, and says of how much. */
  clear(): { readonly messages: number; readonly bytes: number } {
    const cleared = { messages: this.#frames.length, bytes: this.#bytes };
    this.#frames = [];
    this.#bytes = 0;
    return cleared;
  }
}
