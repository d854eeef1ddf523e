import { setImmediate } from "node:timers/promises";
import type { Connection, Stream } from "@libp2p/interface";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { GossipError } from "../../gossip/errors.ts";
import { encodeFetchReply, encodeFetchRequest, encodeMessage } from "../../gossip/wire/message-codec.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { FETCH_PROTOCOL, GOSSIP_PROTOCOL, HANDSHAKE_PROTOCOL } from "../../node/transport/protocols.ts";
import { heldBytes, noiseAround, plain } from "../noise.ts";
import { greetingOf } from "../recording-inbox.ts";
import { codeOf, fetchAll, settled } from "../settled.ts";
import { VirtualClock } from "../../node/testing/simulator/virtual-clock.ts";
import { advert, block, bytes, CHANNEL, QUESTION } from "../transport-messages.ts";
import { HostilePeer } from "./hostile-peer.ts";
import { loopbackNetwork, waitFor, type LoopbackNetwork, type LoopbackPeer } from "./loopback-network.ts";
import { closed, framed, Stranger } from "./stranger.ts";

const GREETING = framed(encodeMessage(greetingOf("somebody" as PeerId)));
const GOSSIP = [GREETING, framed(encodeMessage(advert(1))), framed(encodeMessage(block(2, 3_000)))];
const QUESTIONS = [framed(encodeFetchRequest({ channel: CHANNEL, range: { first: 0, end: 2 ** 50 } }))];
const ANSWERS = [
  Buffer.concat([1, 2].map((seed) => framed(encodeFetchReply({ kind: "block", block: bytes(900, seed) })))),
  framed(encodeFetchReply({ kind: "refusal", code: "NOT_A_MEMBER" })),
];

/** What a stream is made to carry: the bytes, in pieces of this size, and how it ends. */
const script = (good: readonly Uint8Array[]) =>
  fc.record({
    noise: noiseAround(good),
    pieceBytes: fc.integer({ min: 1, max: 700 }),
    ending: fc.constantFrom("end", "reset"),
  });
type Script = typeof script extends (good: never) => fc.Arbitrary<infer Value> ? Value : never;

test.each([
  [GOSSIP_PROTOCOL, GOSSIP],
  [FETCH_PROTOCOL, QUESTIONS],
])(
  "Noise on a stream of a member's, however cut and ended, is refused and hurts nobody: %s",
  async (protocol, good) => {
    await using network = await loopbackNetwork(2);
    const [a] = peersOf(network);
    a.inbox.blocks = async () => [bytes(2_000, 1)];
    await using noisy = await HostilePeer.against(a);
    await fc.assert(
      fc.asyncProperty(script(good), async (scripted) => {
        const stream = await noisy.open(protocol);
        await say(stream, scripted);
        await waitFor(() => stream.status !== "open");
      }),
      { numRuns: 100 },
    );
    await expectUnharmed(network);
  },
);

test("Noise in place of an answer is taken for one, or fails with a GossipError", async () => {
  await using network = await loopbackNetwork(2);
  const [a] = peersOf(network);
  await using liar = await HostilePeer.against(a);
  let next: Script = { noise: new Uint8Array(0), pieceBytes: 1, ending: "end" };
  await liar.answer((stream) => void say(stream, next).catch(() => undefined));
  const codes = new Set<string>();
  await fc.assert(
    fc.asyncProperty(script(ANSWERS), fc.constantFrom(1, 3), async (scripted, end) => {
      next = scripted;
      const fetching = fetchAll(a.transport, liar.id, { channel: CHANNEL, range: { first: 0, end } });
      codes.add(await codeOf(network, fetching));
    }),
    { numRuns: 150 },
  );
  // The code of anything else would be its text.
  for (const code of codes) expect(code).toMatch(/^[A-Z_]+$|^none$/);
  expect(codes.size).toBeGreaterThan(3);
  await expectUnharmed(network);
});

