import { expect, test } from "vitest";
import { transactionData, type BlockPeer } from "../../node/index.ts";
import { createTestNetwork, type TestNetwork } from "../../node/testing/index.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const code = (expected: string) => expect.objectContaining({ code: expected });
const heights = (net: TestNetwork) => net.peers.map((peer) => peer.height());

/** A program under test: writes down what the blocks carry, and where it has got to. */
async function collect(peer: BlockPeer, into: string[]): Promise<void> {
  for await (const { number, transactions } of peer.blocks({ consumer: "collector", from: 1 })) {
    into.push(new TextDecoder().decode(transactionData(transactions[0]!)));
    await peer.checkpoint("collector", number);
  }
}

test("a hundred blocks reach five peers over links that lose a tenth, the same way each time", async () => {
  const run = async (seed: number, blocks: number) => {
    await using net = await createTestNetwork({ peers: 5, seed, loss: 0.1 });
    for (let count = 1; count <= blocks; count++) await net.submit(bytes(`block ${count}`));
    await net.settled();
    expect(heights(net)).toEqual(Array.from({ length: 5 }, () => blocks + 1));
    return net.fingerprint;
  };
  await run(1, 100);
  const first = await run(2, 10);
  expect(await run(2, 10)).toBe(first);
  expect(await run(3, 10)).not.toBe(first);
});

test("a program that follows blocks goes on behind its checkpoint after a crash of its peer", async () => {
  await using net = await createTestNetwork({ peers: 3 });
  const [, peer] = net.peers;
  const got: string[] = [];
  const before = collect(peer!, got);
  for (const text of ["a", "b"]) await net.submit(bytes(text));
  await net.settled();
  await net.run(1);
  net.crash(1);
  await before;
  await expect(peer!.submit(new Uint8Array())).rejects.toThrow(code("STOPPED"));
  await net.submit(bytes("c"));
  await net.restart(1);
  const after = collect(peer!, got);
  await net.settled();
  await net.run(1);
  expect(got).toEqual(["a", "b", "c"]);
  await net[Symbol.asyncDispose]();
  await after;
});

test("a partition keeps peers apart until it is healed", async () => {
  await using net = await createTestNetwork({ peers: 5 });
  net.partition([0, 1, 2], [3, 4]);
  await net.submit(bytes("for the greater part"));
  await expect(net.settled(30_000)).rejects.toThrow(/not settled.*peer-0004 1/);
  expect(heights(net)).toEqual([2, 2, 2, 1, 1]);
  net.heal();
  await net.settled();
  expect(heights(net)).toEqual([2, 2, 2, 2, 2]);
});

test("several may wait for the network at once, and what it cannot do it says", async () => {
  await using net = await createTestNetwork({ peers: 3, seed: 7 });
  const blocks = ["a", "b", "c"].map((text) => net.nextBlock(bytes(text)));
  const [first, second, third] = blocks;
  await expect(net.peers[0]!.submit(second!)).rejects.toThrow(code("OUT_OF_ORDER"));
  await Promise.all([net.peers[0]!.submit(first!), net.run(5)]);
  await net.settled();
  await Promise.all([net.peers[1]!.submit(second!), net.peers[2]!.submit(second!.bytes)]);
  expect(await net.peers[1]!.submit(third!)).toMatchObject({ number: 3, isNew: true });
  await net.settled();
  expect(heights(net)).toEqual([4, 4, 4]);
  expect(() => net.crash(3)).toThrow(/no peer 3; there are 0 to 2/);
  await expect(createTestNetwork({ peers: 0 })).rejects.toThrow(code("CONFIG_INVALID"));
});
