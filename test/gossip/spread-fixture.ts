import type { PeerId } from "../../gossip/ports.ts";
import { RelayGrid } from "../../gossip/push/relay-grid.ts";
import { spreadTargets, type Spread, type SpreadView } from "../../gossip/push/spread.ts";

/** All others, as a peer that knows everybody sees them. */
export function viewOf(self: PeerId, peers: readonly PeerId[]): SpreadView {
  return {
    active: () => peers.filter((peer) => peer !== self),
    grid: (width, seed) => new RelayGrid(peers, width, seed),
  };
}

/** Who gets how many copies, over how many hops and from whom, when each does what its copy says. */
export function spreadFrom(first: PeerId, peers: readonly PeerId[], spread: Spread) {
  const copies = new Map<PeerId, number>();
  const sentBy = new Map<PeerId, number>();
  let hops = 0;
  let wave = [{ peer: first, spread }];
  while (wave.length > 0) {
    const next: { peer: PeerId; spread: Spread }[] = [];
    for (const { peer: from, spread: theirs } of wave) {
      const targets = spreadTargets(from, viewOf(from, peers), theirs);
      for (const { peer, spread: its } of targets.flatMap((one) =>
        one.peers.map((to) => ({ peer: to, spread: one.spread })),
      )) {
        copies.set(peer, (copies.get(peer) ?? 0) + 1);
        sentBy.set(from, (sentBy.get(from) ?? 0) + 1);
        next.push({ peer, spread: its });
      }
    }
    wave = next;
    if (next.length > 0) hops++;
  }
  return { copies, hops, sentBy };
}
