import { ChainError } from "./errors.ts";
import { refuseGroups } from "./protobuf-groups.ts";

refuseGroups();

/** A message type of fabric-protos. */
export interface MessageType<Message> {
  deserializeBinary(bytes: Uint8Array): Message;
}

/**
 * Reads a part of a channel's configuration. google-protobuf throws errors of several kinds on bad bytes, and overflows
 * the stack where messages are nested too deep; here all of them are one. A group, on which it would loop for ever, is one
 * of them (see {@link refuseGroups}).
 *
 * @param what names the message in the error.
 * @throws ChainError `MALFORMED_CONFIG`.
 */
export function decodeMessage<Message>(type: MessageType<Message>, bytes: Uint8Array, what: string): Message {
  try {
    return type.deserializeBinary(bytes);
  } catch (cause) {
    throw new ChainError("MALFORMED_CONFIG", `${bytes.length} bytes that are no ${what}`, { cause });
  }
}
