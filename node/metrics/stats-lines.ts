import type { ChannelStats, PeerStats, Quantiles } from "./peer-stats.ts";

type Counts = Readonly<Record<string, number>>;

/**
 * A peer's numbers for people. `seconds`: they are of an interval of that length, and shown per second; without it,
 * since the peer's start.
 */
export function statsLines(stats: PeerStats, seconds?: number): readonly string[] {
  const { channels, members, connections, dropped, refusals, rssBytes, eventLoopLagP99Seconds } = stats;
  return [
    ...channels.flatMap((channel) => channelLines(channel, seconds)),
    ...trafficLines(stats, seconds),
    `dropped    ${counts(dropped)}`,
    `refused    ${counts(refusals)}`,
    `members    ${counts(members)}; ${connections} connections`,
    `process    ${bytesText(rssBytes)} of memory, event loop late by ${duration(eventLoopLagP99Seconds)} (p99)`,
  ];
}

function channelLines(channel: ChannelStats, seconds: number | undefined): readonly string[] {
  const { name, height, knownHeight, blocks, blockBytes, duplicates, rejected, catchUp } = channel;
  const total = sum(blocks);
  const share = total === 0 ? "" : ` (${percent(duplicates, total)} of the blocks)`;
  const lag = knownHeight > height ? `, ${knownHeight - height} behind` : "";
  const timed = (label: string, what: string, times: Quantiles | undefined) =>
    times === undefined ? [] : [`${label.padEnd(LABEL_WIDTH)}${quantilesText(times)}  ${what}`];
  return [
    `channel    ${name}, height ${height}${lag}`,
    ...(catchUp === undefined
      ? []
      : [
          `catch-up   ${catchUp.blocksPerSecond.toFixed(0)} blocks/s, ${bytesText(catchUp.bytesPerSecond)}/s`,
        ]),
    `blocks     ${rate(total, seconds)}, ${bytesText(perSecond(blockBytes, seconds))}${seconds === undefined ? "" : "/s"}: ${shares(blocks)}`,
    `duplicate  ${rate(duplicates, seconds)}${share}`,
    `rejected   ${counts(rejected)}`,
    ...timed("delay", "from the producer to the disk here", channel.dissemination),
    ...timed("hop", "from first hearing of a block to having verified it", channel.hop),
    ...timed("write", "from verified to durable", channel.commit),
  ];
}

const LABEL_WIDTH = "dropped    ".length;

function trafficLines({ sent, received }: PeerStats, seconds: number | undefined): readonly string[] {
  const [allIn, allOut] = [sum(received), sum(sent)];
  const kinds = [...new Set([...Object.keys(received), ...Object.keys(sent)])].sort(
    (a, b) => (received[b] ?? 0) + (sent[b] ?? 0) - (received[a] ?? 0) - (sent[a] ?? 0),
  );
  const cell = (bytes: number) =>
    `${bytesText(perSecond(bytes, seconds))}${seconds === undefined ? "" : "/s"}`.padStart(CELL_WIDTH);
  const row = (kind: string, [received_, sent_]: readonly [number, number]) =>
    `  ${kind.padEnd(KIND_WIDTH)}${cell(received_)}${percent(received_, allIn).padStart(SHARE_WIDTH)}` +
    `${cell(sent_)}${percent(sent_, allOut).padStart(SHARE_WIDTH)}`;
  return [
    `  ${"traffic".padEnd(KIND_WIDTH)}${"IN".padStart(CELL_WIDTH)}${"".padStart(SHARE_WIDTH)}${"OUT".padStart(CELL_WIDTH)}`,
    row("all", [allIn, allOut]),
    ...kinds.map((kind) => row(kind, [received[kind] ?? 0, sent[kind] ?? 0])),
  ];
}

const KIND_WIDTH = 20;
const CELL_WIDTH = 12;
const SHARE_WIDTH = 9;

function quantilesText({ p50, p95, p99 }: Quantiles): string {
  return `p50 ${duration(p50)}, p95 ${duration(p95)}, p99 ${duration(p99)}`;
}

function duration(seconds: number): string {
  if (seconds >= 1) return `${seconds.toFixed(1)} s`;
  return `${(seconds * 1_000).toFixed(seconds < 0.01 ? 1 : 0)} ms`;
}

function bytesText(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(2)} GB`;
  if (bytes >= 1e6) return `${(bytes / 1e6).toFixed(1)} MB`;
  return bytes >= 1e3 ? `${(bytes / 1e3).toFixed(1)} kB` : `${bytes.toFixed(0)} B`;
}

function rate(count: number, seconds: number | undefined): string {
  return seconds === undefined ? String(count) : `${(count / seconds).toFixed(1)}/s`;
}

function perSecond(count: number, seconds: number | undefined): number {
  return seconds === undefined ? count : count / seconds;
}

function percent(part: number, whole: number): string {
  return whole === 0 ? "-" : `${((100 * part) / whole).toFixed(1)} %`;
}

function shares(values: Counts): string {
  const total = sum(values);
  return listed(values, (name, count) => `${name} ${count} (${percent(count, total)})`);
}

function counts(values: Counts): string {
  return listed(values, (name, count) => `${name} ${count}`);
}

function listed(values: Counts, show: (name: string, count: number) => string): string {
  const entries = Object.entries(values).sort(([, a], [, b]) => b - a);
  return entries.map(([name, count]) => show(name, count)).join(", ") || "none";
}

function sum(values: Counts): number {
  return Object.values(values).reduce((total, value) => total + value, 0);
}
