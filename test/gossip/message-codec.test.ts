import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { BlockHash } from "../../chain/block.ts";
import { GossipError } from "../../gossip/errors.ts";
import type { EventId } from "../../gossip/user-events/event-messages.ts";
import {
  decodeFetchReply,
  decodeFetchRequest,
  decodeMessage,
  encodeFetchReply,
  encodeFetchRequest,
  encodeMessage,
} from "../../gossip/wire/message-codec.ts";
import type {
  BlockQuestion,
  CutId,
  IdentityId,
  FetchReply,
  Message,
  RingId,
} from "../../gossip/wire/messages.ts";
import type { ChannelId, PeerId } from "../../gossip/ports.ts";
import { SPREAD_NONE } from "../../gossip/push/spread.ts";
import { channelId } from "../../gossip/wire/wire-values.ts";
import * as wire from "../../gossip/wire/wire.js";
import { FETCH_REPLY, FETCH_REQUEST, MESSAGES } from "./message-arbitraries.ts";

const CHANNEL_BYTES = new Uint8Array(16).map((_, index) => 17 * index);

const anyMessage = fc.oneof(...Object.values(MESSAGES));

describe("What is encoded is decoded to the same", () => {
  test.each(Object.entries(MESSAGES))("message: %s", (_kind, arbitrary) => {
    fc.assert(
      fc.property(arbitrary as fc.Arbitrary<Message>, (message) => {
        expect(decodeMessage(encodeMessage(message))).toEqual(message);
      }),
    );
  });

  test("questions", () => {
    fc.assert(
      fc.property(FETCH_REQUEST, (request) => {
        expect(decodeFetchRequest(encodeFetchRequest(request))).toEqual(request);
      }),
    );
  });

  test("answers", () => {
    fc.assert(
      fc.property(FETCH_REPLY, (reply) => {
        expect(decodeFetchReply(encodeFetchReply(reply))).toEqual(reply);
      }),
    );
  });
});

describe("Any bytes are decoded, or refused as malformed", () => {
  const DECODERS = { decodeMessage, decodeFetchRequest, decodeFetchReply };

  test.each(Object.entries(DECODERS))("noise: %s", (_name, decode) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => decodesOrRefuses(decode, bytes)),
      { numRuns: 1000 },
    );
  });

  test.each(Object.entries(DECODERS))("damaged messages: %s", (_name, decode) => {
    const encoded = fc.oneof(
      anyMessage.map(encodeMessage),
      FETCH_REQUEST.map(encodeFetchRequest),
      FETCH_REPLY.map(encodeFetchReply),
    );
    fc.assert(
      fc.property(encoded, fc.nat(), fc.nat(255), fc.boolean(), (bytes, position, value, cuts) => {
        const damaged = bytes.slice(0, cuts ? position % (bytes.length + 1) : bytes.length);
        if (damaged.length > 0) damaged[position % damaged.length] = value;
        decodesOrRefuses(decode, damaged);
      }),
      { numRuns: 2000 },
    );
  });

  test.each<[string, (bytes: Uint8Array) => unknown, Uint8Array]>([
    ["an empty message", decodeMessage, new Uint8Array(0)],
    ["an empty question", decodeFetchRequest, new Uint8Array(0)],
    ["an empty answer", decodeFetchReply, new Uint8Array(0)],
    ["a question for nothing", decodeFetchRequest, wire.FetchRequest.encode({ channel: CHANNEL_BYTES })],
    [
      "a range that is empty",
      decodeFetchRequest,
      wire.FetchRequest.encode({ channel: CHANNEL_BYTES, blocks: { first: 7, end: 7 } }),
    ],
    [
      "a channel id of 15 bytes",
      decodeFetchRequest,
      wire.FetchRequest.encode({ channel: new Uint8Array(15), blocks: { first: 0, end: 1 } }),
    ],
    [
      "a hash of 31 bytes",
      decodeMessage,
      wire.Frame.encode({ want: { channel: CHANNEL_BYTES, number: 1, hash: new Uint8Array(31) } }),
    ],
    [
      "a list of events that is cut off",
      decodeMessage,
      wire.Frame.encode({
        eventSync: { hash: new Uint8Array(8), held: { ids: new Uint8Array(9) } },
      } as wire.Frame),
    ],
    [
      "a list of more events than anybody holds",
      decodeMessage,
      wire.Frame.encode({
        eventSync: { hash: new Uint8Array(8), held: { ids: new Uint8Array(8 * 513), asksBack: false } },
      }),
    ],
    [
      "a hash of events of 7 bytes",
      decodeMessage,
      wire.Frame.encode({ eventSync: { hash: new Uint8Array(7) } }),
    ],
    [
      "more user events than are in any message",
      decodeMessage,
      wire.Frame.encode({
        userEvents: {
          events: Array.from({ length: 513 }, () => ({
            event: { payload: new Uint8Array(1), signature: new Uint8Array(1) },
            ageSeconds: 0,
          })),
        },
      }),
    ],
    ["a member without a statement", decodeMessage, wire.Frame.encode({ alive: { members: [{}] } })],
    [
      "a height above 2^53",
      decodeMessage,
      new Uint8Array([0x32, 0x0b, 0x10, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]),
    ],
  ])("%s is malformed", (_what, decode, bytes) => {
    expect(() => decode(bytes)).toThrow(expect.objectContaining({ code: "MALFORMED_MESSAGE" }));
  });

  test("More members than any network has are refused before they are kept", () => {
    const entry = {
      alive: { payload: new Uint8Array(0), signature: new Uint8Array(0) },
      internal: undefined,
    };
    const members = (count: number) =>
      encodeMessage({ kind: "alive", members: Array.from({ length: count }, () => entry) });
    expect(decodeMessage(members(4096))).toMatchObject({ kind: "alive" });
    expect(() => decodeMessage(members(4097))).toThrow(GossipError);
  });
});

