import { describe, expect, test } from "vitest";
import { ChainError } from "../chain/errors.ts";
import { GossipError, type GossipErrorCode } from "../gossip/errors.ts";
import type { Message } from "../gossip/wire/messages.ts";
import type { PeerId, Transport } from "../gossip/ports.ts";
import { greetingOf, type RecordingInbox } from "./recording-inbox.ts";
import { codeOf, fetchAll, never, settled, type Waiting } from "./settled.ts";
import {
  advert,
  block,
  brief,
  bytes,
  CHANNEL,
  numberOf,
  sameBlock,
  sameBytes,
  QUESTION,
} from "./transport-messages.ts";

/** One peer of a network to be tested. */
export interface TestPeer {
  readonly id: PeerId;
  readonly transport: Transport;
  readonly inbox: RecordingInbox;
}

/** Peers that know each other's addresses and are not connected yet. */
export interface TestNetwork extends Waiting, AsyncDisposable {
  readonly peers: readonly TestPeer[];
  /** A peer that is known to all of them, and that nobody can reach. */
  readonly unreachable: PeerId;
}

/** What every adapter of the {@link Transport} port must do. `create` makes a new network for each test. */
export function transportAcceptance(name: string, create: (peerCount: number) => Promise<TestNetwork>): void {
  describe(`${name} carries messages`, () => messages(create));
  describe(`${name} carries fetches`, () => fetches(create));
  describe(`${name} keeps troubles apart`, () => troubles(create));
}

type CreateNetwork = (peerCount: number) => Promise<TestNetwork>;

function messages(create: CreateNetwork): void {
  test("A message arrives as it was sent, from the one who sent it", async () => {
    await using network = await create(3);
    const [a, b, c] = trio(network);
    expect(a.transport.send(b.id, advert(1))).toBe(true);
    expect(c.transport.send(b.id, block(2, 1000))).toBe(true);
    await network.waitFor(() => from(b, a).length === 1 && from(b, c).length === 1);
    expect(from(b, a)).toEqual([advert(1)]);
    expect(from(b, c)).toEqual([block(2, 1000)]);
    expect(c.inbox.received).not.toContainEqual({ from: a.id, message: advert(1) });
  });

  test("Messages from one peer to another arrive in the order in which they were sent", async () => {
    await using network = await create(2);
    const [a, b] = pair(network);
    const sent = Array.from({ length: 300 }, (_, number) =>
      number % 7 === 0 ? block(number, 5000) : advert(number),
    );
    for (const message of sent) expect(a.transport.send(b.id, message)).toBe(true);
    await network.waitFor(() => from(b, a).length === sent.length);
    expect(from(b, a)).toEqual(sent);
  });

  test("Both sides hear the other's greeting first, whoever speaks first", async () => {
    await using network = await create(2);
    const [a, b] = pair(network);
    a.transport.send(b.id, advert(1));
    await network.waitFor(() => from(b, a).length === 1 && a.inbox.received.length > 0);
    expect(b.inbox.received[0]).toEqual({ from: a.id, message: greetingOf(a.id) });
    expect(a.inbox.received[0]).toEqual({ from: b.id, message: greetingOf(b.id) });
    b.transport.send(a.id, advert(2));
    await network.waitFor(() => from(a, b).length === 1);
    expect(a.inbox.received).toHaveLength(2);
  });

  test("The same message reaches many peers", async () => {
    await using network = await create(4);
    const [a, ...others] = network.peers;
    const message = block(7, 300_000);
    for (const other of others) expect(a!.transport.send(other.id, message)).toBe(true);
    await network.waitFor(() => others.every((other) => from(other, a!).length === 1));
    for (const other of others) expect(sameBlock(from(other, a!)[0], message)).toBe(true);
  });

  test("A block of 8 MiB arrives whole", async () => {
    await using network = await create(2);
    const [a, b] = pair(network);
    const message = block(1, 8 << 20);
    expect(a.transport.send(b.id, message)).toBe(true);
    await network.waitFor(() => from(b, a).length === 1);
    expect(sameBlock(from(b, a)[0], message)).toBe(true);
  });
}

