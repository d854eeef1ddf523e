import type { FastifyInstance } from "fastify";
import { GossipError } from "../../gossip/errors.ts";
import { meetRequestSchema, type ApiMeeting } from "./api-types.ts";
import { isDialAddress } from "../config-schema.ts";
import { NodeError } from "../errors.ts";
import type { PeerState } from "../peer-state.ts";
import { parsedJson, readBody } from "./request-body.ts";

const BODY_BYTES_MAX = 4 << 10;
const PEER_ID_PART = "/p2p/";

/** `POST /v1/members/meet`: gets to know the peer at an address. */
export function addMeetRoute(server: FastifyInstance, peer: PeerState): void {
  server.post("/v1/members/meet", async ({ headers, raw }): Promise<ApiMeeting> => {
    const body = await readBody(raw, headers["content-length"], BODY_BYTES_MAX);
    const [where = "", expected] = parseAddress(body).split(PEER_ID_PART);
    const met = await peer.meet(where);
    if (expected === undefined || met === expected) return { peer: met };
    throw new GossipError("UNREACHABLE", `${met} is at ${where}, and not ${expected}`);
  });
}

function parseAddress(body: Uint8Array): string {
  const parsed = meetRequestSchema.safeParse(parsedJson(body));
  if (parsed.success && isDialAddress(parsed.data.address)) return parsed.data.address;
  throw new NodeError(
    "BAD_REQUEST",
    'the body must be an address at which a peer listens, such as {"address":"/ip4/10.0.0.7/tcp/9700"}',
  );
}