test("More numbers or blocks than a session needs are refused before they are kept", () => {
  const channel = channelId(CHANNEL_BYTES);
  const tipHash = "c0ffee".padEnd(64, "0") as BlockHash;
  const syn = (count: number) => {
    const digest = { height: 1, tipHash, early: Array.from({ length: count }, (_, index) => index) };
    return encodeMessage({ kind: "syn", channel, session: 1, digest, end: 1, gives: true });
  };
  const ack2 = (count: number) => {
    const blocks = Array.from({ length: count }, () => new Uint8Array(1));
    return encodeMessage({ kind: "ack2", channel, session: 1, blocks });
  };
  for (const encoded of [syn, ack2]) {
    expect(decodeMessage(encoded(1024))).toMatchObject({ session: 1 });
    expect(() => decodeMessage(encoded(1025))).toThrow(GossipError);
  }
});

test("The bytes on the wire are those of the golden file", () => {
  const golden: Record<string, string> = JSON.parse(
    readFileSync(new URL("../golden/wire.json", import.meta.url), "utf8"),
  );
  expect(goldenBytes()).toEqual(golden);
});

const CUT_ID = "0123456789abcdef0123456789abcdef" as CutId;

/** Of the channel below, and otherwise empty. */
const CUT = { payload: wire.Cut.encode({ channel: CHANNEL_BYTES }), signature: new Uint8Array([4, 5]) };

