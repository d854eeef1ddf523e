import type { MetricSamples } from "./metric-samples.ts";

type Counts = Readonly<Record<string, number>>;

/** How long something took, in seconds. */
export interface Quantiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** What a person wants to know of one channel's numbers. */
export interface ChannelStats {
  readonly name: string;
  readonly height: number;
  /** The greatest that the peer knows of. */
  readonly knownHeight: number;
  /** Blocks that went into the ledger, by the way they came. */
  readonly blocks: Counts;
  readonly blockBytes: number;
  readonly duplicates: number;
  /** Refused blocks, by code. */
  readonly rejected: Counts;
  /** From the producer to the disk here; undefined while nothing was measured, as those below. */
  readonly dissemination: Quantiles | undefined;
  /** From first hearing of a block to having verified it. */
  readonly hop: Quantiles | undefined;
  /** What writing takes. */
  readonly commit: Quantiles | undefined;
  /** Undefined while it does not catch up. */
  readonly catchUp: { readonly blocksPerSecond: number; readonly bytesPerSecond: number } | undefined;
}

/** What a person wants to know of a peer's numbers: since its start, or of an interval. */
export interface PeerStats {
  readonly channels: readonly ChannelStats[];
  /** Bytes by kind of message. */
  readonly sent: Counts;
  readonly received: Counts;
  /** Messages that were not sent, by reason. */
  readonly dropped: Counts;
  /** What was refused of others, by code. */
  readonly refusals: Counts;
  /** Other members, by state. */
  readonly members: Counts;
  readonly connections: number;
  readonly rssBytes: number;
  readonly eventLoopLagP99Seconds: number;
}

/** Gathers them from a peer's metrics. */
export function peerStats(metrics: MetricSamples): PeerStats {
  const bytes = (direction: string) =>
    metrics.sumsBy("blockgossip_traffic_bytes_total", "kind", { direction });
  return {
    channels: Object.keys(metrics.sumsBy("ledger_blockchain_height", "channel")).map((name) =>
      channelStats(metrics, name),
    ),
    sent: bytes("sent"),
    received: bytes("received"),
    dropped: metrics.sumsBy("blockgossip_dropped_messages_total", "reason"),
    refusals: metrics.sumsBy("blockgossip_refusals_total", "code"),
    members: metrics.sumsBy("blockgossip_members", "state"),
    connections: metrics.sum("blockgossip_connections"),
    rssBytes: metrics.sum("process_resident_memory_bytes"),
    eventLoopLagP99Seconds: metrics.sum("nodejs_eventloop_lag_p99_seconds"),
  };
}

function channelStats(metrics: MetricSamples, name: string): ChannelStats {
  const channel = { channel: name };
  const isCatchingUp = metrics.sum("blockgossip_catching_up", channel) > 0;
  return {
    name,
    height: metrics.sum("ledger_blockchain_height", channel),
    knownHeight: metrics.sum("blockgossip_known_height", channel),
    blocks: metrics.sumsBy("blockgossip_blocks_total", "origin", channel),
    blockBytes: metrics.sum("blockgossip_block_bytes_total", channel),
    duplicates: metrics.sum("blockgossip_duplicate_blocks_total", channel),
    rejected: metrics.sumsBy("blockgossip_rejected_blocks_total", "code", channel),
    dissemination: quantiles(metrics, "blockgossip_block_dissemination_seconds", name),
    hop: quantiles(metrics, "blockgossip_block_hop_seconds", name),
    commit: quantiles(metrics, "gossip_state_commit_duration", name),
    catchUp: isCatchingUp
      ? {
          blocksPerSecond: metrics.sum("blockgossip_catch_up_blocks_per_second", channel),
          bytesPerSecond: metrics.sum("blockgossip_catch_up_bytes_per_second", channel),
        }
      : undefined,
  };
}

/** Undefined where nothing was measured. */
function quantiles(metrics: MetricSamples, name: string, channel: string): Quantiles | undefined {
  const at = (quantile: number) => metrics.quantile(name, quantile, { channel }) ?? 0;
  if (metrics.sum(`${name}_count`, { channel }) === 0) return undefined;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
