import { isTagged } from "../../gossip/channel/channel-tag.ts";
import type { Member } from "../../gossip/members/membership.ts";
import type { PeerMember } from "./peer-member.ts";
import type { PeerChannel, PeerState } from "./peer-state.ts";

/** Who is there, this peer first; with a channel, those who have it. */
export function peerMembers(peer: PeerState, channel: PeerChannel | undefined): readonly PeerMember[] {
  const all = [self(peer), ...peer.gossip.membership.all().map((member) => other(peer, member))];
  return channel === undefined ? all : all.filter(({ heights }) => channel.name in heights);
}

function self({ id, name, organisation, config, announced, channels }: PeerState): PeerMember {
  return {
    id,
    name,
    organisation,
    tags: config.tags,
    isSelf: true,
    state: "alive",
    reason: "it answers",
    addresses: announced,
    heights: Object.fromEntries(channels.map((channel) => [channel.name, channel.ledger.height])),
  };
}

function other({ channels }: PeerState, { peer: id, statement, ...member }: Member): PeerMember {
  const { organisation, state, reason, addresses } = member;
  const shared = channels.filter((channel) => isTagged(statement.channelTags, channel.id, id));
  return {
    id,
    name: statement.name,
    organisation,
    tags: statement.tags,
    isSelf: false,
    state,
    reason,
    addresses,
    heights: Object.fromEntries(shared.map((channel) => [channel.name, channel.gossip.view.heightOf(id)])),
  };
}
