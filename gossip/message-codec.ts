import { lengthDelimitedHead } from "../chain/protobuf-fields.ts";
import type {
  BlockRange,
  FetchReply,
  FetchRequest,
  MemberEntry,
  Message,
  SignedStatement,
} from "./messages.ts";
import { identityBytes, identityId, IDENTITY_BYTES_MAX } from "./identity-id.ts";
import { fromPushFrame, toPushFrame } from "./push-codec.ts";
import type { PeerId } from "./ports.ts";
import { fromRepairFrame, toRepairFrame, REPAIR_NUMBERS_MAX } from "./repair-codec.ts";
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
const EARLY_MAX = 4096;
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
        repairReport: { damaged: REPAIR_NUMBERS_MAX, mended: REPAIR_NUMBERS_MAX },
      },
    });
    return fromFrame(frame);
  });
}

/** A question on a fetch stream (`FetchRequest` in wire.proto). */
export function encodeFetchRequest(request: FetchRequest): Uint8Array {
  const channel = channelBytes(request.channel);
  const { range } = request;
  return wire.FetchRequest.encode(
    range === undefined ? { channel, digest: true } : { channel, blocks: { ...range } },
  );
}

/** @throws GossipError `MALFORMED_MESSAGE`. */
export function decodeFetchRequest(bytes: Uint8Array): FetchRequest {
  return refusing("request", () => {
    const request = wire.FetchRequest.decode(bytes);
    const channel = channelId(request.channel);
    if (request.blocks !== undefined) return { channel, range: checkedRange(request.blocks) };
    if (request.digest !== true) throw new RangeError("nothing is asked for");
    return { channel, range: undefined };
  });
}

/** One message of an answer (`FetchReply` in wire.proto). */
export function encodeFetchReply(reply: FetchReply): Uint8Array {
  switch (reply.kind) {
    case "digest":
      return wire.FetchReply.encode({
        digest: { height: reply.digest.height, early: [...reply.digest.early] },
      });
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
    const reply = wire.FetchReply.decode(bytes, { limits: { digest: { early: EARLY_MAX } } });
    if (reply.block !== undefined) return { kind: "block", block: detached(reply.block) };
    if (reply.digest !== undefined) {
      const { height, early } = reply.digest;
      return { kind: "digest", digest: { height: integer(height), early: early.map(integer) } };
    }
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
    case "repair-step":
    case "repair-progress":
    case "repair-report":
      return toRepairFrame(message);
    default:
      return message satisfies never;
  }
}

function fromFrame(frame: wire.Frame): Message {
  const pushed = fromPushFrame(frame) ?? fromRepairFrame(frame);
  if (pushed !== undefined) return pushed;
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
