import * as z from "zod";
import type { ApiServer } from "./api-server.ts";
import { PeerMetrics } from "../metrics/peer-metrics.ts";
import { PROBLEM_RESPONSE } from "./openapi.ts";
import type { PeerState } from "../peer/peer-state.ts";

const route = {
  schema: {
    summary: "What the peer measures, in Prometheus' text format",
    tags: ["peer"],
    response: {
      200: { description: "The metrics", content: { "text/plain": { schema: z.string() } } },
      ...PROBLEM_RESPONSE,
    },
  },
} as const;

/** `GET /metrics`: what the peer measures, in Prometheus' text format. It measures until the server is closed. */
export function addMetricsRoute(server: ApiServer, peer: PeerState): void {
  const metrics = new PeerMetrics(peer);
  server.addHook("onClose", async () => metrics[Symbol.dispose]());
  server.get("/metrics", route, async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.text()),
  );
}
