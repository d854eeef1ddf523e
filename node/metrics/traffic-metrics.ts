import type { Registry } from "prom-client";
import type { TransportStats } from "../transport/transport-stats.ts";
import { collectedCounter, samplesBy } from "./collected.ts";

type Counts = Readonly<Partial<Record<string, number>>>;

/** What was sent, received, dropped and refused. */
export function addTrafficMetrics(registry: Registry, stats: TransportStats): void {
  const both = (sent: Counts, received: Counts) => [
    ...samplesBy("kind", sent, { direction: "sent" }),
    ...samplesBy("kind", received, { direction: "received" }),
  ];
  const kinds = ["direction", "kind"];
  const bytes = {
    name: "blockgossip_traffic_bytes_total",
    help: "Bytes of messages, by direction and kind.",
  };
  collectedCounter(registry, { ...bytes, labels: kinds }, () => both(stats.sentBytes, stats.receivedBytes));
  const messages = { name: "blockgossip_traffic_messages_total", help: "Messages, by direction and kind." };
  collectedCounter(registry, { ...messages, labels: kinds }, () =>
    both(stats.sentMessages, stats.receivedMessages),
  );
  collectedCounter(registry, { name: "gossip_comm_messages_sent", help: "Messages sent." }, () => [
    { value: total(stats.sentMessages) },
  ]);
  collectedCounter(registry, { name: "gossip_comm_messages_received", help: "Messages received." }, () => [
    { value: total(stats.receivedMessages) },
  ]);
  addLossMetrics(registry, stats);
}

function addLossMetrics(registry: Registry, stats: TransportStats): void {
  const overflow = {
    name: "gossip_comm_overflow_count",
    help: "Messages that were dropped because the queue to their peer was full.",
  };
  collectedCounter(registry, overflow, () => [{ value: stats.drops["queue-full"] }]);
  const drops = {
    name: "blockgossip_dropped_messages_total",
    help: "Messages that were not sent, by reason.",
    labels: ["reason"],
  };
  collectedCounter(registry, drops, () => samplesBy("reason", stats.drops));
  const bytes = {
    name: "blockgossip_dropped_bytes_total",
    help: "Bytes of the messages that were not sent.",
  };
  collectedCounter(registry, bytes, () => [{ value: stats.droppedBytes }]);
  const refusals = {
    name: "blockgossip_refusals_total",
    help: "Messages and questions of others that were refused, and peers turned away, by code.",
    labels: ["code"],
  };
  collectedCounter(registry, refusals, () => samplesBy("code", stats.refusals));
}

function total(counts: Counts): number {
  return Object.values(counts).reduce<number>((sum, count = 0) => sum + count, 0);
}
