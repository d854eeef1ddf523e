import { equals } from "uint8arrays/equals";
import type { Block } from "../../chain/block.ts";
import { sha256 } from "../../chain/hash.ts";
import { channelId } from "../wire/wire-values.ts";
import type { ChannelId, PeerId } from "../ports.ts";

const CHANNEL_ID_BYTES = 16;
const CHANNEL_TAG_BYTES = 8;

/**
 * The id of a channel: it depends on the name and on the genesis block, so that two channels of one name are never
 * taken for one another, and it tells neither.
 */
export function channelIdOf(name: string, genesis: Block): ChannelId {
  return channelId(sha256(`blockgossip/channel/1\n${name}\n${genesis.hash}`).subarray(0, CHANNEL_ID_BYTES));
}

/**
 * How a peer says that it is in a channel: only who knows the channel's id can tell what the tag stands for, and one
 * peer's tag is of no use to another (Fabric's channel MAC, chanstate.go).
 */
export function channelTag(channel: ChannelId, peer: PeerId): Uint8Array {
  return sha256(`blockgossip/tag/1\n${channel}\n${peer}`).subarray(0, CHANNEL_TAG_BYTES);
}

/** Whether these tags of a peer name the channel. */
export function isTagged(tags: readonly Uint8Array[], channel: ChannelId, peer: PeerId): boolean {
  const expected = channelTag(channel, peer);
  return tags.some((tag) => equals(tag, expected));
}
