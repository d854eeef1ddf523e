import { decodeMessage } from "../../../gossip/wire/message-codec.ts";
import type { Message } from "../../../gossip/wire/messages.ts";

/**
 * A message on its way, as bytes. Those to whom the same bytes go read them once between them: what is read is the
 * same for all, and read-only.
 */
export class Envelope {
  readonly kind: Message["kind"];
  readonly bytes: Uint8Array;
  #message: Message | undefined;

  constructor(kind: Message["kind"], bytes: Uint8Array) {
    this.kind = kind;
    this.bytes = bytes;
  }

  /** What the bytes say. @throws GossipError `MALFORMED_MESSAGE`. */
  open(): Message {
    this.#message ??= decodeMessage(this.bytes);
    return this.#message;
  }
}
