import { expect, test } from "vitest";
import type { RingReport } from "../../gossip/repair/ring-report.ts";
import { Consortium } from "../simulator/consortium.ts";
import { organisationOf, peersTold, saidAcross } from "../simulator/told.ts";

const HIDDEN = { external: [] };
const CHANNELS = { trade: { A: ["a0"], B: ["b0"], C: ["c0"] } };

/** Three organisations, one of which has hidden peers, and some blocks. */
async function consortium(): Promise<Consortium> {
  const made = await Consortium.create({
    seed: 94,
    organisations: { A: { a0: {}, a1: HIDDEN, a2: HIDDEN }, B: { b0: {}, b1: HIDDEN }, C: { c0: {} } },
    channels: CHANNELS,
  });
  await made.start();
  await made.untilAcquainted(["a0", "b0", "c0"]);
  await made.untilAcquainted(["a0", "a1", "a2"]);
  for (let count = 0; count < 5; count++) await made.publishNext("trade", "a0");
  await made.runFor(10_000);
  return made;
}

async function ring(made: Consortium, leader: string): Promise<RingReport> {
  let report: RingReport | undefined;
  const running = made.peer(leader).channel("trade").repair.run(true, new AbortController().signal);
  running.then((closed) => (report = closed)).catch((error: unknown) => made.network.crashes.push(error));
  await made.until(() => report !== undefined, 120_000, "the ring is closed");
  return report!;
}

test("a ring goes round all whom its leader knows, and tells no organisation of a peer that it may not know", async () => {
  const made = await consortium();
  const said = made.said.length;
  const report = await ring(made, "a0");
  expect(report.isEqual).toBe(true);
  expect(report.members.map(({ peer, isReached, after }) => [peer, isReached, after])).toEqual(
    ["a0", "a1", "a2", "b0", "c0"].map((id) => [id, true, 6]),
  );
  // Between the hidden a2 and b0, and between b0 and c0, the leader stands.
  expect(report.hops).toBeGreaterThan(8);
  const steps = made.said.slice(said).filter(({ message }) => message.kind === "repair-step");
  const told = steps.map(({ to, message }) => `${to} takes from ${peersTold(message).join()}`);
  expect(told).toEqual([
    "a1 takes from a0",
    "a2 takes from a1",
    "b0 takes from a0",
    "c0 takes from a0",
    "a1 takes from a0",
    "a2 takes from a1",
    "b0 takes from a0",
  ]);
  const third = saidAcross(made, ({ to, message }) =>
    peersTold(message).some(
      (peer) =>
        peer !== "a0" && message.kind === "repair-step" && organisationOf(peer) !== organisationOf(to),
    ),
  );
  expect(third).toEqual([]);
  expect(made.network.refused).toEqual({});
  expect(made.noted()).toEqual({});
});

test("a hidden peer's ring stays within its organisation", async () => {
  const made = await consortium();
  const report = await ring(made, "a1");
  expect(report).toMatchObject({ hops: 4, isEqual: true });
  expect(report.members.map(({ peer }) => peer)).toEqual(["a1", "a2", "a0"]);
});
