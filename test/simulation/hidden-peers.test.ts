import { expect, test } from "vitest";
import { Consortium } from "../simulator/consortium.ts";

const HIDDEN = { external: [] };
const ORGANISATIONS = {
  A: { a0: {}, a1: {}, a2: HIDDEN, a3: HIDDEN, a4: HIDDEN },
  B: { b0: {}, b1: {}, b2: HIDDEN, b3: HIDDEN, b4: HIDDEN },
};

/** Two organisations of five peers, three of each without external endpoints, who know whom they may. */
async function consortium(seed: number): Promise<Consortium> {
  const made = await Consortium.create({
    seed,
    organisations: ORGANISATIONS,
    channels: { trade: { A: ["a0"], B: ["b0"] } },
  });
  await made.start();
  await made.untilAcquainted(["a0", "a1", "b0", "b1"]);
  for (const peers of Object.values(ORGANISATIONS)) await made.untilAcquainted(Object.keys(peers));
  // All have met, and said how high they are.
  await made.publishNext("trade", "a0");
  await made.runFor(5_000);
  return made;
}

/** How long a block takes from one peer to all, and how often it was sent. */
async function spread(made: Consortium, from: string, bytes: number) {
  const said = made.said.length;
  const startMs = made.clock.now();
  await made.publishNext("trade", from, bytes);
  const height = made.peer(from).height("trade");
  const isThere = () => made.peers().every((peer) => peer.height("trade") >= height);
  await made.until(isThere, 10_000, `the block of ${from} is everywhere`);
  const copies = made.said.slice(said).filter(({ message }) => message.kind === "block").length;
  return { ms: made.clock.now() - startMs, copies };
}

test.each(["a0", "a2"])(
  "a block handed in at %s reaches peers that its organisation, or theirs, hides from each other at once",
  async (from) => {
    const made = await consortium(91);
    const { ms, copies } = await spread(made, from, 1_000);
    // Without being passed on between them it takes adverts, which are 200 ms late.
    expect(ms).toBeLessThan(100);
    expect(copies).toBeLessThanOrEqual(10);
    expect(made.noted()).toEqual({});
  },
);

test("a block in chunks that a hidden peer cuts reaches the other organisation without adverts", async () => {
  const made = await consortium(92);
  const { ms } = await spread(made, "a2", 1_000_000);
  expect(ms).toBeLessThan(1_000);
  expect(made.network.refused).toEqual({});
  expect(made.noted()).toEqual({});
});
