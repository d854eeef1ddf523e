import { toString } from "uint8arrays/to-string";
import type { BlockHash } from "../chain/block.ts";
import type { BlockQuestion, Message } from "../gossip/wire/messages.ts";
import type { ChannelId } from "../gossip/ports.ts";

/** A channel's id as good as any. */
export const CHANNEL = "00112233445566778899aabbccddeeff" as ChannelId;

/** What any peer may be asked. */
export const QUESTION: BlockQuestion = { channel: CHANNEL, range: { first: 0, end: 1 } };

const HASH = "ab".repeat(32) as BlockHash;

/** A small message, told apart by its number. */
export function advert(number: number): Message {
  return {
    kind: "advert",
    channel: CHANNEL,
    height: number,
    blocks: [{ number, hash: HASH, blockBytes: 1 }],
  };
}

/** A large message, told apart by its number, which it has as the seed of its spread. */
export function block(number: number, size: number): Message {
  return {
    kind: "block",
    channel: CHANNEL,
    spread: { step: "row", width: 2, seed: number },
    block: bytes(size, number),
  };
}

/** Bytes that begin with the seed and do not repeat soon. */
export function bytes(size: number, seed: number): Uint8Array {
  const result = new Uint8Array(size);
  for (let index = 0, state = seed; index < size; index++) {
    result[index] = index === 0 ? seed : state >>> 24;
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  }
  return result;
}

/** The number that `advert` or `block` was given. */
export function numberOf(message: Message): number {
  return message.kind === "block" ? message.spread.seed : message.kind === "advert" ? message.height : -1;
}

/** Whether both are the same block; compares without a diff of megabytes. */
export function sameBlock(message: Message | undefined, expected: Message): boolean {
  return message?.kind === "block" && expected.kind === "block" && sameBytes(message.block, expected.block);
}

/** Whether both are the same bytes; compares without a diff of megabytes. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** Bytes in few words, for comparisons that print what differs. */
export function brief(data: Uint8Array): string {
  return `${data.length} ${toString(data.subarray(0, 32), "base16")}`;
}
