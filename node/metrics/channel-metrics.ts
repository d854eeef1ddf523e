import type { Registry } from "prom-client";
import type { PeerChannel, PeerState } from "../peer/peer-state.ts";
import { collectedCounter, collectedGauge, type MetricHead, type Sample } from "./collected.ts";

/** A metric with one value a channel; undefined: none. */
interface ChannelValue extends MetricHead {
  readonly value: (channel: PeerChannel) => number | undefined;
}

/** How each channel stands when it is asked. */
export function addChannelMetrics(registry: Registry, { id, channels }: PeerState): void {
  const samples =
    ({ value: of }: ChannelValue) =>
    (): Sample[] =>
      channels.flatMap((channel) => {
        const value = of(channel);
        return value === undefined ? [] : [{ labels: { channel: channel.name }, value }];
      });
  const labels = ["channel"];
  for (const gauge of [...GAUGES, leads(id)]) collectedGauge(registry, { ...gauge, labels }, samples(gauge));
  collectedCounter(registry, { ...LOST_MAIL, labels }, samples(LOST_MAIL));
}

function leads(self: string): ChannelValue {
  return {
    name: "gossip_leader_election_leader",
    help: "Whether the peer brings blocks in for its organisation: 1, else 0.",
    value: ({ gossip }) => Number(gossip.leadership.leader === self),
  };
}

const GAUGES: readonly ChannelValue[] = [
  {
    name: "ledger_blockchain_height",
    help: "Blocks in the ledger, the genesis block included.",
    value: ({ ledger }) => ledger.height,
  },
  {
    name: "gossip_state_height",
    help: "The same: what the peer tells the others.",
    value: ({ ledger }) => ledger.height,
  },
  {
    name: "blockgossip_known_height",
    help: "The greatest height in blocks that the peer or another one it knows has.",
    value: ({ ledger, gossip }) => Math.max(ledger.height, gossip.view.highest()),
  },
  {
    name: "gossip_membership_total_peers_known",
    help: "Other peers of the channel that are alive.",
    value: ({ gossip }) => gossip.view.active().length,
  },
  {
    name: "gossip_payload_buffer_size",
    help: "Blocks that wait for their predecessors, their config block or the disk.",
    value: ({ gossip }) => gossip.bufferedBlocks,
  },
  {
    name: "blockgossip_buffered_bytes",
    help: "Bytes of these, and of the chunks of blocks that are not whole.",
    value: ({ gossip }) => gossip.bufferedBytes,
  },
  {
    name: "blockgossip_catching_up",
    help: "Whether the peer fetches ranges of blocks to close a gap: 1, else 0.",
    value: ({ gossip }) => Number(gossip.isCatchingUp),
  },
  {
    name: "blockgossip_catch_up_blocks_per_second",
    help: "Blocks a second that a catch-up brings, over its last five seconds; 0 without one.",
    value: ({ gossip }) => gossip.catchUp?.blocksPerSecond ?? 0,
  },
  {
    name: "blockgossip_catch_up_bytes_per_second",
    help: "Bytes a second that a catch-up brings, over its last five seconds; 0 without one.",
    value: ({ gossip }) => gossip.catchUp?.bytesPerSecond ?? 0,
  },
  {
    name: "blockgossip_mail_queued_blocks",
    help: "Blocks handed in here that wait for a peer they could not be sent to; one block for one peer counts one.",
    value: ({ gossip }) => gossip.mail.queued,
  },
  {
    name: "blockgossip_forks",
    help: "Proofs that the orderers have signed two blocks of one number.",
    value: ({ forks }) => forks.list().length,
  },
  {
    name: "blockgossip_channel_stopped",
    help: "Whether the channel has stopped because the ledger cannot be written: 1, else 0.",
    value: ({ failure }) => Number(failure !== undefined),
  },
  {
    name: "blockgossip_source_healthy",
    help: "Whether a block source answers: 1, else 0. Missing where the peer has none.",
    value: ({ gossip }) => (gossip.source === undefined ? undefined : Number(gossip.source.isHealthy)),
  },
];

const LOST_MAIL: ChannelValue = {
  name: "blockgossip_mail_dropped_blocks_total",
  help: "Such blocks that were given up, for want of room or because the peer is gone.",
  value: ({ gossip }) => gossip.mail.dropped,
};
