import { lengthDelimitedHead } from "../chain/protobuf-fields.ts";
import { ENTROPY_LIMITS, fromEntropyFrame, toEntropyFrame } from "./entropy-codec.ts";
import type {
  BlockQuestion,
  BlockRange,
  FetchReply,
  MemberEntry,
  Message,
  SignedStatement,
} from "./messages.ts";
import { identityBytes, identityId, IDENTITY_BYTES_MAX } from "./identity-id.ts";
import { fromPushFrame, toPushFrame } from "./push-codec.ts";
import type { PeerId } from "./ports.ts";
import {
  channelBytes,
  channelId,
  detached,
  integer,
  owned,
  refusing,
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
        identityWant: { ids: IDENTITIES_MAX },
        identities: { identities: IDENTITIES_MAX },
        stateInfo: { statements: STATEMENTS_MAX },
        advert: { blocks: HELD_BLOCKS_MAX },
        chunk: { served: SERVED_MAX },
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
      return { alive: { members: message.members.map(toMember) } };
    case "membership-request":
      return { membershipRequest: { self: toMember(message.self), viewHash: owned(message.viewHash) } };
    case "membership-response":
      return { membershipResponse: { members: message.members.map(toMember) } };
    case "identity-want":
      return { identityWant: { ids: message.ids.map(identityBytes) } };
    case "identities":
      return {
        identities: {
          identities: message.identities.map(({ peer, identity }) => ({ peer, identity: owned(identity) })),
        },
      };
    case "state-info":
      return {
        stateInfo: { channel: channelBytes(message.channel), statements: message.statements.map(toSigned) },
      };
    case "block":
    case "cut":
    case "chunk":
    case "chunk-want":
    case "advert":
    case "want":
      return toPushFrame(message);
    case "syn":
    case "ack":
    case "ack2":
      return toEntropyFrame(message);
    default:
      return message satisfies never;
  }
}

function fromFrame(frame: wire.Frame): Message {
  const known = fromPushFrame(frame) ?? fromEntropyFrame(frame);
  if (known !== undefined) return known;
  if (frame.stateInfo !== undefined) {
    const { channel, statements } = frame.stateInfo;
    return { kind: "state-info", channel: channelId(channel), statements: statements.map(signedStatement) };
  }
  return fromMembershipFrame(frame);
}

function fromMembershipFrame(frame: wire.Frame): Message {
  if (frame.alive !== undefined) return { kind: "alive", members: frame.alive.members.map(fromMember) };
  if (frame.membershipRequest !== undefined) {
    const { self, viewHash } = frame.membershipRequest;
    return { kind: "membership-request", self: fromMember(self), viewHash: detached(viewHash) };
  }
  if (frame.membershipResponse !== undefined) {
    return { kind: "membership-response", members: frame.membershipResponse.members.map(fromMember) };
  }
  if (frame.identityWant !== undefined)
    return { kind: "identity-want", ids: frame.identityWant.ids.map(identityId) };
  if (frame.identities !== undefined) {
    const identities = frame.identities.identities.map(({ peer, identity }) => ({
      peer: peer as PeerId,
      identity: checkedIdentity(identity),
    }));
    return { kind: "identities", identities };
  }
  throw new RangeError("it holds nothing");
}

function toMember(entry: MemberEntry): wire.Member {
  const alive = toSigned(entry.alive);
  return entry.internal === undefined ? { alive } : { alive, internal: toSigned(entry.internal) };
}

function fromMember(member: wire.Member | undefined): MemberEntry {
  if (member?.alive === undefined) throw new RangeError("a member without a statement");
  const { alive, internal } = member;
  return { alive: signedStatement(alive), internal: internal && signedStatement(internal) };
}

function toSigned(statement: SignedStatement): wire.Signed {
  return { payload: owned(statement.payload), signature: owned(statement.signature) };
}

function checkedIdentity(identity: Uint8Array): Uint8Array {
  if (identity.length > IDENTITY_BYTES_MAX) throw new RangeError(`an identity of ${identity.length} bytes`);
  return detached(identity);
}

function checkedRange(range: BlockRange): BlockRange {
  const first = integer(range.first);
  const end = integer(range.end);
  if (first >= end) throw new RangeError(`an empty range from ${first} to ${end}`);
  return { first, end };
}
