import type { FastifyInstance } from "fastify";
import { PeerMetrics } from "../metrics/peer-metrics.ts";
import type { PeerState } from "../peer-state.ts";

/** `GET /metrics`: what the peer measures, in Prometheus' text format. It measures until the server is closed. */
export function addMetricsRoute(server: FastifyInstance, peer: PeerState): void {
  const metrics = new PeerMetrics(peer);
  server.addHook("onClose", async () => metrics[Symbol.dispose]());
  server.get("/metrics", async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.text()),
  );
}
