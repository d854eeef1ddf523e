import type { RelayMessage } from "./relay-messages.ts";
import { channelBytes, channelId, checkedHash, hashBytes, integer } from "../wire/wire-values.ts";
import type * as wire from "../wire/wire.js";

/** The frame of a message about what relays have passed on. */
export function toRelayFrame(message: RelayMessage): wire.Frame {
  const { number, hash } = message;
  const words = { channel: channelBytes(message.channel), number, hash: hashBytes(hash) };
  switch (message.kind) {
    case "relay-question":
      return { relayQuestion: words };
    case "relay-answer":
      return { relayAnswer: { ...words, came: message.came } };
    default:
      return message satisfies never;
  }
}

/** What the frame holds; undefined where that is none of these messages. @throws RangeError */
export function fromRelayFrame({ relayQuestion, relayAnswer }: wire.Frame): RelayMessage | undefined {
  if (relayQuestion !== undefined) return { kind: "relay-question", ...named(relayQuestion) };
  if (relayAnswer === undefined) return undefined;
  return { kind: "relay-answer", ...named(relayAnswer), came: relayAnswer.came };
}

function named({ channel, number, hash }: wire.RelayQuestion) {
  return { channel: channelId(channel), number: integer(number), hash: checkedHash(hash) };
}
