import { expect, test } from "vitest";
import { Block, createBlock } from "../../chain/block.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { SPREAD_NONE, type Spread } from "../../gossip/push/spread.ts";
import { heldAbove } from "../simulator/held-above.ts";
import { fetchAll } from "../settled.ts";
import { digestOf } from "../simulator/lying-answer.ts";
import { Liar } from "../simulator/liar.ts";
import { Simulation } from "../../node/testing/simulator/simulation.ts";
import { NO_ROLE } from "../../gossip/wire/statements.ts";

const COLUMN: Spread = { step: "column", width: 2, seed: 0 };

/** A network with one liar in it. The checker lets honest peers pass on only what was handed in at one of them. */
async function withLiar(seed: number, peerCount = 10, options = {}) {
  const simulation = new Simulation({ seed, peerCount, options });
  await simulation.start();
  const liar = new Liar(simulation);
  await liar.join();
  return { simulation, liar };
}

/** The block with one byte of its transaction changed, and the header made to match. */
function forged(block: Block): Block {
  const transactions = block.transactions.map((bytes) =>
    bytes.map((byte, index) => (index === bytes.length - 90 ? byte ^ 1 : byte)),
  );
  const previousHash = new Uint8Array(Buffer.from(block.previousHash, "hex"));
  return createBlock({ number: block.number, previousHash, transactions, metadata: block.metadata });
}

test("a forged block is refused by everybody, passed on by nobody, and the real one still arrives", async () => {
  const { simulation, liar } = await withLiar(21);
  const block = simulation.orderer.next();
  liar.tellAll({ kind: "block", channel: liar.channel, spread: COLUMN, block: forged(block).bytes });
  await simulation.runFor(5_000);
  expect(simulation.peers.every((peer) => peer.height === 1)).toBe(true);
  expect(simulation.network.refused.UNSATISFIED_POLICY).toBe(10);
  await simulation.publish(block);
  await simulation.untilHeight(2, 10_000);
});

test("bytes that are no block are refused with a reason, from early numbers to late ones", async () => {
  const { simulation, liar } = await withLiar(22);
  const block = simulation.orderer.next();
  for (const length of [0, 1, 17, block.bytes.length - 1]) {
    liar.tellAll({
      kind: "block",
      channel: liar.channel,
      spread: COLUMN,
      block: block.bytes.subarray(0, length),
    });
  }
  liar.tellAll({
    kind: "block",
    channel: liar.channel,
    spread: COLUMN,
    block: new Uint8Array(100_000).fill(255),
  });
  await simulation.runFor(2_000);
  expect(simulation.network.refused).toEqual({ MALFORMED_BLOCK: 50 });
});

test("an advert whose block never comes delays the block by no more than the time it is waited for", async () => {
  const { simulation, liar } = await withLiar(23, 10, { antiEntropy: false, stateTransfer: false });
  const block = simulation.orderer.next();
  const held = { number: block.number, hash: block.hash, blockBytes: 1_000 };
  liar.tellAll({ kind: "advert", channel: liar.channel, height: 1, blocks: [held] });
  await simulation.runFor(50);
  await simulation.publish(block);
  await simulation.untilHeight(2, 1_500);
});

test("a peer that claims a great height and serves nothing is asked less and less, and holds nobody up", async () => {
  const { simulation, liar } = await withLiar(24);
  liar.digest = () => ({ height: 1_000_000, early: [500, 700, 900_000] });
  for (let count = 0; count < 30; count++) {
    await simulation.publishNext();
    await simulation.runFor(1_000);
  }
  await simulation.untilHeight(31, 5_000);
  const early = liar.fetchCount;
  await simulation.runFor(120_000);
  // Ten peers, each with a pause that doubles up to a minute after each failure.
  expect(liar.fetchCount - early).toBeLessThan(early + 60);
});

test("an early block that a digest names is fetched before its predecessors are there", async () => {
  const { simulation, liar } = await withLiar(30, 1, { stateTransfer: false });
  const blocks = Array.from({ length: 5 }, () => simulation.orderer.next());
  for (const block of blocks) simulation.checker.published(block, simulation.peers[0]!);
  liar.digest = () => ({ height: 1, early: [3, 5] });
  liar.blocks = ({ first }) => Promise.resolve([blocks[first - 1]!.bytes]);
  await simulation.runFor(10_000);
  expect(simulation.peers[0]!.height).toBe(1);
  expect(heldAbove(simulation.peers[0]!.gossip, 1)).toEqual([3, 5]);
});

test("a block that is ahead of the ledger is not taken from whoever hands it in, and says which is next", async () => {
  const simulation = new Simulation({ seed: 33, peerCount: 2 });
  await simulation.start();
  const [first, second] = [simulation.orderer.next(), simulation.orderer.next()];
  let code = "";
  const handIn = simulation.peers[0]!.gossip.publish(second);
  void handIn.catch((error: { readonly code: string }) => (code = error.code));
  await simulation.runFor(1_000);
  expect(code).toBe("OUT_OF_ORDER");
  expect(simulation.peers[0]!.gossip.holds(second.number)).toBe(false);
  await simulation.publish(first);
  await simulation.publish(second);
  await simulation.untilHeight(3, 5_000);
});

