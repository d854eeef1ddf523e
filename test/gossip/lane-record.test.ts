import { expect, test } from "vitest";
import { PeerScores } from "../../gossip/channel/peer-scores.ts";
import { LaneRecord } from "../../gossip/push/lane-record.ts";
import { SPREAD_EVERYBODY } from "../../gossip/push/spread.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { VirtualClock } from "../../node/testing/simulator/virtual-clock.ts";

const peers = Array.from({ length: 20 }, (_, index) => `p${index}` as PeerId);
const heads = peers.map((peer) => ({ peer, spread: SPREAD_EVERYBODY }));

function record(
  askers: readonly PeerId[],
  lanes: readonly number[],
  own: readonly (readonly PeerId[])[] = [],
) {
  const scores = new PeerScores(new VirtualClock(0), { penaltyMs: 1_000, penaltyMsMax: 4_000 });
  const lanesOf = new LaneRecord(heads, 1, own);
  for (const peer of askers)
    lanesOf.lacks(peer, [lanes.filter((lane) => own[lane]?.includes(peer) !== true)]);
  return { scores, lanesOf };
}

test("who asks is helped by other relays, which are blamed only where a quarter of all ask", () => {
  const { scores, lanesOf } = record(peers.slice(0, 4), [7, 8]);
  expect([...lanesOf.doubtful()]).toEqual([peers[7], peers[8]]);
  lanesOf.blame(scores, peers.length);
  expect(scores.isTrusted(peers[7]!, "relay")).toBe(true);
  lanesOf.blame(scores, 10);
  expect(peers.filter((peer) => !scores.isTrusted(peer, "relay"))).toEqual([peers[7], peers[8]]);
});

test("whom the source has served in a relay's place does not speak for the relay", () => {
  const own = peers.map((_, lane) => (lane === 7 ? peers.slice(0, 3) : []));
  const { scores, lanesOf } = record(peers.slice(0, 8), [7], own);
  lanesOf.blame(scores, peers.length);
  expect(scores.isTrusted(peers[7]!, "relay")).toBe(false);
});
