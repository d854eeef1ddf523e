import type { ApiServer } from "./api-server.ts";
import { leaveSchema } from "./api-types.ts";
import { PROBLEM_RESPONSE } from "./openapi.ts";
import type { PeerState } from "../peer/peer-state.ts";

const route = {
  config: { right: "operate" },
  schema: {
    summary: "The peer says goodbye to all members, and its process ends",
    tags: ["peer"],
    response: { 202: leaveSchema, ...PROBLEM_RESPONSE },
  },
} as const;

/** `POST /v1/leave`. Answered before the peer begins to stop, and stopping waits for the answer. */
export function addLeaveRoute(server: ApiServer, peer: PeerState): void {
  server.post("/v1/leave", route, async (_request, reply) => {
    peer.leave();
    return reply.code(202).send({ leaving: true });
  });
}
