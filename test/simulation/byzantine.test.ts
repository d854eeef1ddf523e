import { expect, test } from "vitest";
import { Block, createBlock } from "../../chain/block.ts";
import type { CutNotice } from "../../gossip/wire/messages.ts";
import { heldAbove } from "../simulator/held-above.ts";
import { Consortium } from "../simulator/consortium.ts";
import { ConsortiumLiar } from "../simulator/consortium-liar.ts";
import type { PeerId } from "../../gossip/ports.ts";
import type { Spread } from "../../gossip/push/spread.ts";

const IDS = ["a0", "a1", "a2", "b0", "b1", "b2"] as const;
const CHUNKED = 300_000;

/** Two organisations in one channel, the first in a second one too, and a liar of the second who is in the first. */
async function withLiar(seed: number, options = {}) {
  const consortium = await Consortium.create({
    seed,
    organisations: { A: { a0: {}, a1: {}, a2: {} }, B: { b0: {}, b1: {}, b2: {} } },
    channels: { trade: { A: ["a0"], B: ["b0"] }, other: { A: ["a0"] } },
    // The tests look at many lies of one peer.
    options: { liesMax: 1_000, ...options },
  });
  await consortium.start();
  await consortium.untilAcquainted(IDS);
  const liar = await ConsortiumLiar.join(consortium, { organisation: "B", channels: ["trade"] });
  return { consortium, liar };
}

function heights(consortium: Consortium): readonly number[] {
  return IDS.map((id) => consortium.peer(id).height("trade"));
}

/** Blocks, whole or in pieces, that honest peers have sent. */
function passedOn(consortium: Consortium) {
  const kinds = new Set(["block", "cut", "chunk"]);
  return consortium.said.filter(({ from, message }) => from !== "liar" && kinds.has(message.kind));
}

function rebuilt(block: Block, parts: Partial<Parameters<typeof createBlock>[0]>): Block {
  const { number, transactions, metadata } = block;
  const previousHash = new Uint8Array(Buffer.from(block.previousHash, "hex"));
  return createBlock({ number, previousHash, transactions, metadata, ...parts });
}

interface Forgery {
  readonly code: string;
  /** What a liar makes of the block. */
  readonly of: (block: Block, consortium: Consortium) => Uint8Array;
}

const FORGERIES: Readonly<Record<string, Forgery>> = {
  "a good block of another channel": { code: "WRONG_CHANNEL", of: sameNumberElsewhere },
  "a block without transactions": {
    code: "MALFORMED_BLOCK",
    of: (block) => rebuilt(block, { transactions: [] }).bytes,
  },
  "an empty transaction": {
    code: "MALFORMED_BLOCK",
    of: (block) => rebuilt(block, { transactions: [new Uint8Array(0)] }).bytes,
  },
  "a transaction that is none": {
    code: "MALFORMED_TRANSACTION",
    of: (block) => rebuilt(block, { transactions: [...block.transactions, Buffer.from("none")] }).bytes,
  },
  "a transaction more": {
    code: "UNSATISFIED_POLICY",
    of: (block) => rebuilt(block, { transactions: [...block.transactions, ...block.transactions] }).bytes,
  },
  "no metadata": { code: "MISSING_METADATA", of: (block) => rebuilt(block, { metadata: [] }).bytes },
  "bytes that are no block": { code: "MALFORMED_BLOCK", of: () => Buffer.from("not a block at all") },
  "another transaction than was signed": { code: "WRONG_DATA_HASH", of: tampered },
};

function sameNumberElsewhere({ number }: Block, consortium: Consortium): Uint8Array {
  const other = consortium.ordering("other");
  while (other.tip.number < number) other.next();
  return other.tip.bytes;
}

/** A byte of the last transaction is another than its header says. */
function tampered(block: Block): Uint8Array {
  const bytes = Uint8Array.from(block.bytes);
  const at = Buffer.from(bytes).indexOf(Buffer.alloc(64, 7));
  bytes[at + 32] = 8;
  return bytes;
}

test.each(Object.entries(FORGERIES))(
  "a pushed block is dropped and its sender blamed: %s",
  async (_, forgery) => {
    const { consortium, liar } = await withLiar(31);
    const block = consortium.ordering("trade").next();
    const spread: Spread = { step: "column", width: 2, seed: 0 };
    const forged = forgery.of(block, consortium);
    liar.tellAll({ kind: "block", channel: liar.channelId("trade"), spread, block: forged });
    await consortium.runFor(10_000);
    expect(consortium.noted()).toEqual({ liar: { [forgery.code]: IDS.length } });
    expect(passedOn(consortium)).toEqual([]);
    expect(heights(consortium)).toEqual([1, 1, 1, 1, 1, 1]);
    await consortium.publish("trade", "a0", block);
    await consortium.runFor(3_000);
    expect(heights(consortium)).toEqual([2, 2, 2, 2, 2, 2]);
  },
);

