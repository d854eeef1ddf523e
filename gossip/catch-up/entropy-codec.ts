import type { Digest, EntropyMessage } from "../wire/messages.ts";
import {
  channelBytes,
  channelId,
  checkedHash,
  detached,
  hashBytes,
  integer,
  owned,
} from "../wire/wire-values.ts";
import type * as wire from "../wire/wire.js";

/** How many numbers above its height a digest names at most. */
export const EARLY_MAX = 1_024;

/** How many blocks an answer has at most. */
export const ANSWER_BLOCKS_MAX = 1_024;

/** What is above is refused before it is allocated. */
export const ENTROPY_LIMITS = {
  syn: { digest: { early: EARLY_MAX } },
  ack: { digest: { early: EARLY_MAX }, blocks: ANSWER_BLOCKS_MAX },
  ack2: { blocks: ANSWER_BLOCKS_MAX },
} as const;

/** The frame of a message of an anti-entropy session. */
export function toEntropyFrame(message: EntropyMessage): wire.Frame {
  const { session } = message;
  const channel = channelBytes(message.channel);
  switch (message.kind) {
    case "syn": {
      const { digest, end, gives } = message;
      return { syn: { channel, session, digest: toDigest(digest), end, gives } };
    }
    case "ack": {
      const { digest, end, blocks } = message;
      return { ack: { channel, session, digest: toDigest(digest), end, blocks: blocks.map(owned) } };
    }
    case "ack2":
      return { ack2: { channel, session, blocks: message.blocks.map(owned) } };
    default:
      return message satisfies never;
  }
}

/** What the frame holds; undefined where that is none of these messages. @throws RangeError */
export function fromEntropyFrame(frame: wire.Frame): EntropyMessage | undefined {
  if (frame.syn !== undefined) {
    const { channel, session, digest, end, gives } = frame.syn;
    return {
      kind: "syn",
      channel: channelId(channel),
      session,
      digest: fromDigest(digest),
      end: integer(end),
      gives,
    };
  }
  if (frame.ack !== undefined) {
    const { channel, session, digest, end, blocks } = frame.ack;
    return {
      kind: "ack",
      channel: channelId(channel),
      session,
      digest: fromDigest(digest),
      end: integer(end),
      blocks: blocks.map(detached),
    };
  }
  if (frame.ack2 === undefined) return undefined;
  const { channel, session, blocks } = frame.ack2;
  return { kind: "ack2", channel: channelId(channel), session, blocks: blocks.map(detached) };
}

function toDigest({ height, tipHash, early }: Digest): wire.Digest {
  return { height, tipHash: hashBytes(tipHash), early: [...early] };
}

function fromDigest(digest: wire.Digest | undefined): Digest {
  if (digest === undefined) throw new RangeError("a session without a digest");
  const { height, tipHash, early } = digest;
  return { height: integer(height), tipHash: checkedHash(tipHash), early: early.map(integer) };
}
