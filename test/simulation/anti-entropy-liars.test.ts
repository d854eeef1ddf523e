import { expect, test } from "vitest";
import type { GossipOptions } from "../../gossip/options.ts";
import { digestOf } from "../simulator/lying-answer.ts";
import { Liar } from "../simulator/liar.ts";
import { Simulation } from "../../node/testing/simulator/simulation.ts";

/** One honest peer and a liar, which sends and answers what it is told to. */
async function withLiar(seed: number, options: Partial<GossipOptions> = {}) {
  const simulation = new Simulation({
    seed,
    peerCount: 2,
    options: {
      push: false,
      directMail: false,
      stateTransfer: false,
      antiEntropyIntervalMs: 1_000,
      ...options,
    },
  });
  const [victim, source] = simulation.peers;
  await simulation.start([victim!]);
  const liar = new Liar(simulation);
  await liar.join();
  const blocks = [1, 2, 3].map(() => simulation.orderer.next());
  for (const block of blocks) simulation.checker.published(block, source!);
  const events = () => simulation.events.map(({ event }) => event);
  const lies = () => events().flatMap((event) => (event.kind === "misconduct" ? [event.code] : []));
  const failures = () => events().flatMap((event) => (event.kind === "fetch-failed" ? [event.code] : []));
  return { simulation, victim: victim!, liar, blocks, lies, failures };
}

test("a claim of blocks that the answer lacks is a lie", async () => {
  const { simulation, liar, lies, victim } = await withLiar(1);
  liar.digest = () => ({ height: 4, early: [] });
  await simulation.runFor(3_000);
  expect(new Set(lies())).toEqual(new Set(["BROKEN_PROMISE"]));
  expect(victim.gossip.view.heightOf(liar.id)).toBeUndefined();
});

test("an answer that does not come is weather", async () => {
  const { simulation, liar, lies, failures } = await withLiar(2, { fetchTimeoutMs: 2_000 });
  liar.digest = () => ({ height: 4, early: [] });
  liar.blocks = () => new Promise(() => undefined);
  await simulation.runFor(10_000);
  expect(lies()).toEqual([]);
  expect(new Set(failures())).toEqual(new Set(["TIMED_OUT"]));
});

test.each([
  ["skips one", [0, 2]],
  ["begins later", [1, 2]],
  ["comes in another order", [1, 0]],
  ["has one twice", [0, 0]],
])("an answer that %s is a lie, and what came before it stays", async (_what, order) => {
  const { simulation, victim, liar, blocks, lies } = await withLiar(3);
  liar.digest = () => ({ height: 4, early: [] });
  liar.blocks = async () => order.map((index) => blocks[index]!.bytes);
  await simulation.until(() => lies().length > 0, 5_000, "it is caught");
  await simulation.runFor(50);
  expect(lies()[0]).toBe("WRONG_NUMBER");
  expect(victim.height).toBe(order[0] === 0 ? 2 : 1);
});

test("answers that nobody waits for are refused, and bring nothing", async () => {
  const { simulation, victim, liar, blocks, lies } = await withLiar(4, { antiEntropy: false });
  const { channel } = liar;
  const bytes = blocks.map((block) => block.bytes);
  const digest = digestOf({ height: 4, early: [] });
  liar.tellAll({ kind: "ack", channel, session: 1, digest, end: 9, blocks: bytes });
  liar.tellAll({ kind: "ack2", channel, session: 1, blocks: bytes });
  await simulation.runFor(1_000);
  expect(simulation.network.refused).toEqual({ UNSOLICITED: 2 });
  expect(lies()).toEqual([]);
  expect(victim.height).toBe(1);
  // Unasked is another thing: that is a push.
  liar.tellAll({ kind: "ack2", channel, session: 0, blocks: bytes });
  await simulation.runFor(1_000);
  expect(victim.height).toBe(4);
});

test("who promises in a session what it does not give then is a liar, and late without an answer", async () => {
  const { simulation, liar, lies, failures } = await withLiar(5, {
    antiEntropyIntervalMs: 60_000,
    fetchTimeoutMs: 2_000,
  });
  const { channel } = liar;
  const digest = digestOf({ height: 4, early: [] });
  liar.tellAll({ kind: "syn", channel, session: 7, digest, end: 0, gives: true });
  await simulation.runFor(500);
  const ack = liar.heard.find(({ message }) => message.kind === "ack")?.message;
  expect(ack).toMatchObject({ session: 7, end: 513, blocks: [] });
  liar.tellAll({ kind: "ack2", channel, session: 7, blocks: [] });
  await simulation.runFor(500);
  expect(lies()).toEqual(["BROKEN_PROMISE"]);
  liar.tellAll({ kind: "syn", channel, session: 8, digest, end: 0, gives: true });
  await simulation.runFor(5_000);
  expect(lies()).toEqual(["BROKEN_PROMISE"]);
  expect(failures()).toEqual(["TIMED_OUT"]);
});

test("a flood of questions makes a peer send no more than its budget", async () => {
  const answerBytes = 100_000;
  const simulation = new Simulation({
    seed: 6,
    peerCount: 1,
    options: { antiEntropy: false, stateTransfer: false, antiEntropyBytesMax: answerBytes },
  });
  await simulation.start();
  for (let count = 0; count < 20; count++) await simulation.publishNext(20_000);
  const liar = new Liar(simulation);
  await liar.join();
  const { channel } = liar;
  const digest = digestOf({ height: 1, early: [] });
  const seconds = 10;
  for (let session = 1; session <= 1_000 * seconds; session++) {
    liar.tellAll({ kind: "syn", channel, session, digest, end: 513, gives: true });
    await simulation.clock.runFor(1);
  }
  await simulation.runFor(1_000);
  const answers = liar.heard.filter(({ message }) => message.kind === "ack");
  const sent = simulation.network.traffic.of(simulation.peers[0]!.id).bytesByKind.ack ?? 0;
  expect(answers.length).toBeGreaterThan(10);
  // Four at once, and one in a second.
  expect(answers.length).toBeLessThan(1.5 * (4 + seconds));
  expect(sent).toBeLessThan((4 + seconds + 1) * answerBytes);
});

test("a digest of numbers without an end costs no more than one of few", async () => {
  const { simulation, victim, liar, lies } = await withLiar(8, { antiEntropy: false });
  const { channel } = liar;
  const early = Array.from({ length: 1_024 }, (_, index) => 2 ** 50 + index);
  const digest = digestOf({ height: Number.MAX_SAFE_INTEGER, early });
  for (const height of [1, 2, Number.MAX_SAFE_INTEGER])
    liar.tellAll({
      kind: "syn",
      channel,
      session: 1 + (height % 7),
      digest: { ...digest, height },
      end: Number.MAX_SAFE_INTEGER,
      gives: true,
    });
  await simulation.runFor(1_000);
  expect(lies()).toEqual([]);
  expect(victim.height).toBe(1);
});
