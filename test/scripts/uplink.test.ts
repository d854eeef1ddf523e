import * as fc from "fast-check";
import { Uint8ArrayList } from "uint8arraylist";
import { expect, test } from "vitest";
import { Uplink, type Lane } from "../../scripts/bench/uplink.ts";
import { VirtualClock } from "../../node/testing/simulator/virtual-clock.ts";

/** Of floating point. */
const TOLERANCE_MS = 1e-6;

class RecordingLane implements Lane {
  readonly arrivals: { readonly atMs: number; readonly end: number }[] = [];
  readonly bytes: number[] = [];
  leftBytes = 0;
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  onLeft(byteCount: number): void {
    this.leftBytes += byteCount;
  }

  onArrived(bytes: Uint8ArrayList): void {
    this.bytes.push(...bytes.subarray());
    this.arrivals.push({ atMs: this.#clock.now(), end: this.bytes.length });
  }
}

function numbered(length: number, first = 0): Uint8ArrayList {
  return new Uint8ArrayList(Uint8Array.from({ length }, (_, index) => first + index));
}

test("bytes leave at the uplink's pace and arrive a delay later", async () => {
  const clock = new VirtualClock(0);
  const uplink = new Uplink({ bytesPerSecond: 1e6, delayMs: 50 }, clock);
  const lane = new RecordingLane(clock);
  uplink.send(lane, numbered(40_000));
  await clock.runFor(39.9);
  expect([lane.leftBytes, lane.bytes.length]).toEqual([32_768, 0]);
  await clock.runFor(0.2);
  expect([lane.leftBytes, lane.bytes.length]).toEqual([40_000, 0]);
  await clock.runFor(49.8);
  expect(lane.bytes.length).toBe(32_768);
  await clock.runFor(0.2);
  expect(lane.bytes).toEqual([...numbered(40_000).subarray()]);
});

test("lanes share the pace, first come, first served; an uplink that was idle has saved up nothing", async () => {
  const clock = new VirtualClock(0);
  const uplink = new Uplink({ bytesPerSecond: 1e6, delayMs: 10 }, clock);
  const [first, second] = [new RecordingLane(clock), new RecordingLane(clock)];
  await clock.runFor(1_000);
  uplink.send(first, numbered(10_000));
  uplink.send(second, numbered(1_000));
  await clock.runFor(4);
  uplink.send(first, numbered(10));
  await clock.runFor(100);
  expect(second.arrivals.map(({ atMs }) => atMs)).toEqual([expect.closeTo(1_021, 6)]);
  expect(first.arrivals.map(({ atMs }) => atMs)).toEqual([
    expect.closeTo(1_020, 6),
    expect.closeTo(1_021.01, 6),
  ]);
});

test("whatever is sent when, all of it arrives in order, never early, and never late while timers are right", async () => {
  const write = fc.record({
    afterMs: fc.integer({ min: 0, max: 30 }),
    lane: fc.integer({ min: 0, max: 2 }),
    bytes: fc.integer({ min: 1, max: 60_000 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(write, { maxLength: 30 }),
      fc.integer({ min: 0, max: 40 }),
      async (writes, delayMs) => {
        const clock = new VirtualClock(0);
        const uplink = new Uplink({ bytesPerSecond: 4e6, delayMs }, clock);
        const lanes = [0, 1, 2].map(() => new RecordingLane(clock));
        const sentBytes = [0, 0, 0];
        const expected: { readonly lane: number; readonly end: number; readonly dueMs: number }[] = [];
        let freeMs = 0;
        for (const { afterMs, lane, bytes } of writes) {
          await clock.runFor(afterMs);
          freeMs = Math.max(freeMs, clock.now()) + bytes / 4_000;
          uplink.send(lanes[lane]!, numbered(bytes, sentBytes[lane]!));
          sentBytes[lane]! += bytes;
          expected.push({ lane, end: sentBytes[lane]!, dueMs: freeMs + delayMs });
        }
        await clock.runFor(10_000);
        for (const [index, lane] of lanes.entries()) {
          const wanted = numbered(sentBytes[index]!).subarray();
          expect(Buffer.compare(Uint8Array.from(lane.bytes), wanted)).toBe(0);
          expect(lane.leftBytes).toBe(wanted.length);
        }
        for (const { lane, end, dueMs } of expected) {
          const arrival = lanes[lane]!.arrivals.find((candidate) => candidate.end >= end)!;
          expect(Math.abs(arrival.atMs - dueMs)).toBeLessThan(TOLERANCE_MS);
        }
      },
    ),
    { numRuns: 50 },
  );
});
