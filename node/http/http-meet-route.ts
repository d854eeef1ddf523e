import { GossipError } from "../../gossip/errors.ts";
import type { ApiServer } from "./api-server.ts";
import { meetRequestSchema, meetSchema } from "./api-types.ts";
import { isDialAddress } from "../config/config-schema.ts";
import { PROBLEM_RESPONSE } from "./openapi.ts";
import type { PeerState } from "../peer/peer-state.ts";
import { readJson } from "./request-body.ts";

const PEER_ID_PART = "/p2p/";

const body = {
  schema: meetRequestSchema.refine(({ address }) => isDialAddress(address)),
  bytesMax: 4 << 10,
  what: 'an address at which a peer listens, such as {"address":"/ip4/10.0.0.7/tcp/9700"}',
};

const schema = {
  summary: "Gets to know the peer at an address, and the others by that one",
  tags: ["members"],
  response: { 200: meetSchema, ...PROBLEM_RESPONSE },
} as const;

/** `POST /v1/members/meet`: gets to know the peer at an address. */
export function addMeetRoute(server: ApiServer, peer: PeerState): void {
  server.post("/v1/members/meet", { config: { body }, schema }, async (request) => {
    const { address } = await readJson(request, body);
    const [where = "", expected] = address.split(PEER_ID_PART);
    const met = await peer.gossip.meet(where);
    if (expected === undefined || met === expected) return { peer: met };
    throw new GossipError("UNREACHABLE", `${met} is at ${where}, and not ${expected}`);
  });
}
