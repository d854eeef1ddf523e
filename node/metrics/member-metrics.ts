import type { Registry } from "prom-client";
import packageJson from "../../package.json" with { type: "json" };
import type { PeerState } from "../peer/peer-state.ts";
import { collectedCounter, collectedGauge, samplesBy, type Sample } from "./collected.ts";

/** The peer itself, and whom it knows. */
export function addMemberMetrics(registry: Registry, peer: PeerState): void {
  const info = { name: "blockgossip_info", help: "1; the peer's version.", labels: ["version"] };
  collectedGauge(registry, info, () => [{ labels: { version: packageJson.version }, value: 1 }]);
  const members = {
    name: "blockgossip_members",
    help: "Other members, by state and organisation.",
    labels: ["state", "organisation"],
  };
  collectedGauge(registry, members, () => membersByState(peer));
  const connections = { name: "blockgossip_connections", help: "Open connections to other peers." };
  collectedGauge(registry, connections, () => [{ value: peer.connections() }]);
  const score = {
    name: "blockgossip_health_score",
    help: "How much the peer doubts its own view of others, from 0 (well) to 7: it misses answers to its pings.",
  };
  collectedGauge(registry, score, () => [{ value: peer.gossip.health.score }]);
  const doubt = {
    name: "blockgossip_health_in_doubt",
    help: "Whether it is in so much doubt that it takes nobody for dead: 1, else 0.",
  };
  collectedGauge(registry, doubt, () => [{ value: Number(peer.gossip.health.inDoubt) }]);
  const expiry = {
    name: "blockgossip_certificate_expiry_timestamp_seconds",
    help: "When the peer's certificate ends, in seconds since 1970. Missing where it has none.",
  };
  collectedGauge(registry, expiry, () => {
    const expiresMs = peer.certificateExpiresMs();
    return expiresMs === undefined ? [] : [{ value: expiresMs / 1_000 }];
  });
  const lost = {
    name: "blockgossip_dropped_user_events_total",
    help: "User events of others that were not taken in, by reason.",
    labels: ["reason"],
  };
  collectedCounter(registry, lost, () => samplesBy("reason", { ...peer.gossip.events.dropped }));
}

function membersByState({ gossip: { membership } }: PeerState): Sample[] {
  const counts = new Map<string, Sample>();
  for (const { state, organisation = "" } of membership.all()) {
    const key = `${state} ${organisation}`;
    const value = (counts.get(key)?.value ?? 0) + 1;
    counts.set(key, { labels: { state, organisation }, value });
  }
  return [...counts.values()];
}
