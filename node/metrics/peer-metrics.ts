import { Registry } from "prom-client";
import type { PeerState } from "../peer/peer-state.ts";
import { BlockMetrics } from "./block-metrics.ts";
import { addChannelMetrics } from "./channel-metrics.ts";
import { addMemberMetrics } from "./member-metrics.ts";
import { processRegistry } from "./process-registry.ts";
import { addTrafficMetrics } from "./traffic-metrics.ts";

/** What a peer measures of itself, from its making until it is disposed of; docs/MONITORING.md has the list. */
export class PeerMetrics implements Disposable {
  /** Its own; those of the process are in another, which all its peers share. */
  readonly #registry = new Registry();
  readonly #process = processRegistry();
  readonly #observing: Disposable;

  constructor(peer: PeerState) {
    const blocks = new BlockMetrics({
      registry: this.#registry,
      channels: peer.channels.map(({ name }) => name),
      now: () => Date.now(),
      steadyNow: () => performance.now(),
    });
    this.#observing = peer.observers.add(blocks.observe);
    addTrafficMetrics(this.#registry, peer.stats);
    addChannelMetrics(this.#registry, peer);
    addMemberMetrics(this.#registry, peer);
  }

  /** Of what {@link text} returns. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  /** All of it as it stands, in Prometheus' text format. */
  async text(): Promise<string> {
    const parts = await Promise.all([this.#registry.metrics(), this.#process.metrics()]);
    return parts.join("\n");
  }

  [Symbol.dispose](): void {
    this.#observing[Symbol.dispose]();
  }
}
