import { Counter, Histogram, type Registry } from "prom-client";
import { BLOCK_ORIGINS, type BlockOrigin, type GossipEvent, type Observer } from "../../gossip/events.ts";
import { BlockTimes } from "./block-times.ts";

type Committed = Extract<GossipEvent, { readonly kind: "block-committed" }>;

/** Ways by which old blocks come: when they were made says nothing about how fast blocks travel. */
const BELATED: readonly BlockOrigin[] = ["state-transfer", "repair"];

const DELAY_BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const HOP_BUCKETS_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export interface BlockMetricsParts {
  readonly registry: Registry;
  readonly channels: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds of a clock that is never set. */
  readonly steadyNow: () => number;
}

/** Counts what becomes of blocks, and how long it takes; to be told of all that happens. */
export class BlockMetrics {
  readonly #parts: BlockMetricsParts;
  readonly #times = new Map<string, BlockTimes>();
  readonly #metrics: Metrics;

  constructor(parts: BlockMetricsParts) {
    this.#parts = parts;
    this.#metrics = createMetrics(parts.registry);
    const { blocks, bytes, duplicates, damaged, mended } = this.#metrics;
    // A rate can be told only of what is there from the beginning.
    for (const channel of parts.channels) {
      damaged.inc({ channel }, 0);
      mended.inc({ channel }, 0);
      for (const origin of BLOCK_ORIGINS)
        for (const counter of [blocks, bytes, duplicates]) counter.inc({ channel, origin }, 0);
    }
  }

  readonly observe: Observer = (event) => {
    const { duplicates, rejected, failedFetches, damaged, mended, hop } = this.#metrics;
    switch (event.kind) {
      case "block-announced":
        return this.#timesOf(event.channel).heard(event.number, this.#parts.steadyNow());
      case "block-received": {
        const { channel, number, origin, duplicate } = event;
        if (duplicate) duplicates.inc({ channel, origin });
        else this.#timesOf(channel).heard(number, this.#parts.steadyNow());
        return;
      }
      case "block-verified": {
        const { channel, number, origin } = event;
        const hopMs = this.#timesOf(channel).verified(number, this.#parts.steadyNow());
        if (hopMs !== undefined) hop.observe({ channel, origin }, hopMs / 1_000);
        return;
      }
      case "block-committed":
        return this.#committed(event);
      case "rejected":
        return rejected.inc({ channel: event.channel, code: event.code });
      case "fetch-failed":
        return failedFetches.inc({ channel: event.channel, code: event.code });
      case "block-damaged":
        return damaged.inc({ channel: event.channel });
      case "block-mended":
        return mended.inc({ channel: event.channel });
      case "misconduct":
        return this.#metrics.misconduct.inc({ code: event.code });
      case "user-event":
        return this.#metrics.userEvents.inc();
      default:
        return;
    }
  };

  #committed({ channel, number, origin, bytes, producedMs }: Committed): void {
    const metrics = this.#metrics;
    const parts = this.#parts;
    metrics.blocks.inc({ channel, origin });
    metrics.bytes.inc({ channel, origin }, bytes);
    const commitMs = this.#timesOf(channel).committed(number, parts.steadyNow());
    if (commitMs !== undefined) metrics.commit.observe({ channel }, commitMs / 1_000);
    if (producedMs === undefined || BELATED.includes(origin)) return;
    // The producer's clock may be ahead of ours.
    metrics.dissemination.observe({ channel, origin }, Math.max(parts.now() - producedMs, 0) / 1_000);
  }

  #timesOf(channel: string): BlockTimes {
    let times = this.#times.get(channel);
    if (times === undefined) this.#times.set(channel, (times = new BlockTimes()));
    return times;
  }
}

type Metrics = ReturnType<typeof createMetrics>;

function createMetrics(registry: Registry) {
  return { ...createCounters(registry), ...createHistograms(registry) };
}

const BY_WAY = ["channel", "origin"];

function createCounters(registry: Registry) {
  const counter = (name: string, help: string, labelNames: string[]) =>
    new Counter({ name, help, labelNames, registers: [registry] });
  const byCode = ["channel", "code"];
  return {
    blocks: counter(
      "blockgossip_blocks_total",
      "Blocks that went into the ledger, by the way they came.",
      BY_WAY,
    ),
    bytes: counter("blockgossip_block_bytes_total", "Bytes of these blocks.", BY_WAY),
    duplicates: counter(
      "blockgossip_duplicate_blocks_total",
      "Whole blocks that came although they were here.",
      BY_WAY,
    ),
    rejected: counter(
      "blockgossip_rejected_blocks_total",
      "Blocks and cuts that were refused, by code.",
      byCode,
    ),
    failedFetches: counter(
      "blockgossip_failed_fetches_total",
      "Fetches from peers that failed, by code.",
      byCode,
    ),
    damaged: counter("blockgossip_damaged_blocks_total", "Blocks that were found damaged on the disk.", [
      "channel",
    ]),
    mended: counter("blockgossip_mended_blocks_total", "Damaged blocks that were replaced by good ones.", [
      "channel",
    ]),
    misconduct: counter("blockgossip_misconduct_total", "Lies that peers were caught at, by code.", ["code"]),
    userEvents: counter("blockgossip_user_events_total", "User events taken in, or sent from here.", []),
  };
}

function createHistograms(registry: Registry) {
  const histogram = (name: string, help: string, labelNames: string[], buckets: number[]) =>
    new Histogram({ name, help, labelNames, buckets, registers: [registry] });
  return {
    dissemination: histogram(
      "blockgossip_block_dissemination_seconds",
      "Seconds from when a block's last transaction was made, by its maker's clock, until the block is durable here, by ours.",
      BY_WAY,
      DELAY_BUCKETS_SECONDS,
    ),
    hop: histogram(
      "blockgossip_block_hop_seconds",
      "Seconds from when the peer first heard of a block until it had verified it and could pass it on.",
      BY_WAY,
      HOP_BUCKETS_SECONDS,
    ),
    commit: histogram(
      "gossip_state_commit_duration",
      "Seconds from when a block is given to the ledger until it is durable.",
      ["channel"],
      HOP_BUCKETS_SECONDS,
    ),
  };
}
