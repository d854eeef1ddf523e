import { expect, test } from "vitest";
import type { LogicalTime } from "../../gossip/wire/statements.ts";
import { Liar } from "../simulator/liar.ts";
import type { SimulatedPeer } from "../../node/testing/simulator/simulated-peer.ts";
import { Simulation, type SimulationOptions } from "../../node/testing/simulator/simulation.ts";
import type { PeerId } from "../../gossip/ports.ts";

/** Peers that have known each other for long. */
async function running(options: SimulationOptions): Promise<Simulation> {
  const simulation = new Simulation({ startKnown: true, startLinked: true, ...options });
  await simulation.start();
  simulation.events.length = 0;
  return simulation;
}

async function withLiars(simulation: Simulation, count: number): Promise<readonly Liar[]> {
  const liars = Array.from({ length: count }, (_, index) => new Liar(simulation, `liar-${index}`));
  for (const liar of liars) await liar.join();
  return liars;
}

/** What peers have taken honest others for, each "who: whom state". */
function verdicts({ events }: Simulation, states: readonly string[]): readonly string[] {
  return events.flatMap(({ peer, event }) =>
    event.kind === "member" && event.peer.startsWith("peer-") && states.includes(event.state)
      ? [`${peer}: ${event.peer} ${event.state}`]
      : [],
  );
}

function timeOf(observer: SimulatedPeer, { id }: { readonly id: PeerId }): LogicalTime {
  const { incarnation, sequence } = observer.membership.get(id)!.statement;
  return { incarnation, sequence };
}

/** Has each liar accuse every peer of the latest that is known of it, again and again. */
function accuseAll(simulation: Simulation, liars: readonly Liar[], everyMs: number): void {
  const again = () => {
    const [first, second] = simulation.peers as [SimulatedPeer, SimulatedPeer];
    for (const liar of liars) {
      const statements = simulation.peers.map((peer) => {
        const time = timeOf(peer === first ? second : first, peer);
        return liar.sign({ kind: "accusation", peer: liar.id, accused: peer.id, ...time });
      });
      liar.tellAll({ kind: "accusations", statements });
    }
    simulation.clock.schedule(everyMs, again);
  };
  again();
}

test("two peers whose link is cut are neither dead nor suspect for anybody, themselves included", async () => {
  for (let seed = 1; seed <= 60; seed++) {
    const simulation = await running({ seed, peerCount: 5 + (seed % 6) });
    const [a, , , c] = simulation.peers as SimulatedPeer[] as [SimulatedPeer, never, never, SimulatedPeer];
    simulation.network.cut(a.id, c.id);
    await simulation.runFor(20_000);
    expect(verdicts(simulation, ["dead", "suspect"]), `seed ${seed}`).toEqual([]);
    expect(a.membership.get(c.id)?.isReachable).toBe(false);
  }
});

test("a liar that accuses everybody all the time kills nobody, and is not heeded for long", async () => {
  const simulation = await running({ seed: 2, peerCount: 10 });
  const liars = await withLiars(simulation, 1);
  accuseAll(simulation, liars, 200);
  await simulation.runFor(20_000);
  simulation.events.length = 0;
  const before = simulation.network.traffic.byKind().get("accusations")?.messages ?? 0;
  await simulation.runFor(20_000);
  expect(verdicts(simulation, ["dead", "suspect"])).toEqual([]);
  // Nothing but what the liar itself says: a message to each each time.
  const said = (simulation.network.traffic.byKind().get("accusations")?.messages ?? 0) - before;
  expect(said).toBeLessThanOrEqual(101 * 10);
});

test("four liars of a hundred that accuse everybody kill nobody", async () => {
  const simulation = await running({ seed: 3, peerCount: 96 });
  accuseAll(simulation, await withLiars(simulation, 4), 1_000);
  await simulation.runFor(15_000);
  expect(verdicts(simulation, ["dead"])).toEqual([]);
});

test.each([
  { count: 2, dead: true },
  { count: 3, dead: true },
  { count: 4, dead: true },
  { count: 5, dead: true },
])("of $count peers one that crashes is dead for all others within ten seconds", async ({ count }) => {
  const simulation = await running({ seed: 4, peerCount: count });
  const [victim, ...others] = simulation.peers as [SimulatedPeer, ...SimulatedPeer[]];
  await simulation.runFor(2_000);
  victim.crash();
  const isDead = () => others.every(({ membership }) => membership.get(victim.id)?.state === "dead");
  await simulation.until(isDead, 10_000, "it is dead");
});

