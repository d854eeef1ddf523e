import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { PeerId } from "../../gossip/ports.ts";
import { pushPlan } from "../../gossip/push/push-plan.ts";
import { relayedSpread } from "../../gossip/push/relay-lines.ts";
import { spreadTargets } from "../../gossip/push/spread.ts";
import { viewOf } from "./spread-fixture.ts";

/** A network in which some are not trusted, and the number of a block. */
const networks = fc.integer({ min: 5, max: 120 }).chain((count) =>
  fc.record({
    count: fc.constant(count),
    number: fc.nat(5_000),
    self: fc.nat(count - 1),
    doubtful: fc.uniqueArray(fc.nat(count - 1), { maxLength: count }),
    neighboursMax: fc.constantFrom(10, 200),
  }),
);

test("whoever is not trusted, everybody gets one copy, and nothing depends on those who are not", () => {
  fc.assert(
    fc.property(networks, ({ count, number, self: at, doubtful, neighboursMax }) => {
      const peers = Array.from({ length: count }, (_, index) => `p${index}` as PeerId);
      const self = peers[at]!;
      const untrusted = new Set(doubtful.map((index) => peers[index]!));
      const isTrusted = (peer: PeerId) => !untrusted.has(peer);
      const view = viewOf(self, peers);
      const plan = { self, view, number, blockBytes: 60_000, directBytesMax: 1, neighboursMax, isTrusted };
      const { targets, lines } = relayedSpread(self, view, pushPlan(plan), isTrusted);
      const copies: PeerId[] = targets.flatMap((target) => target.peers);
      for (const { peers: relays, spread } of targets) {
        for (const relay of relays) {
          const onward = spreadTargets(relay, viewOf(relay, peers), spread).flatMap((target) => target.peers);
          expect(onward.length === 0 || isTrusted(relay)).toBe(true);
          expect(lines.find((line) => line.relay === relay)?.peers ?? []).toEqual(onward);
          copies.push(...onward);
        }
      }
      expect(copies.toSorted()).toEqual(peers.filter((peer) => peer !== self).toSorted());
    }),
  );
});

test("where all are linked to all, the grid is one in which few relays are not trusted", () => {
  const peers = Array.from({ length: 40 }, (_, index) => `p${index}` as PeerId);
  const [self] = peers as [PeerId];
  const isTrusted = (peer: PeerId) => Number(peer.slice(1)) % 2 === 0;
  const view = viewOf(self, peers);
  let relays = 0;
  for (let number = 0; number < 50; number++) {
    const plan = { self, view, number, blockBytes: 60_000, directBytesMax: 1, neighboursMax: 100, isTrusted };
    relays += relayedSpread(self, view, pushPlan(plan), isTrusted).lines.length;
  }
  // Of five or six in a line half are trusted.
  expect(relays / 50).toBeGreaterThan(4);
});