test("a newcomer catches up although one of its sources serves rubbish", async () => {
  const { simulation, liar } = await withLiar(25, 6);
  const newcomer = simulation.peers[5]!;
  newcomer.crash();
  for (let count = 0; count < 200; count++) await simulation.publishNext();
  liar.digest = () => ({ height: 201, early: [] });
  liar.blocks = (range) => Promise.resolve([forged(simulation.peers[0]!.disk.blocks[range.first]!).bytes]);
  await simulation.restart(newcomer);
  await simulation.until(() => newcomer.height === 201, 60_000, "the newcomer holds all blocks");
});

test("nobody can speak for another peer, and an old statement revives nobody", async () => {
  const { simulation, liar } = await withLiar(26);
  const [victim, witness] = simulation.peers;
  const old = witness!.membership.get(victim!.id)!.entry;
  const incarnation = Math.floor(simulation.clock.now()) + 1_000_000;
  liar.tellAll({ kind: "alive", members: [liar.state({ peer: victim!.id, incarnation, left: true })] });
  await simulation.runFor(1_000);
  expect(witness!.membership.isAlive(victim!.id)).toBe(true);
  expect(simulation.network.refused.BAD_SIGNATURE).toBe(10);
  victim!.crash();
  const isGone = () => simulation.peers.slice(1).every((peer) => !peer.membership.isAlive(victim!.id));
  await simulation.until(isGone, 60_000, "the victim is seen dead by all");
  liar.tellAll({ kind: "alive", members: [old] });
  await simulation.runFor(10_000);
  expect(isGone()).toBe(true);
});

test("a state-info statement counts only with the signature of its author", async () => {
  const { simulation, liar } = await withLiar(27);
  const [victim, witness] = simulation.peers;
  const time = { incarnation: Math.floor(simulation.clock.now()) + 1_000_000, sequence: 0 };
  const forgedStatement = liar.sign({
    kind: "state-info",
    peer: victim!.id,
    channel: liar.channel,
    height: 99,
    ...NO_ROLE,
    ...time,
  });
  liar.tellAll({ kind: "state-info", channel: liar.channel, statements: [forgedStatement] });
  await simulation.runFor(1_000);
  expect(simulation.network.refused.BAD_SIGNATURE).toBe(9);
  expect(witness!.gossip.view.heightOf(victim!.id)).not.toBe(99);
});

test("a peer that is not in the channel gets no block, no digest and no height, and can hand none in", async () => {
  const simulation = new Simulation({ seed: 28, peerCount: 10 });
  await simulation.start();
  const outsider = new Liar(simulation, "outsider", false);
  await outsider.join();
  for (let count = 0; count < 5; count++) {
    const block = await simulation.publishNext();
    outsider.tellAll({ kind: "want", channel: outsider.channel, number: block.number, hash: block.hash });
    outsider.tellAll({ kind: "block", channel: outsider.channel, spread: COLUMN, block: block.bytes });
    await simulation.runFor(1_000);
  }
  outsider.tellAll({
    kind: "syn",
    channel: outsider.channel,
    session: 1,
    digest: digestOf({ height: 1, early: [] }),
    end: 9,
    gives: true,
  });
  const question = { channel: outsider.channel, range: { first: 0, end: 1 } };
  const fetched = fetchAll(outsider.transport, simulation.peers[0]!.id, question);
  const refusal = expect(fetched).rejects.toMatchObject({ code: "NOT_A_MEMBER" });
  await simulation.runFor(1_000);
  await refusal;
  const kinds = new Set(outsider.heard.map(({ message }) => message.kind));
  expect([...kinds].filter((kind) => !/^(alive|membership-|p[io]ng)/.test(kind))).toEqual([]);
});

test("early blocks are kept up to the window and not beyond it", async () => {
  const windowBlocks = 20;
  const simulation = new Simulation({
    seed: 29,
    peerCount: 2,
    options: { windowBlocks, antiEntropy: false, stateTransfer: false },
  });
  await simulation.start();
  const [source, receiver] = simulation.peers;
  simulation.network.cut(source!.id, receiver!.id);
  const blocks = Array.from({ length: 40 }, () => simulation.orderer.next());
  for (const block of blocks) await simulation.publish(block, source);
  const { gossip } = receiver!;
  const from = source!.id;
  for (const block of blocks.slice(1))
    gossip.receive(from, {
      kind: "block",
      channel: channelOf(simulation),
      spread: SPREAD_NONE,
      block: block.bytes,
    });
  expect(receiver!.height).toBe(1);
  expect(heldAbove(gossip, 1)).toEqual(Array.from({ length: windowBlocks - 1 }, (_, index) => index + 2));
  gossip.receive(from, {
    kind: "block",
    channel: channelOf(simulation),
    spread: SPREAD_NONE,
    block: blocks[0]!.bytes,
  });
  await simulation.runFor(1_000);
  expect(receiver!.height).toBe(1 + windowBlocks);
});

function channelOf(simulation: Simulation) {
  return new Liar(simulation, "nobody" as PeerId).channel;
}
