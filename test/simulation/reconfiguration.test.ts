import { expect, test } from "vitest";
import type { PeerId } from "../../gossip/ports.ts";
import { SPREAD_NONE } from "../../gossip/push/spread.ts";
import { Consortium, type ConsortiumSpec } from "../simulator/consortium.ts";
import { SimulatedOrganisation } from "../simulator/simulated-organisation.ts";

const A = ["a0", "a1", "a2"] as const;
const B = ["b0", "b1"] as const;

/** Two organisations in these channels, all peers up and acquainted. */
async function acquainted(seed: number, channels: ConsortiumSpec["channels"]) {
  const consortium = await Consortium.create({
    seed,
    organisations: { A: { a0: {}, a1: {}, a2: {} }, B: { b0: {}, b1: {} } },
    channels,
  });
  await consortium.start();
  await consortium.untilAcquainted([...A, ...B]);
  return consortium;
}

const TRADE = { A: ["a0"], B: ["b0"] };

/** Whom the peer sees in the channel. */
function seenBy(consortium: Consortium, id: string, channel: string): readonly string[] {
  return consortium.peer(id).channel(channel).view.active().toSorted();
}

function heights(consortium: Consortium, channel: string, ids: readonly string[]): readonly number[] {
  return ids.map((id) => consortium.peer(id).height(channel));
}

test("peers of an organisation that a config block removes are shown out at once, get nothing, and are not let in again", async () => {
  const consortium = await acquainted(71, { trade: TRADE });
  await consortium.publishNext("trade", "a0");
  await consortium.runFor(1_000);
  await consortium.reconfigure(consortium.organisationsWith("trade", "B", undefined), "a1");
  await consortium.until(
    () => heights(consortium, "trade", A).every((height) => height === 3),
    3_000,
    "all of A hold it",
  );
  for (const id of A) {
    const others = A.filter((other) => other !== id);
    expect(seenBy(consortium, id, "trade")).toEqual(others);
    expect(consortium.peer(id).known()).toEqual(others);
    const { membership } = consortium.peer(id);
    expect(B.map((other) => membership.get(other as PeerId)!.state)).toEqual(["refused", "refused"]);
  }
  await consortium.runFor(1_000);
  const said = consortium.said.length;
  await consortium.publishNext("trade", "a0");
  await consortium.runFor(30_000);
  const isToB = ({ from, to }: { readonly from: string; readonly to: string }) =>
    from.startsWith("a") && to.startsWith("b");
  expect(consortium.said.slice(said).filter(isToB)).toEqual([]);
  // They knock all the time.
  expect(consortium.network.refused.UNKNOWN_ORGANISATION).toBeGreaterThan(0);
  expect(heights(consortium, "trade", [...A, ...B])).toEqual([4, 4, 4, ...heights(consortium, "trade", B)]);
  expect(Math.max(...heights(consortium, "trade", B))).toBeLessThanOrEqual(3);
  // To be of an organisation that has gone is no lie.
  expect(consortium.noted()).toEqual({});
});

test("an organisation that is removed from one channel stays in the other", async () => {
  const consortium = await acquainted(72, { trade: TRADE, other: TRADE });
  await consortium.reconfigure(consortium.organisationsWith("trade", "B", undefined), "a1");
  await consortium.runFor(3_000);
  for (const id of A) {
    const others = A.filter((other) => other !== id);
    expect(seenBy(consortium, id, "trade")).toEqual(others);
    expect(seenBy(consortium, id, "other")).toEqual([...others, ...B]);
  }
  await consortium.publishNext("trade", "a0");
  await consortium.publishNext("other", "b1");
  await consortium.runFor(10_000);
  expect(heights(consortium, "trade", A)).toEqual([3, 3, 3]);
  expect(Math.max(...heights(consortium, "trade", B))).toBeLessThanOrEqual(2);
  expect(heights(consortium, "other", [...A, ...B])).toEqual([2, 2, 2, 2, 2]);
  expect(consortium.noted()).toEqual({});
});

test("an old config block that comes once more, by whatever way, brings no old configuration back", async () => {
  const consortium = await acquainted(73, { trade: TRADE });
  const withB = consortium.specOf("trade");
  const first = await consortium.reconfigure(withB, "a0");
  await consortium.runFor(2_000);
  await consortium.reconfigure(consortium.organisationsWith("trade", "B", undefined), "a0");
  await consortium.runFor(3_000);
  const { genesis } = consortium.ordering("trade");
  const channel = consortium.peer("a1").channel("trade");
  for (const old of [genesis, first]) {
    consortium.peer("a1").gossip.receive("a2" as PeerId, {
      kind: "block",
      channel: channel.id,
      spread: SPREAD_NONE,
      block: old.bytes,
    });
    await consortium.publish("trade", "a1", old);
  }
  await consortium.runFor(5_000);
  expect(channel.ledger.height).toBe(3);
  expect(seenBy(consortium, "a1", "trade")).toEqual(["a0", "a2"]);
  expect(consortium.peer("a1").known()).toEqual(["a0", "a2"]);
});

