import { expect, test } from "vitest";
import { ChainError } from "../../chain/errors.ts";
import { Conduct, type Misconduct } from "../../gossip/conduct.ts";
import { GossipError, type GossipErrorCode } from "../../gossip/errors.ts";
import { gossipOptions } from "../../gossip/options.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { VirtualClock } from "../simulator/virtual-clock.ts";

const PEER = "peer" as PeerId;
const DAY_MS = 24 * 60 * 60 * 1_000;

function conductUnderTest() {
  const clock = new VirtualClock();
  const told: Misconduct[] = [];
  const options = gossipOptions({ liesMax: 3, liesForgivenMs: 10_000, cutOffMs: 1_000 });
  const conduct = new Conduct({ clock, options, onLie: (_peer, misconduct) => told.push(misconduct) });
  const lie = (code: GossipErrorCode = "BAD_CHUNK") => conduct.note(PEER, new GossipError(code, "a lie"));
  return { clock, conduct, told, lie };
}

test("a peer is cut off at the last of the lies that it may tell, and not before", () => {
  const { conduct, told, lie } = conductUnderTest();
  lie();
  lie("BAD_SIGNATURE");
  expect(conduct.isCutOff(PEER)).toBe(false);
  expect(conduct.of(PEER)).toMatchObject({ lies: 2, code: "BAD_SIGNATURE", cutOffUntilMs: undefined });
  lie();
  expect(conduct.isCutOff(PEER)).toBe(true);
  expect(told.map(({ lies }) => lies)).toEqual([1, 2, 3]);
});

test("what is no lie is not held against anybody", () => {
  const { conduct, told, lie } = conductUnderTest();
  const honest: readonly GossipErrorCode[] = [
    "NOT_A_MEMBER",
    "UNSOLICITED",
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
  for (const code of honest) lie(code);
  for (const code of ["BROKEN_LINK", "SUPERSEDED_CONFIG", "BLOCK_TOO_LARGE", "LEDGER_CORRUPT"] as const)
    conduct.note(PEER, new ChainError(code, "not a lie"));
  conduct.note(PEER, new Error("something else"));
  expect(told).toEqual([]);
  expect(conduct.of(PEER)).toBeUndefined();
});

test("lies are forgiven after their time, each by itself", async () => {
  const { clock, conduct, lie } = conductUnderTest();
  lie();
  await clock.runFor(6_000);
  lie();
  await clock.runFor(6_000);
  lie();
  // The first has been forgiven.
  expect(conduct.isCutOff(PEER)).toBe(false);
  expect(conduct.of(PEER)?.lies).toBe(2);
  await clock.runFor(10_000);
  expect(conduct.of(PEER)).toBeUndefined();
});

test("each time a peer is cut off for twice as long, up to a day", async () => {
  const { clock, conduct, lie } = conductUnderTest();
  const times: number[] = [];
  for (let count = 0; count < 20; count++) {
    for (let lies = 0; lies < 3; lies++) lie();
    times.push(conduct.of(PEER)!.cutOffUntilMs! - clock.now());
    await clock.runFor(times.at(-1)! - 1);
    expect(conduct.isCutOff(PEER)).toBe(true);
    await clock.runFor(1);
    expect(conduct.isCutOff(PEER)).toBe(false);
  }
  expect(times.slice(0, 4)).toEqual([1_000, 2_000, 4_000, 8_000]);
  expect(Math.max(...times)).toBe(DAY_MS);
});
