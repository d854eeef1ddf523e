import type { Message } from "../gossip/messages.ts";

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

  get first(): QueuedFrame | undefined {
    return this.#frames[0];
  }

  /** False where there is no room. An empty queue takes a frame of any size, or large blocks would never leave. */
  offer(frame: QueuedFrame): boolean {
    if (this.#frames.length > 0 && this.#bytes + frame.bytes.length > this.#bytesMax) return false;
    this.#frames.push(frame);
    this.#bytes += frame.bytes.length;
    return true;
  }

  /** Takes the first one out. Until then it counts, though it may be half written. */
  shift(): void {
    this.#bytes -= this.#frames.shift()?.bytes.length ?? 0;
  }

  /** Empties it, and says of how much. */
  clear(): { readonly messages: number; readonly bytes: number } {
    const cleared = { messages: this.#frames.length, bytes: this.#bytes };
    this.#frames = [];
    this.#bytes = 0;
    return cleared;
  }
}
