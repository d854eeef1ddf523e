import { expect, test } from "vitest";
import { ChainError } from "../../chain/errors.ts";
import { Conduct, type Misconduct } from "../../gossip/door/conduct.ts";
import { GossipError, type GossipErrorCode } from "../../gossip/errors.ts";
import { gossipOptions, type GossipOptions } from "../../gossip/options.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { VirtualClock } from "../../node/testing/simulator/virtual-clock.ts";

const [liar, other] = ["liar", "other"] as PeerId[] as [PeerId, PeerId];
const LIE = new GossipError("BAD_SIGNATURE", "it was not signed");

function conductUnderTest(options: Partial<GossipOptions> = {}) {
  const clock = new VirtualClock(1_000);
  const caught: Misconduct[] = [];
  const conduct = new Conduct({
    clock,
    options: gossipOptions({ liesMax: 3, liesForgivenMs: 10_000, cutOffMs: 60_000, ...options }),
    onLie: (_peer, misconduct) => caught.push(misconduct),
  });
  const lie = (times = 1) => {
    for (let count = 0; count < times; count++) conduct.note(liar, LIE);
  };
  return { clock, conduct, caught, lie };
}

test("a peer is cut off at its third lie, and nobody else with it", () => {
  const { conduct, caught, lie } = conductUnderTest();
  lie(2);
  expect(conduct.isCutOff(liar)).toBe(false);
  lie();
  expect(conduct.isCutOff(liar)).toBe(true);
  expect(conduct.isCutOff(other)).toBe(false);
  expect(conduct.of(other)).toBeUndefined();
  expect(caught.map(({ lies }) => lies)).toEqual([1, 2, 3]);
  expect(conduct.of(liar)).toMatchObject({ lies: 3, code: "BAD_SIGNATURE", cutOffUntilMs: 61_000 });
});

test("lies that are long ago do not add up, and are held against nobody", async () => {
  const { clock, conduct, caught, lie } = conductUnderTest();
  for (let count = 0; count < 10; count++) {
    lie();
    await clock.runFor(5_000);
  }
  expect(conduct.isCutOff(liar)).toBe(false);
  expect(Math.max(...caught.map(({ lies }) => lies))).toBe(2);
  await clock.runFor(5_000);
  expect(conduct.of(liar)).toBeUndefined();
});

test("a peer is cut off twice as long each time, up to a day, and may come back between", async () => {
  const { clock, conduct, lie } = conductUnderTest({ cutOffMs: 8 * 3_600_000 });
  const hours: number[] = [];
  for (let time = 0; time < 4; time++) {
    lie(3);
    const startMs = clock.now();
    while (conduct.isCutOff(liar)) await clock.runFor(3_600_000);
    hours.push((clock.now() - startMs) / 3_600_000);
  }
  expect(hours).toEqual([8, 16, 24, 24]);
});

test("lies during the time do not lengthen it; what is left of them counts afterwards", async () => {
  const { clock, conduct, lie } = conductUnderTest({ cutOffMs: 5_000 });
  lie(3);
  await clock.runFor(4_000);
  lie(4);
  await clock.runFor(1_000);
  expect(conduct.isCutOff(liar)).toBe(false);
  lie();
  expect(conduct.isCutOff(liar)).toBe(true);
});

test("when the time is over, nothing says any more until when it was", async () => {
  const { clock, conduct, lie } = conductUnderTest({ cutOffMs: 1_000 });
  lie(3);
  expect(conduct.of(liar)?.cutOffUntilMs).toBe(clock.now() + 1_000);
  await clock.runFor(1_000);
  expect(conduct.of(liar)).toMatchObject({ lies: 3, cutOffUntilMs: undefined });
  lie();
  expect(conduct.of(liar)).toMatchObject({ lies: 1, cutOffUntilMs: undefined });
});

test.each([
  new GossipError("NOT_A_MEMBER", "not yet known there"),
  new GossipError("UNSOLICITED", "an answer that comes late"),
  new GossipError("EXPIRED_CERTIFICATE", "its own clock is behind"),
  new GossipError("UNKNOWN_ORGANISATION", "it has not seen the configuration"),
  new GossipError("CLOCK_AHEAD", "its clock, or its neighbour's"),
  new GossipError("UNREACHABLE", "weather"),
  new ChainError("SUPERSEDED_CONFIG", "it has not seen the configuration"),
  new Error("a bug of ours"),
  "no error at all",
])("what an honest peer may come to is no lie: %s", (error) => {
  const { conduct, caught } = conductUnderTest({ liesMax: 1 });
  conduct.note(liar, error);
  expect(caught).toEqual([]);
  expect(conduct.of(liar)).toBeUndefined();
});

test("with a limit of one the first lie is enough", () => {
  const { conduct } = conductUnderTest({ liesMax: 1 });
  conduct.note(liar, new ChainError("UNSATISFIED_POLICY", "not signed by the orderers"));
  expect(conduct.isCutOff(liar)).toBe(true);
});

test("of thousands of liars the latest are remembered", () => {
  const { conduct } = conductUnderTest({ liesMax: 1 });
  const peer = (index: number) => `liar-${index}` as PeerId;
  for (let index = 0; index <= 4_096; index++) conduct.note(peer(index), LIE);
  expect(conduct.of(peer(0))).toBeUndefined();
  expect(conduct.isCutOff(peer(1))).toBe(true);
  expect(conduct.isCutOff(peer(4_096))).toBe(true);
});

test("what is no lie is not held against anybody", () => {
  const { conduct, caught } = conductUnderTest({ liesMax: 1 });
  const honest: readonly GossipErrorCode[] = [
    "NOT_A_MEMBER",
    "UNSOLICITED",
    "FRAME_TOO_LARGE",
    "EXCESSIVE_SPREAD",
    "CLOCK_AHEAD",
    "NOT_HELD",
    "UNREACHABLE",
    "TIMED_OUT",
    "TURNED_AWAY",
    "CUT_OFF",
    "EXPIRED_CERTIFICATE",
    "UNKNOWN_ORGANISATION",
  ];
  for (const code of honest) conduct.note(liar, new GossipError(code, "not a lie"));
  for (const code of ["BROKEN_LINK", "SUPERSEDED_CONFIG", "BLOCK_TOO_LARGE", "LEDGER_CORRUPT"] as const)
    conduct.note(liar, new ChainError(code, "not a lie"));
  conduct.note(liar, new Error("something else"));
  expect(caught).toEqual([]);
  expect(conduct.of(liar)).toBeUndefined();
});
