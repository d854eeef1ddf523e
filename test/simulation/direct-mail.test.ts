import { describe, expect, test } from "vitest";
import type { GossipOptions } from "../../gossip/options.ts";
import type { SimulatedPeer } from "../../node/testing/simulator/simulated-peer.ts";
import { Simulation } from "../../node/testing/simulator/simulation.ts";

/** Nothing else brings blocks to whom they were not sent. */
const MAIL_ALONE = { directMail: true, antiEntropy: false, stateTransfer: false, pushAdverts: 0 } as const;

async function started(peerCount: number, options: Partial<GossipOptions>, seed = 71): Promise<Simulation> {
  const simulation = new Simulation({ seed, peerCount, options, startKnown: true, startLinked: true });
  await simulation.start();
  await simulation.runFor(5_000);
  return simulation;
}

function setLink(simulation: Simulation, one: SimulatedPeer, isUp: boolean, others = simulation.peers): void {
  for (const other of others) if (other !== one) simulation.network[isUp ? "heal" : "cut"](one.id, other.id);
}

describe("M1: what a peer could not be sent is kept for it", () => {
  test.each([
    ["from the source alone", 1],
    ["from everybody", 5],
  ])("cut off %s, it gets all once its link is up", async (_, cutOff) => {
    const simulation = await started(5, MAIL_ALONE);
    const [source] = simulation.peers;
    const victim = simulation.peers[4]!;
    setLink(simulation, victim, false, simulation.peers.slice(0, cutOff));
    for (let count = 0; count < 20; count++) {
      await simulation.publishNext();
      await simulation.runFor(1_000);
    }
    expect(victim.height).toBe(1);
    expect(source!.gossip.mail).toMatchObject({ queued: 20, delivered: 0, dropped: 0 });
    setLink(simulation, victim, true);
    await simulation.untilHeight(21, 30_000);
    await simulation.runFor(5_000);
    expect(source!.gossip.mail).toMatchObject({ queued: 0, delivered: 20, dropped: 0 });
    expect(simulation.network.refused).toEqual({});
  });

  test("it is tried after one second, and after twice as long each time, up to half a minute", async () => {
    const simulation = await started(5, MAIL_ALONE);
    const [source] = simulation.peers;
    setLink(simulation, simulation.peers[4]!, false);
    await simulation.publishNext();
    const triesMs: number[] = [];
    const startMs = simulation.elapsedMs;
    while (simulation.elapsedMs < startMs + 95_000) {
      const before = source!.gossip.mail.retried;
      await simulation.runFor(100);
      if (source!.gossip.mail.retried > before) triesMs.push(simulation.elapsedMs - startMs);
    }
    const expected = [1, 3, 7, 15, 31, 61, 91].map((seconds) => 1_000 * seconds);
    expect(triesMs.length).toBe(expected.length);
    for (const [index, ms] of triesMs.entries()) expect(Math.abs(ms - expected[index]!)).toBeLessThan(200);
  });

  test("a peer that was down is sent what it missed as soon as it is back, and nothing twice", async () => {
    const simulation = await started(5, MAIL_ALONE);
    const victim = simulation.peers[4]!;
    victim.crash();
    for (let count = 0; count < 30; count++) {
      await simulation.publishNext();
      await simulation.runFor(1_000);
    }
    await simulation.restart(victim);
    await simulation.untilHeight(31, 30_000);
    await simulation.runFor(60_000);
    const twice = simulation.events.filter(({ event }) => event.kind === "block-received" && event.duplicate);
    expect(twice).toEqual([]);
  });
});

describe("M2: a queue that is full", () => {
  const MAX = 16;
  const MORE = 9;

  async function overflowing(options: Partial<GossipOptions>): Promise<Simulation> {
    const simulation = await started(5, { ...MAIL_ALONE, mailBlocksMax: MAX, ...options });
    setLink(simulation, simulation.peers[4]!, false);
    for (let count = 0; count < MAX + MORE; count++) {
      await simulation.publishNext();
      await simulation.runFor(1_000);
    }
    expect(simulation.peers[0]!.gossip.mail).toMatchObject({ queued: MAX, dropped: MORE });
    return simulation;
  }

  test("drops exactly what is too much, says so once, and the receiver is stuck where the mail ends", async () => {
    const simulation = await overflowing({});
    setLink(simulation, simulation.peers[4]!, true);
    await simulation.runFor(120_000);
    expect(simulation.peers.map(({ height }) => height)).toEqual([26, 26, 26, 26, 1 + MAX]);
    expect(simulation.peers[0]!.gossip.mail).toMatchObject({ queued: 0, delivered: MAX, dropped: MORE });
    const said = simulation.events.filter(({ event }) => event.kind === "mail-dropped");
    expect(said.map(({ event }) => event)).toEqual([
      expect.objectContaining({ peer: simulation.peers[4]!.id, number: MAX + 1 }),
    ]);
  });

  test("is made up for by anti-entropy", async () => {
    const simulation = await overflowing({ antiEntropy: true });
    setLink(simulation, simulation.peers[4]!, true);
    await simulation.untilHeight(1 + MAX + MORE, 30_000);
  });
});

