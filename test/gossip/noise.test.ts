import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cutOf } from "../../gossip/push/cut.ts";
import { GossipError } from "../../gossip/errors.ts";
import { Handshake } from "../../gossip/door/handshake.ts";
import { identityId } from "../../gossip/door/identity-id.ts";
import {
  decodeFetchReply,
  decodeFetchRequest,
  decodeMessage,
  encodeFetchReply,
  encodeFetchRequest,
  encodeMessage,
} from "../../gossip/wire/message-codec.ts";
import type { Message, SignedStatement } from "../../gossip/wire/messages.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { cutId, nodes } from "../../gossip/push/push-codec.ts";
import {
  readAlive,
  readCut,
  readInternal,
  readStateInfo,
  readUserEvent,
  signStatement,
} from "../../gossip/wire/statements.ts";
import { channelId, checkedHash } from "../../gossip/wire/wire-values.ts";
import { noiseAround, outcomeOf, plain } from "../noise.ts";
import { OPEN } from "../../node/testing/simulator/simulated-peer.ts";
import { FETCH_REPLY, FETCH_REQUEST, MESSAGES } from "./message-arbitraries.ts";
import {
  channel,
  consortium,
  HOSTILE,
  KEYRING,
  padded,
  REAL_FRAMES,
  REAL_MESSAGES,
} from "./taken-over-consortium.ts";

const SAMPLES = <T>(arbitrary: fc.Arbitrary<T>, encode: (value: T) => Uint8Array) =>
  fc.sample(arbitrary, { numRuns: 30, seed: 1 }).map(encode);
const FRAMES = [...REAL_FRAMES, ...SAMPLES(fc.oneof(...Object.values(MESSAGES)), encodeMessage)];

const statementsOf = (message: Message): readonly SignedStatement[] => {
  if (message.kind === "alive" || message.kind === "membership-response")
    return message.members.flatMap(({ alive, internal }) =>
      internal === undefined ? [alive] : [alive, internal],
    );
  if (message.kind === "state-info") return message.statements;
  return message.kind === "cut" ? [message.statement] : [];
};
const PAYLOADS = REAL_MESSAGES.flatMap(statementsOf).map(({ payload }) => payload);
const signed = (payload: Uint8Array) => ({ payload, signature: new Uint8Array(64) });

/** The frames of one handshake: the challenge and the dialler's proof; the acceptor's proof has the latter's form. */
function handshakePair() {
  const { gossip } = consortium.peer("b");
  const other = consortium.peer("c").gossip;
  return { dialler: gossip.handshake("c" as PeerId, true), acceptor: other.handshake("b" as PeerId, false) };
}
const { dialler, acceptor } = handshakePair();
const challenge = acceptor.begin()!;
const proof = dialler.receive(challenge).frame!;
const lastProof = acceptor.receive(proof).frame!;

const DECODERS: Readonly<Record<string, readonly [(bytes: Uint8Array) => unknown, readonly Uint8Array[]]>> = {
  "a message": [decodeMessage, FRAMES],
  "a question": [decodeFetchRequest, SAMPLES(FETCH_REQUEST, encodeFetchRequest)],
  "an answer": [decodeFetchReply, SAMPLES(FETCH_REPLY, encodeFetchReply)],
  "an alive statement": [(bytes) => readAlive(signed(bytes)), PAYLOADS],
  "internal endpoints": [(bytes) => readInternal(signed(bytes)), PAYLOADS],
  "a user event": [(bytes) => readUserEvent(signed(bytes)), PAYLOADS],
  "a state-info statement": [(bytes) => readStateInfo(signed(bytes)), PAYLOADS],
  "how a block is cut": [(bytes) => readCut(signed(bytes), HOSTILE), PAYLOADS],
  "a cut": [(bytes) => cutOf(signed(bytes), HOSTILE), PAYLOADS],
  "an acceptor's handshake": [
    (bytes) => twice(handshakePair().acceptor, bytes),
    [challenge, proof, lastProof],
  ],
  "a dialler's handshake": [(bytes) => twice(handshakePair().dialler, bytes), [challenge, proof, lastProof]],
  "a handshake in an open network": [(bytes) => twice(openHandshake(), bytes), [challenge, proof, lastProof]],
};

