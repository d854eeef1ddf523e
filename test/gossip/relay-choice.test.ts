import { expect, test } from "vitest";
import { PeerScores, RELAY_BROKEN_MIN } from "../../gossip/channel/peer-scores.ts";
import { DEFAULT_GOSSIP_OPTIONS } from "../../gossip/options.ts";
import type { Keyring, PeerId } from "../../gossip/ports.ts";
import { RelayChoice } from "../../gossip/push/relay-choice.ts";
import { seededRandom } from "../../node/testing/simulator/seeded-random.ts";
import { VirtualClock } from "../../node/testing/simulator/virtual-clock.ts";
import { viewOf } from "./spread-fixture.ts";

const SELF = "self" as PeerId;
const peersOf = (count: number) => Array.from({ length: count }, (_, index) => `peer-${index}` as PeerId);

const ROUND_MS = DEFAULT_GOSSIP_OPTIONS.roundIntervalMs;

function choice(peers: PeerId[], lives = new Map<PeerId, number>()) {
  const clock = new VirtualClock();
  const scores = new PeerScores(clock, DEFAULT_GOSSIP_OPTIONS);
  const relays = new RelayChoice({
    view: { ...viewOf(SELF, peers), scores, incarnationOf: (peer) => lives.get(peer) ?? 1 },
    keyring: { self: SELF } as Keyring,
    clock,
    random: seededRandom(1),
    options: DEFAULT_GOSSIP_OPTIONS,
  });
  const heads = () =>
    relays
      .heads()
      .map(({ peer }) => peer)
      .sort();
  const sent = async () => {
    relays.sent();
    await clock.runFor(ROUND_MS);
  };
  return { scores, heads, sent };
}

test("All relay the first block, and a newcomer not before it was sent one, in this life of it", async () => {
  const peers = peersOf(8);
  const lives = new Map<PeerId, number>();
  const relays = choice(peers, lives);
  expect(relays.heads()).toEqual(peersOf(8));
  await relays.sent();
  peers.push("newcomer" as PeerId);
  lives.set("peer-0" as PeerId, 2);
  expect(relays.heads()).toEqual(peersOf(8).slice(1));
  await relays.sent();
  expect(relays.heads()).toHaveLength(9);
});

test("Newcomers relay where hardly anybody else would be left", async () => {
  const peers = peersOf(1);
  const relays = choice(peers);
  await relays.sent();
  peers.push(...peersOf(5).slice(1));
  expect(relays.heads()).toEqual(peersOf(5));
});

test("Who has failed at it does not relay", () => {
  const relays = choice(peersOf(8));
  relays.scores.broken("peer-3" as PeerId, "relay", RELAY_BROKEN_MIN);
  expect(relays.heads()).not.toContain("peer-3");
});
