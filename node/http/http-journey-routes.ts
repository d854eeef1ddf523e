import * as z from "zod";
import type { ApiServer } from "./api-server.ts";
import { channelParametersSchema } from "./api-types.ts";
import { PROBLEM_RESPONSE } from "./openapi.ts";
import { ARRIVALS_MAX, type Arrival } from "../../gossip/journeys/arrival.ts";
import type { PeerChannel, PeerState } from "../peer/peer-state.ts";
import { findChannel } from "./http-channel-routes.ts";
import { journeysSchema, type ApiArrival, type ApiJourneys } from "./journey-types.ts";

const route = {
  schema: {
    summary: "How the last blocks came to each peer; the others are asked for it, which takes up to a second",
    tags: ["channels"],
    params: channelParametersSchema,
    querystring: z.strictObject({
      /** Default: all that are remembered. */
      from: z
        .string()
        .regex(/^\d{1,15}$/)
        .transform(Number)
        .optional(),
    }),
    response: { 200: journeysSchema, ...PROBLEM_RESPONSE },
  },
} as const;

/** `GET /v1/channels/NAME/journeys`. */
export function addJourneyRoutes(server: ApiServer, peer: PeerState): void {
  server.get("/v1/channels/:name/journeys", route, async ({ params, query }) => {
    const channel = findChannel(peer, params.name);
    const from = query.from ?? Math.max(0, channel.ledger.height - ARRIVALS_MAX);
    await channel.gossip.journeys.ask(from);
    return journeys(peer, channel, from);
  });
}

function journeys(self: PeerState, { name, ledger, gossip }: PeerChannel, from: number): ApiJourneys {
  const own = {
    peer: self.id,
    name: self.name,
    ...organisationField(self.organisation),
    self: true,
    arrivals: gossip.journeys.own(from).map(shown),
  };
  const others = self.gossip.membership.all().flatMap(({ peer, statement, organisation }) => {
    const arrivals = gossip.journeys.told(peer, from).map(shown);
    if (arrivals.length === 0) return [];
    return [{ peer, name: statement.name, ...organisationField(organisation), self: false, arrivals }];
  });
  return { channel: name, from, height: ledger.height, peers: [own, ...others] };
}

function organisationField(organisation: string | undefined): { readonly organisation?: string } {
  return organisation === undefined ? {} : { organisation };
}

function shown({ from, receivedUs, verifiedUs, committedUs, ...arrival }: Arrival): ApiArrival {
  return {
    ...arrival,
    ...(from === undefined ? {} : { from }),
    receivedMs: receivedUs / 1_000,
    verifiedMs: verifiedUs / 1_000,
    ...(committedUs === undefined ? {} : { committedMs: committedUs / 1_000 }),
  };
}
