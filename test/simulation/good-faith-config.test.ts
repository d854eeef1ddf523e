import { expect, test } from "vitest";
import type { Block } from "../../chain/block.ts";
import type { PeerId } from "../../gossip/ports.ts";
import type { Spread } from "../../gossip/push/spread.ts";
import { Consortium, type ConsortiumPeerSpec } from "../simulator/consortium.ts";
import { ConsortiumLiar } from "../simulator/consortium-liar.ts";
import { SimulatedOrganisation } from "../simulator/simulated-organisation.ts";

const CHANNEL = "trade";
const ALONE: ConsortiumPeerSpec = {
  options: { antiEntropy: false, stateTransfer: false, push: true, pushAdverts: 0 },
};
const IDS = ["a0", "a1", "a2", "b0", "b1", "b2"] as const;
/** It does not mend what it misses. */
const BEHIND = "a2" as PeerId;

async function acquainted(seed: number, specs: Readonly<Record<string, ConsortiumPeerSpec>> = {}) {
  const peers = (ids: readonly string[]) => Object.fromEntries(ids.map((id) => [id, specs[id] ?? {}]));
  const consortium = await Consortium.create({
    seed,
    organisations: { A: peers(IDS.slice(0, 3)), B: peers(IDS.slice(3)) },
    channels: { [CHANNEL]: { A: ["a0"], B: ["b0"] } },
    // It would bring the one that is behind what it is not to have.
    options: { directMail: false },
  });
  await consortium.start();
  await consortium.untilAcquainted(IDS);
  return consortium;
}

/** The ordering service gets other keys, of another CA; who held the old ones goes on to sign with them. */
async function rotateOrderers(consortium: Consortium, seed: string): Promise<Block> {
  const organisation = await SimulatedOrganisation.create("Orderer", seed);
  const member = await organisation.member("orderer1", { role: "orderer" });
  const spec = { ...consortium.specOf(CHANNEL), ordering: organisation.ordering([member]) };
  const block = await consortium.reconfigure(spec, "a0");
  consortium.ordering(CHANNEL).useSigner(member.signer);
  return block;
}

test.each([1, 2, 3])(
  "who passes on a block of orderers that were replaced, %i times, and has not heard of it, is not blamed",
  async (rotations) => {
    const consortium = await acquainted(80 + rotations, { [BEHIND]: ALONE });
    const ordering = consortium.ordering(CHANNEL);
    const { genesis } = ordering;
    // Signed by the first orderers, far enough ahead to be new to all.
    let stale: Block = genesis;
    for (let number = 1; number <= 8; number++) stale = ordering.sibling(stale);
    const { network } = consortium;
    for (const id of IDS) if (id !== BEHIND) network.cut(BEHIND, id as PeerId);
    for (let count = 0; count < rotations; count++) {
      await rotateOrderers(consortium, `rotation ${count}`);
      await consortium.runFor(1_000);
    }
    expect(IDS.map((id) => consortium.peer(id).height(CHANNEL))).toEqual(
      IDS.map((id) => (id === BEHIND ? 1 : 1 + rotations)),
    );
    network.healAll();
    await consortium.untilAcquainted(IDS);
    const liar = await ConsortiumLiar.join(consortium, { organisation: "A", channels: [CHANNEL] });
    const channel = liar.channelId(CHANNEL);
    const spread: Spread = { step: "column", width: 1, seed: 0 };
    liar.tell(BEHIND, { kind: "block", channel, spread, block: stale.bytes });
    await consortium.runFor(2_000);
    const relayed = IDS.flatMap((id) => consortium.saidBy(BEHIND, id)).filter(({ kind }) => kind === "block");
    expect(relayed.length).toBeGreaterThan(0);
    // Once by each that it was passed on to, and again where it is the answer in an anti-entropy session.
    expect(Object.keys(network.refused)).toEqual(["SUPERSEDED_CONFIG"]);
    expect(network.refused.SUPERSEDED_CONFIG).toBeGreaterThanOrEqual(5);
    expect(consortium.noted()).toEqual({});
    // The others go on, and hold the right block at that height.
    for (let count = rotations; count < 9; count++) {
      await consortium.publishNext(CHANNEL, "b0");
      await consortium.runFor(300);
    }
    await consortium.runFor(3_000);
    expect(IDS.filter((id) => id !== BEHIND).map((id) => consortium.peer(id).height(CHANNEL))).toEqual(
      IDS.slice(1).map(() => 10),
    );
    expect(consortium.noted()).toEqual({});
  },
);

