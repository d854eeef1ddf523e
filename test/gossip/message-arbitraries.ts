import * as fc from "fast-check";
import type { BlockHash } from "../../chain/block.ts";
import { NODE_BYTES } from "../../gossip/push/chunk-tree.ts";
import type { Arrival } from "../../gossip/journeys/arrival.ts";
import type { EventId } from "../../gossip/user-events/event-messages.ts";
import type {
  CutId,
  IdentityId,
  BlockQuestion,
  Digest,
  FetchReply,
  Message,
  RingId,
} from "../../gossip/wire/messages.ts";
import type { ChannelId, PeerId } from "../../gossip/ports.ts";
import { SPREAD_NONE, type Spread } from "../../gossip/push/spread.ts";
import { signStatement } from "../../gossip/wire/statements.ts";
import { SimulatedKeyring } from "../../node/testing/simulator/simulated-keyring.ts";

const someBytes = fc.uint8Array({ maxLength: 300 });
const channel = hex(16) as fc.Arbitrary<ChannelId>;
const hash = hex(32) as fc.Arbitrary<BlockHash>;
const number = fc.oneof(fc.nat(), fc.maxSafeNat());
const uint32 = fc.oneof(fc.nat(), fc.integer({ min: 0, max: 2 ** 32 - 1 }));
const signed = fc.record({ payload: someBytes, signature: someBytes });
const member = fc.record({ alive: signed, internal: fc.option(signed, { nil: undefined }) });
const members = fc.array(member, { maxLength: 5 });

const node = fc.uint8Array({ minLength: NODE_BYTES, maxLength: NODE_BYTES });
const nodes = fc.array(node, { maxLength: 16 });
const spread: fc.Arbitrary<Spread> = fc.oneof(
  fc.constant(SPREAD_NONE),
  fc.record({
    step: fc.constantFrom("everybody", "row-then-columns", "column-then-rows", "row", "column"),
    width: uint32,
    seed: uint32,
  }),
);
const digest: fc.Arbitrary<Digest> = fc.record({
  height: number,
  tipHash: hash,
  early: fc.array(number, { maxLength: 50 }),
});
const cutTerms = fc.record({
  channel,
  number,
  hash,
  blockBytes: uint32,
  chunkBytes: uint32,
  lanes: uint32,
  firstLane: uint32,
  laneCount: uint32,
  roots: nodes,
});

const hop = { channel, ring: hex(16) as fc.Arbitrary<RingId>, hop: uint32 };
const numbers = fc.array(number, { maxLength: 20 });

const arrival: fc.Arbitrary<Arrival> = fc.record({
  number,
  hash,
  from: fc.option(hex(16) as fc.Arbitrary<PeerId>, { nil: undefined }),
  origin: fc.constantFrom("publish", "source", "push", "chunks", "want", "pull", "state-transfer", "repair"),
  receivedUs: number,
  verifiedUs: number,
  committedUs: fc.option(fc.integer({ min: 1 }), { nil: undefined }),
});