function fetches(create: CreateNetwork): void {
  test("Blocks are what the asked peer serves for the range, in its order", async () => {
    await using network = await create(2);
    const [a, b] = pair(network);
    const blocks = [3000, 1, 200_000].map((size, index) => bytes(size, index));
    const asked: unknown[] = [];
    b.inbox.blocks = async (...question) => {
      asked.push(question);
      return blocks;
    };
    const range = { first: 5, end: 9 };
    const fetched = await settled(network, fetchAll(a.transport, b.id, { channel: CHANNEL, range }));
    expect(fetched.map(brief)).toEqual(blocks.map(brief));
    expect(asked).toEqual([[a.id, CHANNEL, range]]);
  });

  test("What is thrown at a block ends the fetch with it, and no block follows", async () => {
    await using network = await create(2);
    const [a, b] = pair(network);
    b.inbox.blocks = async () => [1, 2, 3].map((index) => bytes(2_000, index));
    const taken: Uint8Array[] = [];
    const bad = new ChainError("WRONG_NUMBER", "the second one");
    const onBlock = (part: Uint8Array) => {
      taken.push(part);
      if (taken.length === 2) throw bad;
    };
    const question = { channel: CHANNEL, range: { first: 5, end: 9 } };
    const fetching = a.transport.fetchBlocks(b.id, question, onBlock, never());
    await expect(settled(network, fetching)).rejects.toBe(bad);
    await settled(network, fetchAll(a.transport, b.id, question));
    expect(taken.map(brief)).toEqual([1, 2].map((index) => brief(bytes(2_000, index))));
  });

  test("A peer that holds none of the range answers with no blocks", async () => {
    await using network = await create(2);
    const [a, b] = pair(network);
    const fetched = await settled(
      network,
      fetchAll(a.transport, b.id, { channel: CHANNEL, range: { first: 0, end: 1 } }),
    );
    expect(fetched).toEqual([]);
  });

  test("One block of 8 MiB is fetched whole, though it is larger than the reply limit", async () => {
    await using network = await create(2);
    const [a, b] = pair(network);
    const large = bytes(8 << 20, 1);
    b.inbox.blocks = async () => [large];
    const fetched = await settled(
      network,
      fetchAll(a.transport, b.id, { channel: CHANNEL, range: { first: 3, end: 9 } }),
    );
    expect(fetched).toHaveLength(1);
    expect(sameBytes(fetched[0]!, large)).toBe(true);
  });

  test("Many fetches from several peers run side by side, each with its own answer", async () => {
    await using network = await create(3);
    const [a, b, c] = trio(network);
    for (const peer of [b, c])
      peer.inbox.blocks = async (_from, _channel, { first }) => [bytes(50_000, first)];
    const fetched = await settled(
      network,
      Promise.all(
        [0, 1, 2, 3, 4, 5].map((first) =>
          fetchAll(a.transport, first % 2 === 0 ? b.id : c.id, {
            channel: CHANNEL,
            range: { first, end: first + 1 },
          }),
        ),
      ),
    );
    expect(fetched.map(([only]) => sameBytes(only!, bytes(50_000, only![0]!)) && only![0])).toEqual([
      0, 1, 2, 3, 4, 5,
    ]);
  });

  test.each<GossipErrorCode>(["NOT_A_MEMBER", "UNKNOWN_CHANNEL"])(
    "The refusal %s reaches the asker",
    async (code) => {
      await using network = await create(2);
      const [a, b] = pair(network);
      b.inbox.blocks = async () => refuse(code);
      expect(
        await codeOf(network, fetchAll(a.transport, b.id, { channel: CHANNEL, range: { first: 0, end: 2 } })),
      ).toBe(code);
    },
  );

  test("A peer that fails to serve is as good as unreachable", async () => {
    await using network = await create(2);
    const [a, b] = pair(network);
    b.inbox.blocks = () => Promise.reject(new ChainError("LEDGER_CORRUPT", "a flipped bit"));
    expect(await codeOf(network, fetchAll(a.transport, b.id, QUESTION))).toBe("UNREACHABLE");
  });

  test("A fetch whose signal was aborted before it, or is aborted during it, rejects with the reason", async () => {
    await using network = await create(2);
    const [a, b] = pair(network);
    const reason = new GossipError("TIMED_OUT", "enough");
    await expect(
      settled(network, fetchAll(a.transport, b.id, QUESTION, AbortSignal.abort(reason))),
    ).rejects.toBe(reason);
    const controller = new AbortController();
    const fetching = fetchAll(
      a.transport,
      b.id,
      { channel: CHANNEL, range: { first: 0, end: 1 } },
      controller.signal,
    );
    controller.abort(reason);
    await expect(settled(network, fetching)).rejects.toBe(reason);
    expect(await settled(network, fetchAll(a.transport, b.id, QUESTION))).toEqual([]);
  });
}