test("who speaks of a peer whose certificate was revoked a moment ago is not blamed", async () => {
  const consortium = await acquainted(84, { [BEHIND]: ALONE });
  const liar = await ConsortiumLiar.join(consortium, { organisation: "B", channels: [CHANNEL] });
  const organisation = consortium.organisation("B");
  const { serial } = await organisation.member("liar");
  const revocationLists = [await organisation.revocationList([serial])];
  const anchorPeers = [{ host: "b0", port: 7051 }];
  const { network } = consortium;
  for (const id of IDS) if (id !== BEHIND) network.cut(BEHIND, id as PeerId);
  const spec = organisation.spec({ revocationLists, anchorPeers });
  await consortium.reconfigure(consortium.organisationsWith(CHANNEL, "B", spec), "a0");
  await consortium.runFor(3_000);
  network.healAll();
  const others = IDS.filter((id) => id !== BEHIND);
  await consortium.runFor(60_000);
  // It has not heard of the block, and has told the others of the peer all the time.
  expect(consortium.peer(BEHIND).knows("liar")).toBe(true);
  expect(others.map((id) => consortium.peer(id).knows("liar"))).toEqual(others.map(() => false));
  expect(others.map((id) => consortium.peer(id).knows(BEHIND))).toEqual(others.map(() => true));
  expect(consortium.events.some(({ event }) => event.kind === "refused-identity")).toBe(true);
  expect(Object.keys(consortium.noted())).toEqual([liar.id]);
  expect(Object.keys(consortium.noted().liar!)).toEqual(["REVOKED_CERTIFICATE"]);
});

test("peers that see different peers pass large blocks on to whom they see, and nobody is blamed", async () => {
  const hidden = { external: [] };
  const consortium = await acquaintedWithHidden(85, { a2: hidden, b1: hidden, b2: hidden });
  const sources = ["a0", "a2", "b2", "b0", "a1", "b1"];
  for (const [index, source] of sources.entries()) {
    await consortium.publishNext(CHANNEL, source, 400_000);
    await consortium.runFor(8_000);
    expect(IDS.map((id) => consortium.peer(id).height(CHANNEL))).toEqual(IDS.map(() => index + 2));
  }
  const chunks = consortium.said.filter(({ message }) => message.kind === "chunk");
  expect(chunks.length).toBeGreaterThan(0);
  expect(consortium.noted()).toEqual({});
});

async function acquaintedWithHidden(seed: number, specs: Readonly<Record<string, ConsortiumPeerSpec>>) {
  const peers = (ids: readonly string[]) => Object.fromEntries(ids.map((id) => [id, specs[id] ?? {}]));
  const consortium = await Consortium.create({
    seed,
    organisations: { A: peers(IDS.slice(0, 3)), B: peers(IDS.slice(3)) },
    channels: { [CHANNEL]: { A: ["a0"], B: ["b0"] } },
    options: { neighboursMax: 3 },
  });
  await consortium.start();
  await consortium.untilAcquainted(IDS.slice(0, 3));
  await consortium.untilAcquainted(IDS.slice(3));
  return consortium;
}

test("answers that come late, when nobody waits any more, are held against nobody", async () => {
  const consortium = await acquainted(86);
  // Question and answer take longer than anybody waits for an identity, or for a block that was adverted.
  consortium.network.weather = { ...consortium.network.weather, latencyMs: 1_200, jitterMs: 300 };
  const newcomer = await ConsortiumLiar.create(consortium, { organisation: "A", id: "a9" });
  // Some hear of it from two, ask the one, then the other, and then hear from the first.
  for (let count = 0; count < 20; count++) {
    newcomer.tell(count % 2 === 0 ? "a0" : "b0", newcomer.greeting());
    await consortium.runFor(500);
  }
  for (let count = 0; count < 5; count++) {
    await consortium.publishNext(CHANNEL, "a0", count % 2 === 0 ? 300_000 : 3_000);
    await consortium.runFor(10_000);
  }
  await consortium.runFor(60_000);
  expect(IDS.map((id) => consortium.peer(id).height(CHANNEL))).toEqual(IDS.map(() => 6));
  expect(consortium.network.refused.UNSOLICITED).toBeGreaterThan(0);
  expect(consortium.noted()).toEqual({});
});
