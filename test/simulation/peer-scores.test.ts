import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { PeerId } from "../../gossip/ports.ts";
import type { SimulatedPeer } from "../../node/testing/simulator/simulated-peer.ts";
import { Simulation } from "../../node/testing/simulator/simulation.ts";

interface Conditions {
  readonly seed: number;
  readonly peerCount: number;
  readonly silentShare: number;
  readonly lossRate: number;
  readonly latencyMs: number;
  /** Undefined: all are linked to all. */
  readonly neighboursMax: number | undefined;
  readonly pushAdverts: number;
  readonly isChunked: boolean;
  readonly blockBytes: number;
}

const conditions: fc.Arbitrary<Conditions> = fc.record({
  seed: fc.nat(1_000_000),
  peerCount: fc.integer({ min: 5, max: 40 }),
  silentShare: fc.constantFrom(0, 0.2, 0.35, 0.5),
  lossRate: fc.constantFrom(0, 0.02, 0.1),
  latencyMs: fc.constantFrom(1, 50),
  neighboursMax: fc.option(fc.integer({ min: 4, max: 30 }), { nil: undefined }),
  pushAdverts: fc.integer({ min: 1, max: 6 }),
  isChunked: fc.boolean(),
  blockBytes: fc.integer({ min: 2_000, max: 60_000 }),
});

const BLOCKS = 24;

/** For each peer, in how many blocks it was given something to pass on by their first peer. */
async function spread(run: Conditions) {
  const simulation = new Simulation({
    seed: run.seed,
    peerCount: run.peerCount,
    startKnown: true,
    startLinked: true,
    weather: { latencyMs: run.latencyMs, jitterMs: 1, lossRate: run.lossRate, bytesPerSecond: 12_500_000 },
    options: {
      pushAdverts: run.pushAdverts,
      neighboursMax: run.neighboursMax ?? 100,
      chunks: run.isChunked,
      chunkBlockBytesMin: 1,
      pushDirectBytesMax: 1,
      // It tells heights and has no part in this.
      stateTransfer: false,
    },
  });
  const [source, ...others] = simulation.peers as [SimulatedPeer, ...SimulatedPeer[]];
  const silent = others.slice(0, Math.floor(run.silentShare * others.length));
  for (const peer of silent) peer.isSilent = true;
  await simulation.start();
  const given = new Map<PeerId, number>();
  let now = new Set<PeerId>();
  simulation.network.wiretap = (from, to, message) => {
    if (from === source.id && (message.kind === "block" || message.kind === "chunk"))
      if (message.spread.step !== "none") now.add(to);
  };
  for (let count = 0; count < BLOCKS; count++) {
    now = new Set();
    await simulation.publishNext(run.blockBytes);
    await simulation.runFor(2_500);
    for (const peer of now) given.set(peer, (given.get(peer) ?? 0) + 1);
  }
  return { simulation, source, given, silent, honest: others.slice(silent.length) };
}

test(
  "whoever never passes anything on is given something to pass on ten times at most, and without loss nobody else is doubted",
  { timeout: 600_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(conditions, async (run) => {
        const { simulation, source, given, silent, honest } = await spread(run);
        const { scores } = source.gossip.view;
        for (const { id } of silent) expect(given.get(id) ?? 0).toBeLessThanOrEqual(10);
        for (const { id } of honest) {
          const untilMs = scores.demotedUntilMs(id, "relay") ?? 0;
          // Who is doubted for what the network has lost is tried again soon.
          if (run.lossRate === 0) expect(untilMs).toBe(0);
          else expect(untilMs - simulation.clock.now()).toBeLessThanOrEqual(600_000);
        }
      }),
      { numRuns: 8, seed: 1 },
    );
  },
);

test.each([false, true])(
  "in a grid that stays the same, silent relays are found out within a few blocks; in chunks: %s",
  async (isChunked) => {
    const run = { seed: 5, peerCount: 14, silentShare: 0.35, lossRate: 0, latencyMs: 50, pushAdverts: 4 };
    const { given, silent, honest } = await spread({
      ...run,
      neighboursMax: 6,
      isChunked,
      blockBytes: 40_000,
    });
    const times = silent.map(({ id }) => given.get(id) ?? 0);
    // Those that can relay at all, from where the source stands.
    expect(Math.max(...times)).toBeGreaterThan(0);
    expect(Math.max(...times)).toBeLessThanOrEqual(3);
    expect(Math.max(...honest.map(({ id }) => given.get(id) ?? 0))).toBe(BLOCKS);
  },
);
