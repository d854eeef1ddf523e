import type { MemberState } from "../../gossip/events.ts";

/** A peer of the network, this one or another, as seen from here. */
export interface PeerMember {
  /** Its libp2p peer id. */
  readonly id: string;
  readonly name: string;
  readonly organisation: string | undefined;
  readonly tags: readonly string[];
  readonly isSelf: boolean;
  readonly state: Exclude<MemberState, "forgotten">;
  /** Why it is in that state, in words. */
  readonly reason: string;
  /** Where it can be reached, as multiaddrs. */
  readonly addresses: readonly string[];
  /** By name of a channel that it shares with this peer: its height there; undefined where it is not known yet. */
  readonly heights: Readonly<Record<string, number | undefined>>;
}