test("an accusation is refuted before all: nobody suspects the accused a second later", async () => {
  const simulation = await running({ seed: 6, peerCount: 30 });
  const [liar] = (await withLiars(simulation, 1)) as [Liar];
  await simulation.runFor(3_000);
  const [accused, ...others] = simulation.peers as [SimulatedPeer, ...SimulatedPeer[]];
  const time = timeOf(others[0]!, accused);
  const word = liar.sign({ kind: "accusation", peer: liar.id, accused: accused.id, ...time });
  liar.tellAll({ kind: "accusations", statements: [word] });
  const isLater = () => others.every((peer) => timeOf(peer, accused).sequence > time.sequence);
  await simulation.until(isLater, 4_000, "all have heard the refutation");
  simulation.events.length = 0;
  // Replayed, it is nothing to anybody.
  liar.tellAll({ kind: "accusations", statements: [word] });
  const { sequence } = timeOf(others[0]!, accused);
  await simulation.runFor(1_000);
  expect(verdicts(simulation, ["suspect", "dead"])).toEqual([]);
  expect(timeOf(others[0]!, accused).sequence).toBeLessThanOrEqual(sequence + 1);
});

test("accusations of another life, of a far future, of oneself and in another's name change nothing", async () => {
  const simulation = await running({ seed: 7, peerCount: 10 });
  const [liar] = (await withLiars(simulation, 1)) as [Liar];
  const [accused, other] = simulation.peers as [SimulatedPeer, SimulatedPeer];
  const time = timeOf(other, accused);
  const by = (peer: PeerId, changes: Partial<LogicalTime> & { readonly accused?: PeerId }) =>
    liar.sign({ kind: "accusation", peer, accused: accused.id, ...time, ...changes });
  const words = [
    by(liar.id, { incarnation: time.incarnation + 1 }),
    by(liar.id, { incarnation: time.incarnation - 1 }),
    by(liar.id, { sequence: time.sequence + 1_100 }),
    by(liar.id, { accused: liar.id, incarnation: timeOf(other, liar).incarnation }),
    by(liar.id, { accused: "nobody" as PeerId }),
  ];
  liar.tellAll({ kind: "accusations", statements: words });
  await simulation.runFor(3_000);
  expect(verdicts(simulation, ["suspect", "dead"])).toEqual([]);
  expect(timeOf(other, accused).sequence).toBeLessThan(time.sequence + 5);
  expect(simulation.network.refused).toEqual({});
  liar.tellAll({ kind: "accusations", statements: [by(other.id, {})] });
  await simulation.runFor(3_000);
  expect(verdicts(simulation, ["suspect", "dead"])).toEqual([]);
  // All but the one in whose name it is, who knows what it has said itself.
  expect(simulation.network.refused).toEqual({ BAD_SIGNATURE: 9 });
});

test("an accusation of a time to come is refuted by a later one, which comes to all within a second", async () => {
  for (let seed = 1; seed <= 3; seed++) {
    const simulation = await running({ seed, peerCount: 10 });
    const [liar] = (await withLiars(simulation, 1)) as [Liar];
    const [accused, ...others] = simulation.peers as [SimulatedPeer, ...SimulatedPeer[]];
    const { incarnation, sequence } = timeOf(others[0]!, accused);
    const word = { kind: "accusation", peer: liar.id, accused: accused.id, incarnation } as const;
    liar.tellAll({ kind: "accusations", statements: [liar.sign({ ...word, sequence: sequence + 900 })] });
    const isLater = () => others.every((peer) => timeOf(peer, accused).sequence > sequence + 900);
    await simulation.until(isLater, 1_000, "it has gone beyond that");
  }
});

test("a flood of accusations is passed on once, and no more is kept of it than there is room for", async () => {
  const simulation = await running({ seed: 9, peerCount: 20 });
  const [liar] = (await withLiars(simulation, 1)) as [Liar];
  await simulation.runFor(5_000);
  const { traffic } = simulation.network;
  const sentBefore = traffic.bytes() - traffic.of(liar.id).bytes;
  await simulation.runFor(30_000);
  const idle = traffic.bytes() - traffic.of(liar.id).bytes - sentBefore;
  const [said, sent] = [traffic.of(liar.id).bytes, traffic.bytes() - traffic.of(liar.id).bytes];
  accuseAll(simulation, [liar], 50);
  await simulation.runFor(30_000);
  const saidBytes = traffic.of(liar.id).bytes - said;
  const gain = (traffic.bytes() - traffic.of(liar.id).bytes - sent - idle) / saidBytes;
  console.log(`bytes said by honest peers for each of a flood of accusations: ${gain.toFixed(2)}`);
  expect(gain).toBeLessThan(0.2);
  for (const peer of simulation.peers)
    for (const { id } of simulation.peers) expect(peer.accusers(id).length).toBeLessThanOrEqual(1);
});