function goldenBytes(): Readonly<Record<string, string>> {
  const channel = channelId(CHANNEL_BYTES);
  const hash = "c0ffee".padEnd(64, "0") as BlockHash;
  const digest = { height: 12, tipHash: hash, early: [14, 300] };
  const node = new Uint8Array(16).fill(12);
  const proof = { leaves: [node], path: [] };
  const signed = { payload: new Uint8Array([1, 2, 3]), signature: new Uint8Array([4, 5]) };
  const members = [
    { alive: signed, internal: { payload: new Uint8Array([6]), signature: new Uint8Array([7]) } },
    { alive: signed, internal: undefined },
  ];
  const messages: readonly Message[] = [
    { kind: "alive", members },
    { kind: "membership-request", self: members[0]!, viewHash: new Uint8Array([7, 8]) },
    { kind: "membership-response", members },
    { kind: "identity-want", ids: [CUT_ID as string as IdentityId] },
    { kind: "identities", identities: [{ peer: "12D3" as PeerId, identity: new Uint8Array([6]) }] },
    { kind: "state-info", channel, statements: [signed] },
    { kind: "block", channel, spread: { step: "row", width: 3, seed: 7 }, block: new Uint8Array([9, 10]) },
    { kind: "advert", channel, height: 301, blocks: [{ number: 300, hash, blockBytes: 70_000 }] },
    { kind: "cut", channel, cutter: undefined, statement: CUT },
    {
      kind: "chunk",
      cut: CUT_ID,
      lane: 2,
      round: 1,
      data: new Uint8Array([9]),
      proof,
      spread: SPREAD_NONE,
      served: [5],
    },
    { kind: "chunk-want", channel, cut: CUT_ID, present: new Uint8Array([11]), needed: 0 },
    { kind: "want", channel, number: 2 ** 40, hash },
    { kind: "ping", id: 3, accusation: signed },
    { kind: "ping-request", id: 300, peer: "12D3" as PeerId },
    { kind: "pong", id: 300, isSilent: true },
    { kind: "accusations", statements: [signed] },
    { kind: "relay-question", channel, number: 300, hash },
    { kind: "relay-answer", channel, number: 300, hash, came: true },
    { kind: "user-events", events: [{ event: signed, ageSeconds: 7 }] },
    {
      kind: "event-sync",
      hash: new Uint8Array(8).fill(9),
      held: { ids: ["0123456789abcdef" as EventId], asksBack: true },
    },
    ...repairMessages(channel, hash),
    { kind: "syn", channel, session: 1, digest, end: 524, gives: true },
    { kind: "ack", channel, session: 1, digest, end: 0, blocks: [new Uint8Array([9]), new Uint8Array([10])] },
    { kind: "ack2", channel, session: 300, blocks: [new Uint8Array([9])] },
    ...journeyMessages(channel, hash),
    { kind: "fork-proof", channel, blocks: [new Uint8Array([9]), new Uint8Array([10, 11])] },
  ];
  const requests: readonly BlockQuestion[] = [{ channel, range: { first: 5, end: 200 } }];
  const replies: readonly FetchReply[] = [
    { kind: "block", block: new Uint8Array([9, 10]) },
    { kind: "refusal", code: "NOT_A_MEMBER" },
  ];
  const named: readonly (readonly [string, Uint8Array])[] = [
    ...messages.map((message) => [message.kind, encodeMessage(message)] as const),
    ...requests.map((request) => ["fetch blocks", encodeFetchRequest(request)] as const),
    ...replies.map((reply) => [`reply ${reply.kind}`, encodeFetchReply(reply)] as const),
  ];
  return Object.fromEntries(named.map(([name, bytes]) => [name, Buffer.from(bytes).toString("hex")]));
}

function repairMessages(channel: ChannelId, tipHash: BlockHash): readonly Message[] {
  const hop = { channel, ring: CUT_ID as string as RingId, hop: 3 };
  const outcome = {
    heightBefore: 5,
    heightAfter: 301,
    tipHash,
    copied: 296,
    damaged: [4, 2],
    mended: [4],
    isVerified: true,
    hasMore: true,
    failure: "NOT_HELD",
  };
  return [
    { kind: "repair-step", ...hop, source: "12D3" as PeerId, verify: true },
    { kind: "repair-progress", ...hop, done: 70_000 },
    { kind: "repair-report", ...hop, outcome },
  ];
}

function journeyMessages(channel: ChannelId, hash: BlockHash): readonly Message[] {
  const times = { receivedUs: 1_700_000_000_000_000, verifiedUs: 1_700_000_000_000_300 };
  return [
    { kind: "journey-question", channel, first: 300 },
    {
      kind: "journey-answer",
      channel,
      arrivals: [
        { number: 300, hash, from: "12D3" as PeerId, origin: "chunks", ...times, committedUs: undefined },
        { number: 301, hash, from: undefined, origin: "publish", ...times, committedUs: times.verifiedUs },
      ],
    },
  ];
}

function decodesOrRefuses(decode: (bytes: Uint8Array) => unknown, bytes: Uint8Array): void {
  try {
    decode(bytes);
  } catch (error) {
    expect(error).toMatchObject({ name: "GossipError", code: "MALFORMED_MESSAGE" });
  }
}
