import { expect, test } from "vitest";
import type { GossipOptions } from "../../gossip/options.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { Consortium, type ConsortiumSpec } from "../simulator/consortium.ts";
import { Outsider } from "../simulator/outsider.ts";

const [a0, a1] = ["a0", "a1"] as PeerId[] as [PeerId, PeerId];

/** Organisation A with peers a0, a1 and so on. */
function specOfA(count: number, changes: Partial<ConsortiumSpec> = {}): ConsortiumSpec {
  const peers = Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index}`, {}]));
  return { seed: 17, organisations: { A: peers }, channels: { trade: { A: [] } }, ...changes };
}

async function acquainted(spec: ConsortiumSpec): Promise<Consortium> {
  const consortium = await Consortium.create(spec);
  await consortium.start();
  await consortium.untilAcquainted(consortium.peers().map(({ id }) => id));
  return consortium;
}

/** The states that a peer has gone through as seen by the others, each "who: state". */
function statesOf(consortium: Consortium, peer: string, sinceMs = 0): readonly string[] {
  return consortium.events.flatMap(({ peer: at, atMs, event }) =>
    event.kind === "member" && event.peer === peer && atMs >= sinceMs ? [`${at}: ${event.state}`] : [],
  );
}

test("killed peers are dead everywhere within the expiration and a tenth, and alive again when they are back", async () => {
  const consortium = await acquainted(specOfA(6));
  const killed = ["a4", "a5"];
  const others = ["a0", "a1", "a2", "a3"];
  for (const id of killed) consortium.peer(id).crash();
  const knows = (id: string) => killed.some((other) => consortium.peer(id).knows(other));
  await consortium.until(() => !others.some(knows), 27_500, "they are dead");
  await consortium.start(killed);
  await consortium.untilAcquainted([...others, ...killed], 10_000);
});

/** Runs until peers that hang, their connections up, are dead for all others; how long that takes. */
async function hangMs(options: Partial<GossipOptions>): Promise<number> {
  const consortium = await acquainted(specOfA(6, { options }));
  await consortium.runFor(10_000);
  const hungMs = consortium.clock.now();
  for (const id of ["a4", "a5"])
    consortium.peer(id).hang(new Outsider(consortium, id, { say: () => undefined }));
  const isDead = (id: string, other: string) =>
    consortium.peer(id).membership.get(other as PeerId)?.state === "dead";
  const areDead = (id: string) => isDead(id, "a4") && isDead(id, "a5");
  await consortium.until(() => ["a0", "a1", "a2", "a3"].every(areDead), 60_000, "they are dead");
  return consortium.clock.now() - hungMs;
}

test("peers that hang, their connections up, are dead for all within eight seconds", async () => {
  expect(await hangMs({})).toBeLessThan(8_000);
});

test("without probes, peers that hang are dead within two expirations", async () => {
  // Their last word may have been on its way when they hung.
  expect(await hangMs({ probeIntervalMs: 1_000_000 })).toBeLessThan(2 * 27_500);
});

test("a bootstrap peer that was down at first and came by itself is not forgotten either", async () => {
  const peers = { a0: { bootstrap: ["a2"] }, a2: { bootstrap: ["a0"] }, a3: { bootstrap: ["a2"] } };
  const consortium = await Consortium.create(
    specOfA(0, { organisations: { A: peers }, options: { forgetIntervals: 20 } }),
  );
  await consortium.start(["a2", "a0", "a3"]);
  await consortium.untilAcquainted(["a0", "a2", "a3"]);
  for (const id of ["a0", "a3"]) consortium.peer(id).crash();
  await consortium.runFor(300_000);
  const left = consortium.peer("a2").membership.all();
  expect(left.map(({ peer, state }) => `${peer} ${state}`)).toEqual(["a0 dead"]);
});

test("a restarted peer's new life replaces the old one at once: nobody takes it for dead, and a replay does nothing", async () => {
  const consortium = await acquainted(specOfA(4));
  // The last of them may have met just now.
  await consortium.runFor(1);
  const old = consortium.peer("a0").membership.get(a1)!;
  consortium.peer("a1").crash();
  await consortium.start(["a1"]);
  const restartMs = consortium.clock.now() - consortium.startMs;
  const incarnation = (id: string) => consortium.peer(id).membership.get(a1)?.statement.incarnation ?? 0;
  const isNewer = () => ["a0", "a2", "a3"].every((id) => incarnation(id) > old.statement.incarnation);
  await consortium.until(isNewer, 2_000, "all know its new life");
  expect(statesOf(consortium, "a1", restartMs)).toEqual([]);
  const now = incarnation("a0");
  consortium.said.length = 0;
  consortium.peer("a2").transport.send(a0, { kind: "alive", members: [old.entry] });
  await consortium.runFor(2_000);
  expect(incarnation("a0")).toBe(now);
  expect(consortium.peer("a0").membership.get(a1)?.statement).not.toEqual(old.statement);
  const passedOn = consortium.said.filter(
    ({ from, message }) =>
      from === "a0" &&
      message.kind === "alive" &&
      message.members.some(({ alive }) => alive === old.entry.alive),
  );
  expect(passedOn).toEqual([]);
});

test("what a dead peer has said before revives it nowhere", async () => {
  const consortium = await acquainted(specOfA(4));
  await consortium.runFor(20_000);
  const { entry } = consortium.peer("a0").membership.get(a1)!;
  consortium.peer("a1").crash();
  const others = ["a0", "a2", "a3"];
  const isDead = () => others.every((id) => consortium.peer(id).membership.get(a1)?.state === "dead");
  await consortium.until(isDead, 27_500, "it is dead");
  await consortium.runFor(1);
  const sinceMs = consortium.clock.now() - consortium.startMs;
  for (let count = 0; count < 20; count++) {
    for (const to of [a0, "a3" as PeerId])
      consortium.peer("a2").transport.send(to, { kind: "alive", members: [entry] });
    await consortium.runFor(1_000);
  }
  expect(statesOf(consortium, "a1", sinceMs)).toEqual([]);
  // Nor is who passes it on to blame: it may have come that way.
  expect(consortium.peer("a0").gossip.misconduct("a2" as PeerId)).toBeUndefined();
});

test("a goodbye of an earlier life does not end the new one", async () => {
  const consortium = await acquainted(specOfA(4));
  consortium.peer("a1").leave();
  await consortium.until(
    () => consortium.peer("a0").membership.get(a1)?.state === "left",
    5_000,
    "it has left",
  );
  const { entry } = consortium.peer("a0").membership.get(a1)!;
  consortium.peer("a1").crash();
  await consortium.start(["a1"]);
  await consortium.untilAcquainted(["a0", "a1", "a2", "a3"]);
  consortium.peer("a2").transport.send(a0, { kind: "alive", members: [entry] });
  await consortium.runFor(2_000);
  expect(consortium.peer("a0").knows("a1")).toBe(true);
});