function troubles(create: CreateNetwork): void {
  test("Sending to a peer that cannot be reached is told to the inbox, and fails at once for a while", async () => {
    await using network = await create(2);
    const [a, b] = pair(network);
    a.transport.send(network.unreachable, advert(1));
    await network.waitFor(() => a.inbox.lost.includes(network.unreachable));
    expect(a.transport.send(network.unreachable, advert(2))).toBe(false);
    expect(a.transport.send(b.id, advert(3))).toBe(true);
    await network.waitFor(() => from(b, a).length === 1);
    expect(a.inbox.lost).toEqual([network.unreachable]);
  });

  test("Fetching from a peer that cannot be reached is rejected as unreachable", async () => {
    await using network = await create(1);
    const [a] = network.peers;
    expect(await codeOf(network, fetchAll(a!.transport, network.unreachable, QUESTION))).toBe("UNREACHABLE");
  });

  test("Nobody can be spoken to under one's own name", async () => {
    await using network = await create(1);
    const [a] = network.peers;
    expect(a!.transport.send(a!.id, advert(1))).toBe(false);
  });

  test("A full queue drops what comes after it, keeps what is before it, and blocks nobody else", async () => {
    await using network = await create(3);
    const [a, b, c] = trio(network);
    const sent = Array.from({ length: 40 }, (_, number) => block(number, 1 << 20));
    const accepted = sent.filter((message) => a.transport.send(b.id, message));
    expect(accepted.length).toBeGreaterThan(4);
    expect(accepted.length).toBeLessThan(sent.length);
    expect(a.transport.send(c.id, advert(1))).toBe(true);
    await network.waitFor(() => from(c, a).length === 1 && from(b, a).length === accepted.length);
    expect(from(b, a).map(numberOf)).toEqual(accepted.map(numberOf));
    expect(a.transport.send(b.id, advert(99))).toBe(true);
    await network.waitFor(() => from(b, a).length === accepted.length + 1);
  });

  test("A message larger than the queue is taken by an empty one, and nothing after it", async () => {
    await using network = await create(2);
    const [a, b] = pair(network);
    const large = block(1, 10 << 20);
    expect(a.transport.send(b.id, large)).toBe(true);
    expect(a.transport.send(b.id, advert(2))).toBe(false);
    await network.waitFor(() => from(b, a).length === 1);
    expect(sameBlock(from(b, a)[0], large)).toBe(true);
  });

  test.each([
    ["refuses", () => refuse("BAD_SIGNATURE")],
    ["crashes on", () => crash()],
  ])(
    "An inbox that %s one peer's messages hears the other peers, and that peer again",
    async (_what, fail) => {
      await using network = await create(3);
      const [a, b, c] = trio(network);
      let failures = 0;
      b.inbox.onReceive = (sender, message) => {
        if (sender !== a.id || message.kind === "alive") return;
        failures++;
        fail();
      };
      for (let number = 0; number < 20; number++) a.transport.send(b.id, advert(number));
      c.transport.send(b.id, advert(100));
      await network.waitFor(() => failures === 20 && from(b, c).length === 1);
      expect(from(b, a)).toEqual([]);
      b.inbox.onReceive = () => undefined;
      a.transport.send(b.id, advert(20));
      await network.waitFor(() => from(b, a).length === 1);
      expect(from(b, a)).toEqual([advert(20)]);
    },
  );
}

function refuse(code: GossipErrorCode): never {
  throw new GossipError(code, "no");
}

function crash(): never {
  throw new TypeError("a bug");
}

function from(receiver: TestPeer, sender: TestPeer): readonly Message[] {
  return receiver.inbox.messagesFrom(sender.id);
}

function pair(network: TestNetwork): readonly [TestPeer, TestPeer] {
  return [network.peers[0]!, network.peers[1]!];
}

function trio(network: TestNetwork): readonly [TestPeer, TestPeer, TestPeer] {
  return [network.peers[0]!, network.peers[1]!, network.peers[2]!];
}