test.each(Object.entries(FORGERIES))(
  "a forged answer to a want is dropped, its sender blamed, and another is asked: %s",
  async (_, forgery) => {
    const { consortium, liar } = await withLiar(32, { antiEntropy: false, stateTransfer: false });
    const block = consortium.ordering("trade").next();
    const { number, hash } = block;
    const forged = forgery.of(block, consortium);
    const held = { number, hash, blockBytes: forged.length };
    const channel = liar.channelId("trade");
    liar.tell("a1", { kind: "advert", channel, height: 2, blocks: [held] });
    await consortium.until(
      () => liar.heard.some(({ message }) => message.kind === "want"),
      1_000,
      "it is asked",
    );
    liar.tell("a1", liar.block("trade", forged));
    await consortium.runFor(1_000);
    expect(consortium.noted()).toEqual({ liar: { [forgery.code]: 1 } });
    expect(heights(consortium)).toEqual([1, 1, 1, 1, 1, 1]);
    await consortium.publish("trade", "a0", block);
    await consortium.runFor(3_000);
    expect(heights(consortium)).toEqual([2, 2, 2, 2, 2, 2]);
  },
);

const IN_RANGES: Readonly<Record<string, Forgery>> = {
  ...FORGERIES,
  "a good block of another number": {
    code: "WRONG_NUMBER",
    of: (_, consortium) => consortium.ordering("trade").tip.bytes,
  },
};

test.each(Object.entries(IN_RANGES))(
  "a forged block inside a range ends the answer, blames who gave it, and what came before it stays: %s",
  async (_, forgery) => {
    const { consortium, liar } = await withLiar(33, { push: false, directMail: false });
    const blocks = [1, 2, 3].map(() => consortium.ordering("trade").next());
    const [first, second, third] = blocks as [Block, Block, Block];
    const bad = forgery.of(second, consortium);
    liar.digest = () => ({ height: 4, early: [] });
    liar.blocks = ({ first: number }) => (number === 1 ? [first.bytes, bad] : [bad]);
    await consortium.runFor(20_000);
    const codes = consortium.noted();
    expect(Object.keys(codes)).toEqual(["liar"]);
    expect(Object.keys(codes.liar!)).toEqual([forgery.code]);
    expect(heights(consortium)).toEqual([2, 2, 2, 2, 2, 2]);
    await consortium.publish("trade", "b0", second);
    await consortium.publish("trade", "b0", third);
    await consortium.runFor(10_000);
    expect(heights(consortium)).toEqual([4, 4, 4, 4, 4, 4]);
  },
);

test.each(Object.entries(FORGERIES))(
  "a forged block in chunks blames its cutter alone, however its chunks were relayed: %s",
  async (_, forgery) => {
    const { consortium, liar } = await withLiar(34);
    const block = consortium.ordering("trade").next(CHUNKED);
    const { notice, chunks } = liar.cut("trade", block, forgery.of(block, consortium));
    liar.tellAll(notice);
    for (const [index, chunk] of chunks.entries())
      liar.tell(IDS[index]!, { ...chunk, spread: { step: "everybody", width: 0, seed: 0 } });
    await consortium.runFor(5_000);
    // The relays did as they should: nobody can tell before all is there.
    expect(passedOn(consortium).length).toBeGreaterThan(0);
    expect(consortium.noted()).toEqual({ liar: { BAD_CUT: IDS.length } });
    expect(heights(consortium)).toEqual([1, 1, 1, 1, 1, 1]);
    await consortium.publish("trade", "a0", block);
    await consortium.runFor(3_000);
    expect(heights(consortium)).toEqual([2, 2, 2, 2, 2, 2]);
  },
);

test("a block of a channel is not taken in another, nor is one that the peers of the other hand on", async () => {
  const { consortium, liar } = await withLiar(35);
  const block = consortium.ordering("other").next();
  // It is not in that channel.
  liar.tellAll(liar.block("other", block.bytes));
  await consortium.runFor(2_000);
  expect(consortium.network.refused).toEqual({ NOT_A_MEMBER: IDS.length });
  expect(["a0", "a1", "a2"].map((id) => consortium.peer(id).height("other"))).toEqual([1, 1, 1]);
});

test("answers that nobody has asked for are not taken in, and make nobody ask or pass on anything", async () => {
  const { consortium, liar } = await withLiar(36, { antiEntropy: false, stateTransfer: false });
  const before = consortium.said.length;
  const stranger = await consortium.organisation("B").member("stranger");
  liar.tellAll({
    kind: "identities",
    identities: [{ peer: "stranger" as PeerId, identity: stranger.signer.identity }],
  });
  const block = consortium.ordering("trade").next(CHUNKED);
  const { chunks } = liar.cut("trade", block, block.bytes);
  // Chunks of a cut that nobody was told of.
  for (const chunk of chunks) liar.tellAll(chunk);
  await consortium.runFor(3_000);
  expect(consortium.network.refused).toEqual({ UNSOLICITED: IDS.length });
  const since = consortium.said.slice(before).filter(({ from }) => from !== "liar");
  expect(new Set(since.map(({ message }) => message.kind)).difference(new Set(MEMBERSHIP))).toEqual(
    new Set(),
  );
  expect(since.filter(({ message }) => message.kind === "identity-want")).toEqual([]);
  expect(consortium.peers().every((peer) => !peer.knows("stranger"))).toBe(true);
});

