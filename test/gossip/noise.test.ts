import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ChainError } from "../../chain/errors.ts";
import { channelTag } from "../../gossip/channel-tag.ts";
import { cutOf } from "../../gossip/cut.ts";
import { GossipError } from "../../gossip/errors.ts";
import { Handshake } from "../../gossip/handshake.ts";
import { identityId } from "../../gossip/identity-id.ts";
import {
  decodeFetchReply,
  decodeFetchRequest,
  decodeMessage,
  encodeFetchReply,
  encodeFetchRequest,
  encodeMessage,
} from "../../gossip/message-codec.ts";
import type { Message, SignedStatement } from "../../gossip/messages.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { cutId, nodes } from "../../gossip/push-codec.ts";
import { readAlive, readCut, readInternal, readStateInfo, signStatement } from "../../gossip/statements.ts";
import { channelId, checkedHash } from "../../gossip/wire-values.ts";
import { heldBytes, noiseAround, outcomeOf, plain } from "../noise.ts";
import { Consortium } from "../simulator/consortium.ts";
import { SimulatedKeyring } from "../simulator/simulated-keyring.ts";
import { OPEN } from "../simulator/simulated-peer.ts";
import { FETCH_REPLY, FETCH_REQUEST, MESSAGES } from "./message-arbitraries.ts";

const HOSTILE = "mallory" as PeerId;
const KEYRING = new SimulatedKeyring(HOSTILE);
const VICTIM = "a";
const CHANNEL = "trade";

/** A consortium that has worked for a while, one of whose members has been taken over. */
const consortium = await Consortium.create({
  seed: 4,
  organisations: { Org1: { a: {}, b: {}, c: {}, d: {}, [HOSTILE]: {} }, Org2: { e: {} } },
  channels: { [CHANNEL]: { Org1: ["a"], Org2: ["e"] } },
  // Or the first five messages would be the last that are looked at.
  options: { liesMax: 2 ** 30, chunkBlockBytesMin: 4_000 },
});
const HONEST = ["a", "b", "c", "d", "e"];
await consortium.start();
await consortium.untilAcquainted([...HONEST, HOSTILE]);
for (const bytes of [500, 20_000, 500, 60_000]) await consortium.publishNext(CHANNEL, "b", bytes);
await consortium.runFor(5_000);

const channel = consortium.peer(VICTIM).channel(CHANNEL).id;
const { identity } = consortium.peer(VICTIM).membership.get(HOSTILE)!.statement;
const startMs = Math.floor(consortium.clock.now());

/** What was really said, some of every kind. */
const REAL_MESSAGES = [...Map.groupBy(consortium.said, ({ message }) => message.kind).values()].flatMap(
  (said) => said.slice(-20).map(({ message }) => message),
);
const REAL_FRAMES = REAL_MESSAGES.map(encodeMessage);
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
      for (const part of byteArraysIn(read(padded(bytes, padding))))
        expect(part.buffer.byteLength).toBeLessThanOrEqual(4 * part.length);
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

/** Each run begins a new life of the hostile member, so that what it says of itself counts. */
let run = 0;
const lifeOf = (number: number) => startMs + 10 * number;
const thisLife = fc.nat(9).map((later) => lifeOf(run + 1) + later);
const tag = fc.oneof(fc.constant(channelTag(channel, HOSTILE)), fc.uint8Array({ maxLength: 20 }));
const time = { incarnation: fc.oneof(thisLife, thisLife, fc.maxSafeNat()), sequence: fc.maxSafeNat() };
const small = fc.oneof(fc.nat(20), fc.nat(), fc.maxSafeNat());
const uint32 = fc.oneof(fc.nat(200), fc.integer({ min: 0, max: 2 ** 32 - 1 }));

/** Statements that the hostile member really signs, about itself, with whatever is in them. */
const entry = fc
  .record({
    ...time,
    left: fc.boolean(),
    name: fc.string({ maxLength: 130 }),
    addresses: fc.array(fc.oneof(fc.string({ maxLength: 260 }), fc.constant("/simulated/mallory")), {
      maxLength: 17,
    }),
    channelTags: fc.array(tag, { maxLength: 5 }),
    identity: fc.constantFrom(identity, "" as typeof identity, "ab".repeat(16) as typeof identity),
  })
  .map((terms) => ({
    alive: signStatement({ ...terms, kind: "alive", peer: HOSTILE }, KEYRING),
    internal: undefined,
  }));
const heights = fc
  .record({ ...time, height: small })
  .map((terms) => signStatement({ ...terms, kind: "state-info", peer: HOSTILE, channel }, KEYRING));
const cut = fc
  .record({
    number: small,
    hash: fc.constantFrom(...someHashes()),
    blockBytes: uint32,
    chunkBytes: uint32,
    lanes: fc.oneof(fc.integer({ min: 1, max: 130 }), uint32),
    firstLane: fc.oneof(fc.constant(0), uint32),
    laneCount: fc.oneof(fc.integer({ min: 1, max: 260 }), uint32),
    roots: fc.array(fc.uint8Array({ minLength: 16, maxLength: 16 }), { maxLength: 17 }),
  })
  .map((terms) => signStatement({ ...terms, kind: "cut", peer: HOSTILE, channel }, KEYRING));
const signedNonsense: fc.Arbitrary<Message> = fc.oneof(
  fc.array(entry, { maxLength: 4 }).map((members): Message => ({ kind: "alive", members })),
  entry.map((self): Message => ({ kind: "membership-request", self, viewHash: new Uint8Array(8) })),
  fc
    .array(heights, { maxLength: 4 })
    .map((statements): Message => ({ kind: "state-info", channel, statements })),
  cut.map((statement): Message => ({ kind: "cut", channel, cutter: undefined, statement })),
);