/** Every kind of message, by kind. */
export const MESSAGES: {
  readonly [Kind in Message["kind"]]: fc.Arbitrary<Extract<Message, { kind: Kind }>>;
} = {
  alive: fc.record({ kind: fc.constant("alive" as const), members }),
  "membership-request": fc.record({
    kind: fc.constant("membership-request" as const),
    self: member,
    viewHash: someBytes,
  }),
  "membership-response": fc.record({ kind: fc.constant("membership-response" as const), members }),
  accusations: fc.record({
    kind: fc.constant("accusations" as const),
    statements: fc.array(signed, { maxLength: 5 }),
  }),
  ping: fc.record({
    kind: fc.constant("ping" as const),
    id: uint32,
    accusation: fc.option(signed, { nil: undefined }),
  }),
  "ping-request": fc.record({
    kind: fc.constant("ping-request" as const),
    id: uint32,
    peer: hex(16) as fc.Arbitrary<PeerId>,
  }),
  pong: fc.record({ kind: fc.constant("pong" as const), id: uint32, isSilent: fc.boolean() }),
  "identity-want": fc.record({
    kind: fc.constant("identity-want" as const),
    ids: fc.array(hex(16) as fc.Arbitrary<IdentityId>, { maxLength: 5 }),
  }),
  identities: fc.record({
    kind: fc.constant("identities" as const),
    identities: fc.array(fc.record({ peer: hex(16) as fc.Arbitrary<PeerId>, identity: someBytes }), {
      maxLength: 5,
    }),
  }),
  "state-info": fc.record({
    kind: fc.constant("state-info" as const),
    channel,
    statements: fc.array(signed, { maxLength: 5 }),
  }),
  block: fc.record({ kind: fc.constant("block" as const), channel, spread, block: someBytes }),
  cut: fc
    .record({ cutter: fc.option(hex(16), { nil: undefined }), terms: cutTerms })
    .map(({ cutter, terms }) => ({
      kind: "cut" as const,
      channel: terms.channel,
      cutter: cutter as PeerId | undefined,
      statement: signStatement(
        { ...terms, kind: "cut", peer: "cutter" as PeerId },
        new SimulatedKeyring("cutter" as PeerId),
      ),
    })),
  chunk: fc.record({
    kind: fc.constant("chunk" as const),
    cut: hex(16) as fc.Arbitrary<CutId>,
    lane: uint32,
    round: uint32,
    data: someBytes,
    proof: fc.option(fc.record({ leaves: nodes, path: nodes }), { nil: undefined }),
    spread,
    served: fc.array(uint32, { maxLength: 20 }),
  }),
  "chunk-want": fc.record({
    kind: fc.constant("chunk-want" as const),
    channel,
    cut: hex(16) as fc.Arbitrary<CutId>,
    present: someBytes,
    needed: uint32,
  }),
  advert: fc.record({
    kind: fc.constant("advert" as const),
    channel,
    height: number,
    blocks: fc.array(fc.record({ number, hash, blockBytes: uint32 }), { maxLength: 5 }),
  }),
  want: fc.record({ kind: fc.constant("want" as const), channel, number, hash }),
  "relay-question": fc.record({ kind: fc.constant("relay-question" as const), channel, number, hash }),
  "relay-answer": fc.record({
    kind: fc.constant("relay-answer" as const),
    channel,
    number,
    hash,
    came: fc.boolean(),
  }),
  "fork-proof": fc.record({
    kind: fc.constant("fork-proof" as const),
    channel,
    blocks: fc.tuple(someBytes, someBytes),
  }),
  "journey-question": fc.record({ kind: fc.constant("journey-question" as const), channel, first: number }),
  "journey-answer": fc.record({
    kind: fc.constant("journey-answer" as const),
    channel,
    arrivals: fc.array(arrival, { maxLength: 5 }),
  }),
  "user-events": fc.record({
    kind: fc.constant("user-events" as const),
    events: fc.array(fc.record({ event: signed, ageSeconds: uint32 }), { maxLength: 5 }),
  }),
  "event-sync": fc.record({
    kind: fc.constant("event-sync" as const),
    hash: fc.uint8Array({ minLength: 8, maxLength: 8 }),
    held: fc.option(
      fc.record({ ids: fc.array(hex(8) as fc.Arbitrary<EventId>, { maxLength: 5 }), asksBack: fc.boolean() }),
      { nil: undefined },
    ),
  }),
  "repair-step": fc.record({
    ...hop,
    kind: fc.constant("repair-step" as const),
    source: hex(16) as fc.Arbitrary<PeerId>,
    verify: fc.boolean(),
  }),
  "repair-progress": fc.record({ ...hop, kind: fc.constant("repair-progress" as const), done: number }),
  "repair-report": fc.record({
    ...hop,
    kind: fc.constant("repair-report" as const),
    outcome: fc.record({
      heightBefore: number,
      heightAfter: number,
      tipHash: hash,
      copied: number,
      damaged: numbers,
      mended: numbers,
      isVerified: fc.boolean(),
      hasMore: fc.boolean(),
      failure: fc.option(fc.string({ minLength: 1, maxLength: 64 }), { nil: undefined }),
    }),
  }),
  syn: fc.record({
    kind: fc.constant("syn" as const),
    channel,
    session: uint32,
    digest,
    end: number,
    gives: fc.boolean(),
  }),
  ack: fc.record({
    kind: fc.constant("ack" as const),
    channel,
    session: uint32,
    digest,
    end: number,
    blocks: fc.array(someBytes, { maxLength: 5 }),
  }),
  ack2: fc.record({
    kind: fc.constant("ack2" as const),
    channel,
    session: fc.oneof(fc.constant(0), uint32),
    blocks: fc.array(someBytes, { maxLength: 5 }),
  }),
};

/** Every question. */
export const FETCH_REQUEST: fc.Arbitrary<BlockQuestion> = fc.record({
  channel,
  range: fc
    .tuple(number, number)
    .filter(([first, end]) => first < end)
    .map(([first, end]) => ({ first, end })),
});

/** Every kind of answer. */
export const FETCH_REPLY: fc.Arbitrary<FetchReply> = fc.oneof(
  fc.record({ kind: fc.constant("block" as const), block: someBytes }),
  fc.record({ kind: fc.constant("refusal" as const), code: fc.string({ maxLength: 64 }) }),
);

function hex(byteCount: number): fc.Arbitrary<string> {
  return fc
    .uint8Array({ minLength: byteCount, maxLength: byteCount })
    .map((bytes) => Buffer.from(bytes).toString("hex"));
}
