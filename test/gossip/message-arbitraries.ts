import * as fc from "fast-check";
import type { BlockHash } from "../../chain/block.ts";
import type { FetchReply, FetchRequest, Message } from "../../gossip/messages.ts";
import type { ChannelId } from "../../gossip/ports.ts";

const someBytes = fc.uint8Array({ maxLength: 300 });
const channel = hex(16) as fc.Arbitrary<ChannelId>;
const hash = hex(32) as fc.Arbitrary<BlockHash>;
const number = fc.oneof(fc.nat(), fc.maxSafeNat());
const uint32 = fc.oneof(fc.nat(), fc.integer({ min: 0, max: 2 ** 32 - 1 }));
const signed = fc.record({ payload: someBytes, signature: someBytes });
const member = fc.record({ alive: signed, identity: fc.option(someBytes, { nil: undefined }) });
const members = fc.array(member, { maxLength: 5 });

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
  "state-info": fc.record({
    kind: fc.constant("state-info" as const),
    channel,
    statements: fc.array(signed, { maxLength: 5 }),
  }),
  block: fc.record({ kind: fc.constant("block" as const), channel, fullHops: uint32, block: someBytes }),
  advert: fc.record({
    kind: fc.constant("advert" as const),
    channel,
    number,
    hash,
    blockBytes: uint32,
    sending: fc.boolean(),
  }),
  want: fc.record({ kind: fc.constant("want" as const), channel, number, hash }),
};

/** Both kinds of question. */
export const FETCH_REQUEST: fc.Arbitrary<FetchRequest> = fc.record({
  channel,
  range: fc.option(
    fc
      .tuple(number, number)
      .filter(([first, end]) => first < end)
      .map(([first, end]) => ({ first, end })),
    { nil: undefined },
  ),
});

/** Every kind of answer. */
export const FETCH_REPLY: fc.Arbitrary<FetchReply> = fc.oneof(
  fc.record({
    kind: fc.constant("digest" as const),
    digest: fc.record({ height: number, early: fc.array(number, { maxLength: 50 }) }),
  }),
  fc.record({ kind: fc.constant("block" as const), block: someBytes }),
  fc.record({ kind: fc.constant("refusal" as const), code: fc.string({ maxLength: 64 }) }),
);

function hex(byteCount: number): fc.Arbitrary<string> {
  return fc
    .uint8Array({ minLength: byteCount, maxLength: byteCount })
    .map((bytes) => Buffer.from(bytes).toString("hex"));
}