test("peers of an organisation that waits outside are let in when a config block adds it, without a restart", async () => {
  const consortium = await Consortium.create({
    seed: 74,
    organisations: {
      A: { a0: {}, a1: {}, a2: {} },
      B: { b0: { channels: ["trade"] }, b1: { channels: ["trade"] } },
    },
    channels: { trade: { A: ["a0"] } },
  });
  await consortium.start();
  await consortium.untilAcquainted(A);
  await consortium.publishNext("trade", "a0");
  await consortium.runFor(30_000);
  expect(
    A.flatMap((id) =>
      consortium
        .peer(id)
        .known()
        .filter((other) => other.startsWith("b")),
    ),
  ).toEqual([]);
  expect(heights(consortium, "trade", B)).toEqual([1, 1]);
  expect(consortium.network.refused.UNKNOWN_ORGANISATION).toBeGreaterThan(0);
  const anchors = { anchorPeers: [{ host: "b0", port: 7051 }] };
  const withB = consortium.organisationsWith("trade", "B", consortium.organisation("B").spec(anchors));
  await consortium.reconfigure(withB, "a1");
  await consortium.untilAcquainted([...A, ...B], 60_000);
  await consortium.until(
    () => heights(consortium, "trade", B).every((height) => height === 3),
    10_000,
    "B caught up",
  );
  await consortium.publishNext("trade", "b1");
  await consortium.runFor(3_000);
  expect(heights(consortium, "trade", [...A, ...B])).toEqual([4, 4, 4, 4, 4]);
  expect(consortium.noted()).toEqual({});
});

test.each([["the next block first", true] as const, ["in order", false] as const])(
  "a block that new orderers sign, of another CA, is taken in behind the config block that names them: %s",
  async (_, isReversed) => {
    const consortium = await acquainted(75, { trade: TRADE });
    const orderer = await SimulatedOrganisation.create("Orderer", "rotated");
    const member = await orderer.member("orderer1", { role: "orderer" });
    const ordering = consortium.ordering("trade");
    const config = ordering.nextConfig({
      ...consortium.specOf("trade"),
      ordering: orderer.ordering([member]),
    });
    ordering.useSigner(member.signer);
    const next = ordering.next();
    const channel = consortium.peer("a1").channel("trade");
    const receive = (block: typeof next) =>
      consortium.peer("a1").gossip.receive("b1" as PeerId, {
        kind: "block",
        channel: channel.id,
        spread: SPREAD_NONE,
        block: block.bytes,
      });
    for (const block of isReversed ? [next, config] : [config, next]) {
      receive(block);
      await consortium.runFor(20);
    }
    await consortium.until(
      () => heights(consortium, "trade", [...A, ...B]).every((height) => height === 3),
      10_000,
      "all hold both",
    );
    const failed = consortium.events.filter(
      ({ event }) => event.kind === "rejected" || event.kind === "fetch-failed",
    );
    expect(failed).toEqual([]);
    expect(consortium.noted()).toEqual({});
  },
);

test("a peer that leaves a channel is dropped from it by all, asks and is asked for nothing of it, and stays a member", async () => {
  const consortium = await acquainted(76, { trade: TRADE, other: TRADE });
  await consortium.publishNext("trade", "a0");
  await consortium.runFor(3_000);
  const leaver = consortium.peer("a2");
  const left = leaver.channel("trade");
  leaver.gossip.leave(left);
  const others = [...A, ...B].filter((id) => id !== "a2");
  const isDropped = () => others.every((id) => !seenBy(consortium, id, "trade").includes("a2"));
  await consortium.until(isDropped, 5_000, "all have dropped it");
  // What was on its way to it is refused.
  const refused = { ...consortium.network.refused };
  const said = consortium.said.length;
  await consortium.publishNext("trade", "b0", 300_000);
  await consortium.publishNext("other", "b0");
  await consortium.runFor(20_000);
  expect(heights(consortium, "trade", others)).toEqual([3, 3, 3, 3]);
  expect(leaver.height("trade")).toBe(2);
  const ofChannel = consortium.said
    .slice(said)
    .filter(({ from, to, message }) =>
      (from === "a2" || to === "a2") && "channel" in message ? message.channel === left.id : false,
    );
  expect(ofChannel).toEqual([]);
  // It is a member all the same, and in its other channel.
  for (const id of others) {
    expect(consortium.peer(id).knows("a2")).toBe(true);
    expect(seenBy(consortium, id, "other")).toContain("a2");
  }
  expect(leaver.height("other")).toBe(2);
  expect(consortium.noted()).toEqual({});
  // Who asks in a channel that he, or the other, is not in is refused.
  expect(consortium.network.refused).toEqual(refused);
});

test("a peer that leaves a channel while it catches up asks nobody any more, and takes no more in", async () => {
  const consortium = await acquainted(77, { trade: TRADE, other: TRADE });
  const leaver = consortium.peer("b1");
  leaver.crash();
  for (let count = 0; count < 200; count++) await consortium.publishNext("trade", "a0", 10_000);
  await consortium.runFor(10_000);
  consortium.network.weather = { ...consortium.network.weather, bytesPerSecond: 500_000 };
  await leaver.start();
  await consortium.until(() => leaver.height("trade") > 50, 60_000, "it catches up");
  expect(leaver.channel("trade").isCatchingUp).toBe(true);
  leaver.gossip.leave(leaver.channel("trade"));
  // What was being written.
  await consortium.runFor(100);
  const height = leaver.height("trade");
  await consortium.runFor(30_000);
  expect(leaver.height("trade")).toBe(height);
  expect(height).toBeLessThan(200);
  expect(consortium.noted()).toEqual({});
});