test("a peer that wakes from a pause takes nobody for dead, and is alive again for all within two seconds", async () => {
  for (let seed = 1; seed <= 6; seed++) {
    const simulation = await running({ seed, peerCount: 12 });
    await simulation.runFor(3_000);
    const [still, ...others] = simulation.peers as [SimulatedPeer, ...SimulatedPeer[]];
    simulation.pause(still, 30_000 + 100 * seed);
    await simulation.runFor(29_000 + 100 * seed);
    expect(others.every((peer) => peer.membership.get(still.id)?.state === "dead")).toBe(true);
    simulation.events.length = 0;
    await simulation.runFor(1_000);
    await simulation.until(
      () => others.every((peer) => peer.membership.isAlive(still.id)),
      2_000,
      "it is alive again for all",
    );
    await simulation.runFor(10_000);
    expect(verdicts(simulation, ["dead"]), `seed ${seed}`).toEqual([]);
  }
});

test("a short pause, with pings and their helpers' answers in it, makes nobody accuse anybody", async () => {
  const simulation = await running({ seed: 11, peerCount: 12 });
  const [still, ...others] = simulation.peers as [SimulatedPeer, ...SimulatedPeer[]];
  for (let count = 0; count < 30; count++) {
    simulation.pause(still, 1_000 + 60 * count);
    await simulation.runFor(8_000);
  }
  const by = simulation.events.filter(({ peer }) => peer === still.id);
  expect(verdicts({ ...simulation, events: by } as Simulation, ["suspect", "dead"])).toEqual([]);
  expect(others.every((peer) => peer.membership.isAlive(still.id))).toBe(true);
});

test("who says goodbye is not accused, and whoever starts anew before it was missed dies nowhere", async () => {
  const simulation = await running({ seed: 12, peerCount: 10 });
  const [leaver, restarted] = simulation.peers as [SimulatedPeer, SimulatedPeer];
  leaver.leave();
  await simulation.runFor(500);
  leaver.crash();
  restarted.crash();
  await simulation.runFor(200);
  await simulation.restart(restarted);
  await simulation.runFor(20_000);
  expect(verdicts(simulation, ["dead"])).toEqual([]);
  expect(verdicts(simulation, ["suspect"]).filter((verdict) => verdict.includes(leaver.id))).toEqual([]);
});

test("a dead peer that comes back is alive for all, and the old accusations do not touch its new life", async () => {
  const simulation = await running({ seed: 13, peerCount: 10 });
  const [victim, ...others] = simulation.peers as [SimulatedPeer, ...SimulatedPeer[]];
  victim.crash();
  const areAll = (state: string) => () =>
    others.every(({ membership }) => membership.get(victim.id)?.state === state);
  await simulation.until(areAll("dead"), 10_000, "it is dead");
  simulation.events.length = 0;
  await simulation.restart(victim);
  await simulation.until(areAll("alive"), 3_000, "it is alive");
  await simulation.runFor(20_000);
  expect(verdicts(simulation, ["dead", "suspect"])).toEqual([]);
});

test("two halves that each have a seed are one again within ten seconds of a partition's end", async () => {
  for (let seed = 1; seed <= 5; seed++) {
    const simulation = await running({ seed, peerCount: 16, bootstrapCount: 2 });
    const { peers, network } = simulation;
    const isLeft = (_: SimulatedPeer, index: number) => index % 2 === 0;
    const [left, right] = [peers.filter(isLeft), peers.filter((peer, index) => !isLeft(peer, index))];
    for (const a of left) for (const b of right) network.cut(a.id, b.id);
    await simulation.runFor(30_000);
    expect(left.every((a) => right.every((b) => a.membership.get(b.id)?.state === "dead"))).toBe(true);
    network.healAll();
    const areOne = () => peers.every((a) => peers.every((b) => a === b || a.membership.isAlive(b.id)));
    await simulation.until(areOne, 10_000, `seed ${seed}: all are one`);
  }
});
