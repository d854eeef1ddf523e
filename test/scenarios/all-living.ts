import { isLiving } from "../../gossip/members/member-directory.ts";
import type { SimulatedPeer } from "../../node/testing/simulator/simulated-peer.ts";

/** Whether each of these counts all others among the living, be one doubted for the moment or not. */
export function allLiving(peers: readonly SimulatedPeer[]): boolean {
  return peers.every((peer) =>
    peers.every((other) => {
      const member = peer.membership.get(other.id);
      return other === peer || (member !== undefined && isLiving(member));
    }),
  );
}
