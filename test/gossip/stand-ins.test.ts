import { expect, test } from "vitest";
import type { PeerId } from "../../gossip/ports.ts";
import { shortId } from "../../gossip/push/relay-grid.ts";
import { SPREAD_EVERYBODY } from "../../gossip/push/spread.ts";
import { StandIns } from "../../gossip/push/stand-ins.ts";

const PEERS = Array.from({ length: 100 }, (_, index) => `peer-${index}` as PeerId);

function standIns(): StandIns {
  return new StandIns(() => PEERS.map((peer) => ({ peer, spread: SPREAD_EVERYBODY })));
}

test("A lane that one relay has lost is shared out: each peer is served by just one of several relays", () => {
  const relays = standIns().take(3, PEERS, 1);
  expect(relays).toHaveLength(10);
  for (const peer of PEERS)
    expect(relays.filter(({ served }) => !served.includes(shortId(peer)))).toHaveLength(1);
});

test("Many lanes are taken over by a relay each, all in turn", () => {
  const all = standIns();
  const relays = PEERS.flatMap((_, lane) => all.take(lane, PEERS, PEERS.length));
  expect(new Set(relays.map(({ head }) => head.peer)).size).toBe(PEERS.length);
  expect(relays.every(({ served }) => served.length === 0)).toBe(true);
});

test("Who is lost takes over nothing more, and what it has taken over is known", () => {
  const all = standIns();
  const [first] = all.take(0, PEERS, 1);
  expect(all.lanesOf(first!.head.peer)).toEqual([0]);
  all.lost(PEERS.slice(1));
  const heads = Array.from({ length: 5 }, () => all.take(1, PEERS, 5)).flat();
  expect(new Set(heads.map(({ head }) => head.peer))).toEqual(new Set([PEERS[0]]));
  all.lost([PEERS[0]!]);
  expect(all.take(2, PEERS, 1)).toEqual([]);
});