const MEMBERSHIP = [
  "alive",
  "membership-request",
  "membership-response",
  "accusations",
  "ping",
  "ping-request",
  "pong",
  "state-info",
];

test("a peer that adverts blocks which it does not have is asked no more than each advert allows, and is not believed", async () => {
  const { consortium, liar } = await withLiar(37, { antiEntropy: false });
  const channel = liar.channelId("trade");
  const hash = consortium.ordering("trade").genesis.hash;
  const blocks = Array.from({ length: 20 }, (_, index) => ({ number: index + 1, hash, blockBytes: 1 }));
  liar.tellAll({ kind: "advert", channel, height: 1_000, blocks });
  await consortium.runFor(20_000);
  const wants = liar.heard.filter(({ message }) => message.kind === "want");
  expect(wants.length).toBe(IDS.length * blocks.length);
  // The height was a lie as well: each failure doubles the pause.
  const asked = liar.asked.filter(({ range }) => range !== undefined).length;
  expect(asked).toBeGreaterThan(0);
  const isAdvertised = passedOn(consortium).length > 0;
  const adverts = consortium.said.filter(({ from, message }) => from !== "liar" && message.kind === "advert");
  expect({ isAdvertised, adverts }).toEqual({ isAdvertised: false, adverts: [] });
  // It goes on: what is handed in arrives within the time that one false advert is waited for.
  const block = await consortium.publishNext("trade", "a0");
  await consortium.until(() => heights(consortium).every((height) => height === 2), 3_000, "all hold it");
  expect(block.number).toBe(1);
});

test("what is here already is not appended, handed on or passed on again, and the old and the far are left", async () => {
  const { consortium, liar } = await withLiar(38, {
    windowBlocks: 8,
    stateTransfer: false,
    antiEntropy: false,
  });
  const blocks: Block[] = [];
  for (let count = 0; count < 30; count++) {
    blocks.push(await consortium.publishNext("trade", "a0"));
    await consortium.runFor(300);
  }
  await consortium.runFor(10_000);
  // It has nothing in memory.
  consortium.peer("b1").crash();
  await consortium.peer("b1").start();
  await consortium.untilAcquainted(IDS);
  await consortium.until(() => consortium.peer("b1").knows(liar.id), 10_000, "the liar is known again");
  const far = Array.from({ length: 20 }, () => consortium.ordering("trade").next());
  const said = consortium.said.length;
  const committed = () => consortium.events.filter(({ event }) => event.kind === "block-committed").length;
  const before = committed();
  const spread: Spread = { step: "column", width: 2, seed: 0 };
  const channel = liar.channelId("trade");
  const repeat = (block: Block) => liar.tellAll({ kind: "block", channel, spread, block: block.bytes });
  for (const block of [blocks[0]!, blocks[10]!, blocks.at(-1)!, blocks.at(-1)!, far.at(-1)!]) repeat(block);
  await consortium.runFor(10_000);
  expect(committed()).toBe(before);
  expect(heights(consortium)).toEqual([31, 31, 31, 31, 31, 31]);
  const kinds = new Set(["block", "want", "chunk", "cut"]);
  const since = consortium.said.slice(said).filter(({ from }) => from !== "liar");
  expect(since.filter(({ message }) => kinds.has(message.kind))).toEqual([]);
  const { gossip } = consortium.peer("b1");
  const [trade] = gossip.channels();
  expect(heldAbove(trade!, 31)).toEqual([]);
  // Good blocks, only late or early: that is no lie.
  expect(consortium.noted()).toEqual({});
});

test("a cut that is repeated, or is of a block far from here, begins nothing", async () => {
  const { consortium, liar } = await withLiar(39, {
    windowBlocks: 8,
    stateTransfer: false,
    antiEntropy: false,
  });
  const far = Array.from({ length: 20 }, () => consortium.ordering("trade").next(CHUNKED)).at(-1)!;
  const { notice, chunks } = liar.cut("trade", far, far.bytes);
  const twice: CutNotice[] = [notice, notice];
  for (const message of [...twice, ...chunks.slice(1)]) liar.tellAll(message);
  await consortium.runFor(2_000);
  expect(IDS.map((id) => consortium.peer(id).channel("trade").bufferedBytes)).toEqual([0, 0, 0, 0, 0, 0]);
  expect(passedOn(consortium)).toEqual([]);
  expect(consortium.noted()).toEqual({});
});