test("large backlogs are sent a bounded part at a time, the next when the receiver has got on", async () => {
  const simulation = await started(5, { ...MAIL_ALONE, pushDirectBytesMax: 1 << 20 });
  const victim = simulation.peers[4]!;
  setLink(simulation, victim, false);
  const blockBytes = 200_000;
  for (let count = 0; count < 30; count++) {
    await simulation.publishNext(blockBytes);
    await simulation.runFor(1_000);
  }
  let inARow = 0;
  let most = 0;
  simulation.network.wiretap = (from, to, { kind }) => {
    if (to === victim.id && kind === "block") most = Math.max(most, ++inARow);
    if (from === victim.id && (kind === "advert" || kind === "state-info")) inARow = 0;
  };
  setLink(simulation, victim, true);
  await simulation.untilHeight(31, 10_000);
  expect(most).toBeLessThanOrEqual(Math.floor((1 << 20) / blockBytes));
});

test("what waits for a peer that says goodbye is counted as dropped", async () => {
  const simulation = await started(5, MAIL_ALONE);
  const [source] = simulation.peers;
  const victim = simulation.peers[4]!;
  simulation.network.cut(source!.id, victim.id);
  await simulation.publishNext();
  await simulation.runFor(2_000);
  expect(source!.gossip.mail).toMatchObject({ queued: 1 });
  victim.leave();
  await simulation.runFor(5_000);
  expect(source!.gossip.mail).toMatchObject({ queued: 0, delivered: 0, dropped: 1 });
});

describe("M3: mail, push and anti-entropy, each alone and all together", () => {
  const OFF = { directMail: false, push: false, antiEntropy: false, stateTransfer: false } as const;
  const LAYERS = {
    mail: { ...OFF, directMail: true },
    push: { ...OFF, push: true },
    "anti-entropy": { ...OFF, antiEntropy: true },
    all: { ...OFF, directMail: true, push: true, antiEntropy: true },
  } satisfies Record<string, Partial<GossipOptions>>;
  const WEATHERS = ["static", "churn"] as const;
  const PEERS = 16;
  const BLOCKS = 12;
  const BLOCK_BYTES = 20_000;

  /** What has become of the blocks at those that are there at the end. */
  async function measure(options: Partial<GossipOptions>, weather: (typeof WEATHERS)[number]) {
    const simulation = await started(PEERS, options, 77);
    const { traffic } = simulation.network;
    const published = new Map<number, number>();
    const before = traffic.bytes();
    for (let number = 1; number <= BLOCKS; number++) {
      published.set(number, simulation.elapsedMs);
      if (weather === "churn") await churn(simulation, number);
      await simulation.publishNext(BLOCK_BYTES);
      await simulation.runFor(2_000);
    }
    for (const peer of simulation.peers) if (!peer.isUp) await simulation.restart(peer);
    await simulation.runFor(30_000);
    const heights = simulation.peers.slice(1).map(({ height }) => height - 1);
    const delays = simulation.events
      .filter(({ peer }) => peer !== simulation.peers[0]!.id)
      .flatMap(({ event, atMs }) =>
        event.kind === "block-committed" ? [atMs - published.get(event.number)!] : [],
      )
      .sort((a, b) => a - b);
    return {
      delivered: heights.reduce((sum, height) => sum + height) / (BLOCKS * (PEERS - 1)),
      medianMs: delays[delays.length >> 1] ?? Infinity,
      copies: (traffic.bytes() - before) / (BLOCKS * (PEERS - 1) * BLOCK_BYTES),
    };
  }

  /** With each block another peer goes, and one that went three blocks ago is back. */
  async function churn(simulation: Simulation, number: number): Promise<void> {
    const of = (turn: number) => simulation.peers[1 + (turn % (PEERS - 1))]!;
    of(number).crash();
    if (number > 3) await simulation.restart(of(number - 3));
  }

  test("each has its strength, and together they have all of them", { timeout: 300_000 }, async () => {
    const table = new Map<string, Awaited<ReturnType<typeof measure>>>();
    for (const weather of WEATHERS)
      for (const [name, options] of Object.entries(LAYERS))
        table.set(`${name} ${weather}`, await measure(options, weather));
    for (const [name, { delivered, medianMs, copies }] of table)
      console.log(
        `${name.padEnd(20)} ${(100 * delivered).toFixed(1).padStart(6)} %` +
          ` ${medianMs.toFixed(0).padStart(6)} ms ${copies.toFixed(2).padStart(6)} copies`,
      );
    const of = (name: string) => table.get(name)!;
    for (const [name, { delivered }] of table)
      if (name === "push churn") expect(delivered).toBeLessThan(0.9);
      else expect(delivered).toBe(1);
    for (const weather of WEATHERS) {
      const [mail, push, entropy, all] = ["mail", "push", "anti-entropy", "all"].map((name) =>
        of(`${name} ${weather}`),
      );
      for (const fast of [mail!, push!, all!]) expect(10 * fast.medianMs).toBeLessThan(entropy!.medianMs);
      // All together cost a quarter more than the dearest alone, since what is mended is mended by whoever comes first.
      const dearest = Math.max(mail!.copies, push!.copies, entropy!.copies);
      expect(all!.copies).toBeLessThan(1.25 * dearest);
    }
  });
});