/** Any message, most of them of the channel that there is. */
const anyMessage = fc
  .tuple(fc.oneof(...Object.values(MESSAGES)), fc.integer({ min: 0, max: 9 }))
  .map(([message, draw]): Message => ("channel" in message && draw > 0 ? { ...message, channel } : message));
const damagedReal = noiseAround(REAL_FRAMES).map((bytes): Message | undefined => {
  try {
    return decodeMessage(plain(bytes));
  } catch {
    return undefined;
  }
});
const MESSAGE = fc.oneof(
  { arbitrary: anyMessage, weight: 2 },
  { arbitrary: damagedReal, weight: 4 },
  { arbitrary: signedNonsense, weight: 3 },
);
const FROM = fc.constantFrom(HOSTILE, HOSTILE, HOSTILE, "e" as PeerId, "nobody" as PeerId);

test("A peer takes or refuses whatever a member or anybody else says, and serves the others afterwards", async () => {
  consortium.peer(HOSTILE).crash();
  const victim = consortium.peer(VICTIM).gossip;
  const messages = fc.array(fc.tuple(FROM, MESSAGE), { minLength: 1, maxLength: 40 });
  const outcomes = new Set<string>();
  const before = heldBytes();
  await fc.assert(
    fc.asyncProperty(messages, FROM, FETCH_REQUEST, async (said, asker, { range }) => {
      run++;
      victim.receive(HOSTILE, {
        kind: "alive",
        members: [{ alive: aliveOf(HOSTILE, identity, 0), internal: undefined }],
      });
      expect(victim.membership.isAlive(HOSTILE)).toBe(true);
      for (const [from, message] of said) {
        if (message === undefined) continue;
        const outcome = outcomeOf(
          encodeMessage(message),
          (bytes) => victim.receive(from, decodeMessage(bytes)),
          [GossipError, ChainError],
        );
        outcomes.add(`${message.kind} ${outcome}`);
      }
      if (range !== undefined) await victim.serveBlocks(asker, channel, range).catch(expectTyped);
      await consortium.runFor(300);
    }),
    { numRuns: 150 },
  );
  // Or nothing of it would have come any further than the door.
  for (const kind of Object.keys(MESSAGES)) expect(outcomes).toContain(`${kind} value`);
  expect(consortium.peer(VICTIM).channel(CHANNEL).bufferedBytes).toBeLessThan(64 << 20);
  // What the simulator has written down is not the peer's.
  consortium.events.length = 0;
  consortium.said.length = 0;
  expect(heldBytes() - before).toBeLessThan(16 << 20);
  await expectService();
});

test("Frames that are mostly padding do not fill a peer's memory", async () => {
  const victim = consortium.peer(VICTIM).gossip;
  run++;
  const tell = (message: Message) => {
    outcomeOf(
      padded(encodeMessage(message), 300_000),
      (bytes) => victim.receive(HOSTILE, decodeMessage(bytes)),
      [GossipError],
    );
  };
  const before = heldBytes();
  for (let index = 0; index < 1_000; index++) {
    const stranger = `stranger ${index}` as PeerId;
    const unknown = index.toString(16).padStart(32, "0") as typeof identity;
    tell({ kind: "alive", members: [{ alive: aliveOf(stranger, unknown, 0), internal: undefined }] });
    tell({
      kind: "alive",
      members: [{ alive: aliveOf(HOSTILE, identity, index), internal: undefined }],
    });
    tell(chunkOf(index));
  }
  expect(consortium.peer(VICTIM).membership.isAlive(HOSTILE)).toBe(true);
  expect(heldBytes() - before).toBeLessThan(16 << 20);
  await expectService();
});

/** A statement as an honest peer makes it. */
function aliveOf(peer: PeerId, named: typeof identity, sequence: number): SignedStatement {
  const statement = { peer, incarnation: lifeOf(run), sequence, left: false, name: "", identity: named };
  const [addresses, channelTags] = [["/simulated/mallory"], [channelTag(channel, peer)]];
  return signStatement({ ...statement, kind: "alive", addresses, channelTags }, new SimulatedKeyring(peer));
}

/** A block reaches all honest peers. */
async function expectService(): Promise<void> {
  for (const bytes of [500, 30_000]) await consortium.publishNext(CHANNEL, "c", bytes);
  const height = consortium.peer("c").height(CHANNEL);
  const isThere = () => HONEST.every((id) => consortium.peer(id).height(CHANNEL) === height);
  await consortium.until(isThere, 30_000, "the block is everywhere");
}

function expectTyped(error: unknown): void {
  expect(error instanceof GossipError || error instanceof ChainError).toBe(true);
}

function chunkOf(index: number): Message {
  return {
    kind: "chunk",
    cut: index.toString(16).padStart(32, "0") as never,
    lane: 0,
    round: 0,
    data: new Uint8Array(1),
    proof: { leaves: [], path: [] },
    spread: { step: "none", width: 0, seed: 0 },
    served: [],
  };
}

function someHashes() {
  const ordering = consortium.ordering(CHANNEL);
  return [
    ordering.genesis.hash,
    ..."0123".split("").map((digit) => digit.repeat(64) as typeof ordering.genesis.hash),
  ];
}

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

/** The message with a field behind it that nobody knows. */
function padded(bytes: Uint8Array, padding: number): Uint8Array {
  const length = [(padding & 0x7f) | 0x80, ((padding >> 7) & 0x7f) | 0x80, padding >> 14];
  const frame = new Uint8Array(bytes.length + 5 + padding);
  frame.set(bytes);
  frame.set([0xfa, 0x7f, ...length], bytes.length);
  return frame;
}

function byteArraysIn(value: unknown): Uint8Array[] {
  if (value instanceof Uint8Array) return value.length === 0 ? [] : [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(byteArraysIn);
}