describe("Noise is a value or a GossipError, and costs no more than its bytes", () => {
  test.each(Object.entries(DECODERS))("%s", (_name, [decode, good]) => {
    fc.assert(
      fc.property(noiseAround(good), (bytes) => void outcomeOf(plain(bytes), decode, [GossipError])),
      { numRuns: 1000 },
    );
  });

  test.each(Object.entries({ channelId, checkedHash, cutId, identityId, nodes }))(
    "%s: a RangeError",
    (_name, read) => {
      fc.assert(
        fc.property(
          fc.uint8Array({ maxLength: 100 }),
          (bytes) => void outcomeOf(bytes, (given) => read(given), [RangeError]),
        ),
      );
    },
  );
});

test("What is kept of a message holds on to no more than four times its memory", () => {
  const decode = fc.constantFrom<[(bytes: Uint8Array) => unknown, readonly Uint8Array[]][]>(
    [decodeMessage, FRAMES],
    [decodeFetchReply, SAMPLES(FETCH_REPLY, encodeFetchReply)],
  );
  const subject = decode.chain(([read, good]) => fc.constantFrom(...good).map((bytes) => ({ read, bytes })));
  fc.assert(
    fc.property(subject, fc.nat(100_000), ({ read, bytes }, padding) => {
      // The nodes of a proof lie side by side, and are kept or forgotten together.
      const usedBytes = new Map<ArrayBufferLike, number>();
      for (const { buffer, length } of byteArraysIn(read(padded(bytes, padding))))
        usedBytes.set(buffer, (usedBytes.get(buffer) ?? 0) + length);
      for (const [{ byteLength }, used] of usedBytes) expect(byteLength).toBeLessThanOrEqual(4 * used);
    }),
  );
});

test.each<[string, Message]>([
  [
    "a statement of 17 KiB",
    { kind: "alive", members: [{ alive: signed(new Uint8Array(17 << 10)), internal: undefined }] },
  ],
  [
    "an identity of 17 KiB",
    { kind: "identities", identities: [{ peer: HOSTILE, identity: new Uint8Array(17 << 10) }] },
  ],
])("%s is refused before it is kept", (_what, message) => {
  expect(() => decodeMessage(encodeMessage(message))).toThrow(
    expect.objectContaining({ code: "MALFORMED_MESSAGE" }),
  );
});

test("A cut whose chunks are longer than its block makes them is none", () => {
  const terms = { channel, number: 9, hash: "ab".repeat(32) as never, blockBytes: 8 << 20, firstLane: 0 };
  const cut = (chunkBytes: number, lanes: number) =>
    cutOf(
      signStatement(
        {
          ...terms,
          kind: "cut",
          peer: HOSTILE,
          chunkBytes,
          lanes,
          laneCount: lanes,
          roots: Array.from({ length: 16 }, () => new Uint8Array(16)),
        },
        KEYRING,
      ),
      HOSTILE,
    );
  expect(cut(512 << 10, 16).lanes).toBe(16);
  expect(() => cut(8 << 20, 16)).toThrow(expect.objectContaining({ code: "MALFORMED_MESSAGE" }));
});

function twice(handshake: Handshake, bytes: Uint8Array): void {
  handshake.begin();
  handshake.receive(bytes);
  handshake.receive(bytes);
}

function openHandshake(): Handshake {
  const admit = () => OPEN.admit(HOSTILE, undefined);
  const nonce = new Uint8Array(32);
  return new Handshake({
    self: "a" as PeerId,
    peer: HOSTILE,
    isDialler: false,
    admission: OPEN,
    nonce,
    admit,
  });
}

function byteArraysIn(value: unknown): Uint8Array[] {
  if (value instanceof Uint8Array) return value.length === 0 ? [] : [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(byteArraysIn);
}