test("Noise in a handshake, from who dials and from who is dialled, lets nobody in that has not proven himself", async () => {
  // Or it would be left alone after the first time.
  await using network = await loopbackNetwork(2, { backOffMs: 0, backOffMsMax: 0 });
  const [a] = peersOf(network);
  a.inbox.admission = {
    ...a.inbox.admission,
    admit: () => {
      throw new GossipError("MALFORMED_IDENTITY", "nobody is let in");
    },
  };
  const nonce = new Uint8Array(34).fill(7).fill(0x0a, 0, 1).fill(32, 1, 2);
  await using stranger = await Stranger.against(a);
  let next = new Uint8Array(0);
  let dialled = 0;
  await stranger.answer(() => next);
  const challenge = async (connection: Connection) => {
    const stream = await connection.newStream(HANDSHAKE_PROTOCOL);
    await say(stream, { noise: framed(next), pieceBytes: 9, ending: "end" });
  };
  stranger.node.addEventListener("connection:open", ({ detail: connection }) => {
    if (connection.direction === "outbound") return;
    dialled++;
    void challenge(connection).catch(() => undefined);
  });
  await fc.assert(
    fc.asyncProperty(noiseAround([nonce]), fc.boolean(), async (noise, dials) => {
      next = new Uint8Array(noise);
      if (dials) await closed(await stranger.connect());
      else await codeOf(network, a.transport.meet(stranger.id));
      await waitFor(() => a.node.getConnections(stranger.node.peerId).length === 0);
    }),
    { numRuns: 60 },
  );
  expect(dialled).toBeGreaterThan(10);
  expect(a.inbox.received).toEqual([]);
  a.inbox.admission = network.peers[1]!.inbox.admission;
  await expectUnharmed(network);
});

const PESTS = 50;

test("Fifty of whom nothing was believed fill no more than 320 KiB and their questions each", async () => {
  const clock = new VirtualClock();
  await using network = await loopbackNetwork(2, { clock });
  const [a] = peersOf(network);
  await using stack = new AsyncDisposableStack();
  const pests: HostilePeer[] = [];
  for (let index = 0; index < PESTS; index++) pests.push(stack.use(await HostilePeer.against(a)));
  const opened: { readonly stream: Stream; readonly part: Uint8Array }[] = [];
  const frame = framed(new Uint8Array(320 << 10)).subarray(0, 100 << 10);
  const question = framed(new Uint8Array(1024)).subarray(0, 700);
  for (const pest of pests) {
    opened.push({ stream: await pest.open(GOSSIP_PROTOCOL), part: frame });
    for (let count = 0; count < 4; count++)
      opened.push({ stream: await pest.open(FETCH_PROTOCOL), part: question });
  }
  const inbound = () =>
    pests
      .flatMap(({ node }) => a.node.getConnections(node.peerId))
      .flatMap(({ streams }) => streams)
      .filter(({ direction }) => direction === "inbound");
  await waitFor(() => inbound().length >= opened.length);
  const before = heldBytes();
  for (const { stream, part } of opened) stream.send(part);
  await waitFor(() => opened.every(({ stream }) => stream.writeBufferLength === 0));
  await expectUnharmed(network);
  const heldOfEach = (heldBytes() - before) / PESTS;
  // The whole frame's memory is there as soon as its length is, and no more.
  expect(heldOfEach).toBeGreaterThan(300 << 10);
  expect(heldOfEach).toBeLessThan((320 << 10) + 4 * 1024 + (64 << 10));
  const tooMuch = await pests[0]!.open(GOSSIP_PROTOCOL);
  tooMuch.send(framed(new Uint8Array((320 << 10) + 1)).subarray(0, 10));
  await waitFor(() => tooMuch.status !== "open");
  // Who has asked nothing in time is cut off, and what was kept of the question goes with it.
  await clock.runFor(5_000);
  await waitFor(() => inbound().every(({ protocol }) => protocol !== FETCH_PROTOCOL));
  await expectUnharmed(network);
});

async function say(stream: Stream, { noise, pieceBytes, ending }: Script): Promise<void> {
  for (let start = 0; start < noise.length && stream.status === "open"; start += pieceBytes) {
    stream.send(plain(noise.subarray(start, start + pieceBytes)));
    if (start % (3 * pieceBytes) === 0) await setImmediate();
  }
  if (ending === "reset") stream.abort(new Error("changed my mind"));
  else await stream.close().catch(() => undefined);
}

/** Nothing has crashed, and the honest peers still speak with each other and fetch from each other. */
async function expectUnharmed(network: LoopbackNetwork): Promise<void> {
  const [a, b] = peersOf(network);
  expect([...a.events, ...b.events].filter(({ kind }) => kind === "crashed")).toEqual([]);
  const number = a.inbox.received.length + b.inbox.received.length;
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    expect(from.transport.send(to.id, advert(number))).toBe(true);
    await waitFor(() =>
      to.inbox.messagesFrom(from.id).some((one) => one.kind === "advert" && one.height === number),
    );
    const served = await to.inbox.blocks(from.id, CHANNEL, QUESTION.range);
    expect(await settled(network, fetchAll(from.transport, to.id, QUESTION))).toEqual(served);
  }
}

function peersOf(network: LoopbackNetwork): readonly [LoopbackPeer, LoopbackPeer] {
  return [network.peers[0]!, network.peers[1]!];
}
