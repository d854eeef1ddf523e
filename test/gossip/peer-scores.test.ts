import * as fc from "fast-check";
import { expect, test } from "vitest";
import { PeerScores, RELAY_BROKEN_MIN, type Duty } from "../../gossip/channel/peer-scores.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { VirtualClock } from "../../node/testing/simulator/virtual-clock.ts";

const peers = ["a", "b", "c", "d"] as PeerId[];
const [a, b] = peers as [PeerId, PeerId];
const LIMITS = { penaltyMs: 1_000, penaltyMsMax: 4_000 };

function scoresUnderTest() {
  const clock = new VirtualClock(0);
  const scores = new PeerScores(clock, LIMITS);
  const pauseMs = (duty: Duty) => (scores.demotedUntilMs(a, duty) ?? clock.now()) - clock.now();
  return { clock, scores, pauseMs };
}

test("each duty is lost by its own broken promises alone", () => {
  const { scores } = scoresUnderTest();
  scores.broken(a, "source");
  expect(scores.isTrusted(a, "source")).toBe(false);
  expect(scores.isTrusted(a, "digest") && scores.isTrusted(a, "relay")).toBe(true);
  expect(scores.demotions(a)).toEqual({ source: 1_000 });
  expect(scores.demotions(b)).toEqual({});
});

test("a relay is left alone for ten minutes after two broken promises, or one that is certain", () => {
  const { scores, pauseMs } = scoresUnderTest();
  scores.broken(a, "relay");
  expect(scores.isTrusted(a, "relay")).toBe(true);
  scores.broken(a, "relay");
  expect(pauseMs("relay")).toBe(600_000);
  scores.broken(b, "relay", RELAY_BROKEN_MIN);
  expect(scores.trusted(peers, "relay")).toEqual(["c", "d"]);
});

test("a promise that was kept makes up for one that was broken", () => {
  const { scores } = scoresUnderTest();
  for (let count = 0; count < 100; count++) {
    scores.broken(a, "relay");
    scores.kept(a, "relay");
  }
  expect(scores.isTrusted(a, "relay")).toBe(true);
});

test("a relay that is tried again in vain is left alone twice as long, up to a day", async () => {
  const { clock, scores, pauseMs } = scoresUnderTest();
  scores.broken(a, "relay", RELAY_BROKEN_MIN);
  const minutes: number[] = [];
  for (let count = 0; count < 10; count++) {
    minutes.push(pauseMs("relay") / 60_000);
    await clock.runFor(pauseMs("relay"));
    expect(scores.isTrusted(a, "relay")).toBe(true);
    scores.broken(a, "relay");
  }
  expect(minutes).toEqual([10, 20, 40, 80, 160, 320, 640, 1_280, 1_440, 1_440]);
});

test("what a relay does while it is left alone does not shorten that; a source that delivers is one again at once", () => {
  const { scores, pauseMs } = scoresUnderTest();
  scores.broken(a, "relay", RELAY_BROKEN_MIN);
  scores.broken(a, "source");
  for (const duty of ["relay", "source"] as const) scores.kept(a, duty);
  expect([pauseMs("relay"), pauseMs("source")]).toEqual([600_000, 0]);
});

test("where more than three in four have failed, all are relied on: it is rather our own link", () => {
  const { scores } = scoresUnderTest();
  for (const peer of peers.slice(0, 3)) scores.broken(peer, "relay", RELAY_BROKEN_MIN);
  expect(scores.trusted(peers, "relay")).toEqual(["d"]);
  scores.broken(peers[3]!, "relay", RELAY_BROKEN_MIN);
  expect(scores.trusted(peers, "relay")).toEqual(peers);
});

test("it remembers a bounded number of peers, the latest", () => {
  const { scores } = scoresUnderTest();
  for (let count = 0; count < 10_000; count++) scores.broken(`p${count}` as PeerId, "source");
  expect(scores.isTrusted("p0" as PeerId, "source")).toBe(true);
  expect(scores.isTrusted("p9999" as PeerId, "source")).toBe(false);
});

test("whatever was kept and broken before, nobody is left alone for longer than the greatest pause", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.boolean(), fc.constantFrom<Duty>("relay", "source", "digest")), {
        maxLength: 200,
      }),
      (words) => {
        const { scores, pauseMs } = scoresUnderTest();
        for (const [isKept, duty] of words) scores[isKept ? "kept" : "broken"](a, duty);
        expect(pauseMs("relay")).toBeLessThanOrEqual(86_400_000);
        for (const duty of ["source", "digest"] as const)
          expect(pauseMs(duty)).toBeLessThanOrEqual(LIMITS.penaltyMsMax);
      },
    ),
  );
});

test("a relay is proven by what it has relayed, until it is relieved of that", () => {
  const { scores } = scoresUnderTest();
  expect(scores.isProvenRelay(a)).toBe(false);
  scores.kept(a, "source");
  expect(scores.isProvenRelay(a)).toBe(false);
  scores.kept(a, "relay");
  scores.broken(a, "relay");
  expect(scores.isProvenRelay(a)).toBe(true);
  scores.broken(a, "relay");
  expect(scores.isProvenRelay(a)).toBe(false);
  // What it does while it is left alone proves nothing.
  scores.kept(a, "relay");
  expect(scores.isProvenRelay(a)).toBe(false);
});

test("who has enough to do rests, which is nothing that it has broken", async () => {
  const { scores, clock } = scoresUnderTest();
  scores.rest(a, "source", 500);
  expect(scores.isTrusted(a, "source")).toBe(false);
  expect(scores.hasBroken(a, "source")).toBe(false);
  await clock.runFor(500);
  expect(scores.isTrusted(a, "source")).toBe(true);
  scores.broken(a, "source");
  expect(scores.hasBroken(a, "source")).toBe(true);
  scores.kept(a, "source");
  expect(scores.hasBroken(a, "source")).toBe(false);
});

test("where most are relieved of relaying, few others do alone only if they have proved that they relay", () => {
  const { scores } = scoresUnderTest();
  const many = Array.from({ length: 20 }, (_, index) => `p${index}` as PeerId);
  const [good, bad] = [many.slice(0, 3), many.slice(3)];
  for (const peer of bad) scores.broken(peer, "relay", RELAY_BROKEN_MIN);
  expect(scores.trusted(many, "relay")).toEqual(many);
  for (const peer of good) scores.kept(peer, "relay");
  expect(scores.trusted(many, "relay")).toEqual(good);
  for (const peer of good.slice(1)) scores.broken(peer, "relay", RELAY_BROKEN_MIN);
  expect(scores.trusted(many, "relay")).toEqual(many);
});
