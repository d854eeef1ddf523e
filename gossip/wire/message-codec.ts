import { lengthDelimitedHead } from "../../chain/protobuf-fields.ts";
import { ENTROPY_LIMITS, fromEntropyFrame, toEntropyFrame } from "../catch-up/entropy-codec.ts";
import { EVENTS_MAX, fromEventFrame, toEventFrame } from "../user-events/event-codec.ts";
import { fromForkFrame, toForkFrame } from "../channel/fork-codec.ts";
import { fromJourneyFrame, toJourneyFrame } from "../journeys/journey-codec.ts";
import { ARRIVALS_MAX } from "../journeys/arrival.ts";
import type { BlockQuestion, BlockRange, FetchReply, Message } from "./messages.ts";
import { fromMembershipFrame, toMembershipFrame } from "./membership-codec.ts";
import { fromPushFrame, toPushFrame } from "../push/push-codec.ts";
import { fromRelayFrame, toRelayFrame } from "../push/relay-codec.ts";
import { fromRepairFrame, toRepairFrame, REPAIR_NUMBERS_MAX } from "../repair/repair-codec.ts";
import {
  channelBytes,
  channelId,
  detached,
  integer,
  owned,
  refusing,
  signedBytes,
  signedStatement,
} from "./wire-values.ts";
import * as wire from "./wire.js";

/** Counts that a frame may hold; what is above is refused before it is allocated. */
const MEMBERS_MAX = 4096;
const STATEMENTS_MAX = 4096;
const IDENTITIES_MAX = 1024;
const HELD_BLOCKS_MAX = 1024;
const SERVED_MAX = 256;

/** A message as the bytes of one frame of the gossip stream (`Frame` in wire.proto), without a length prefix. */
export function encodeMessage(message: Message): Uint8Array {
  return wire.Frame.encode(toFrame(message));
}

/** @throws GossipError `MALFORMED_MESSAGE` for anything that `encodeMessage` does not make. */
export function decodeMessage(bytes: Uint8Array): Message {
  return refusing("message", () => {
    const frame = wire.Frame.decode(bytes, {
      limits: {
        alive: { members: MEMBERS_MAX },
        membershipResponse: { members: MEMBERS_MAX },
        accusations: { statements: STATEMENTS_MAX },
        identityWant: { ids: IDENTITIES_MAX },
        identities: { identities: IDENTITIES_MAX },
        stateInfo: { statements: STATEMENTS_MAX },
        advert: { blocks: HELD_BLOCKS_MAX },
        chunk: { served: SERVED_MAX },
        userEvents: { events: EVENTS_MAX },
        repairReport: { damaged: REPAIR_NUMBERS_MAX, mended: REPAIR_NUMBERS_MAX },
        journeyAnswer: { arrivals: ARRIVALS_MAX },
        ...ENTROPY_LIMITS,
      },
    });
    return fromFrame(frame);
  });
}

/** A question on a fetch stream (`FetchRequest` in wire.proto). */
export function encodeFetchRequest({ channel, range }: BlockQuestion): Uint8Array {
  return wire.FetchRequest.encode({ channel: channelBytes(channel), blocks: { ...range } });
}

/** @throws GossipError `MALFORMED_MESSAGE`. */
export function decodeFetchRequest(bytes: Uint8Array): BlockQuestion {
  return refusing("request", () => {
    const { channel, blocks } = wire.FetchRequest.decode(bytes);
    if (blocks === undefined) throw new RangeError("nothing is asked for");
    return { channel: channelId(channel), range: checkedRange(blocks) };
  });
}

/** One message of an answer (`FetchReply` in wire.proto). */
export function encodeFetchReply(reply: FetchReply): Uint8Array {
  switch (reply.kind) {
    case "block":
      return wire.FetchReply.encode({ block: owned(reply.block) });
    case "refusal":
      return wire.FetchReply.encode({ refusal: reply.code });
    default:
      return reply satisfies never;
  }
}

/** What stands in front of a block of that many bytes in an answer, so that the block itself need not be copied. */
export function encodeBlockReplyHead(blockBytes: number): Uint8Array {
  return lengthDelimitedHead(BLOCK_REPLY_FIELD, blockBytes);
}

/** `FetchReply.block` in wire.proto. */
const BLOCK_REPLY_FIELD = 2;

/** @throws GossipError `MALFORMED_MESSAGE`. */
export function decodeFetchReply(bytes: Uint8Array): FetchReply {
  return refusing("answer", () => {
    const reply = wire.FetchReply.decode(bytes);
    if (reply.block !== undefined) return { kind: "block", block: detached(reply.block) };
    if (reply.refusal !== undefined) return { kind: "refusal", code: reply.refusal.slice(0, 64) };
    throw new RangeError("it holds nothing");
  });
}

function toFrame(message: Message): wire.Frame {
  switch (message.kind) {
    case "alive":
    case "membership-request":
    case "membership-response":
    case "identity-want":
    case "identities":
    case "accusations":
    case "ping":
    case "ping-request":
    case "pong":
      return toMembershipFrame(message);
    case "state-info":
      return {
        stateInfo: {
          channel: channelBytes(message.channel),
          statements: message.statements.map(signedBytes),
        },
      };
    case "block":
    case "cut":
    case "chunk":
    case "chunk-want":
    case "advert":
    case "want":
      return toPushFrame(message);
    case "relay-question":
    case "relay-answer":
      return toRelayFrame(message);
    case "user-events":
    case "event-sync":
      return toEventFrame(message);
    case "repair-step":
    case "repair-progress":
    case "repair-report":
      return toRepairFrame(message);
    case "syn":
    case "ack":
    case "ack2":
      return toEntropyFrame(message);
    case "fork-proof":
      return toForkFrame(message);
    case "journey-question":
    case "journey-answer":
      return toJourneyFrame(message);
    default:
      return message satisfies never;
  }
}

function fromFrame(frame: wire.Frame): Message {
  const known =
    fromPushFrame(frame) ??
    fromRelayFrame(frame) ??
    fromEntropyFrame(frame) ??
    fromRepairFrame(frame) ??
    fromForkFrame(frame) ??
    fromJourneyFrame(frame);
  if (known !== undefined) return known;
  if (frame.stateInfo !== undefined) {
    const { channel, statements } = frame.stateInfo;
    return { kind: "state-info", channel: channelId(channel), statements: statements.map(signedStatement) };
  }
  const said = fromEventFrame(frame) ?? fromMembershipFrame(frame);
  if (said !== undefined) return said;
  throw new RangeError("it holds nothing");
}

function checkedRange(range: BlockRange): BlockRange {
  const first = integer(range.first);
  const end = integer(range.end);
  if (first >= end) throw new RangeError(`an empty range from ${first} to ${end}`);
  return { first, end };
}
