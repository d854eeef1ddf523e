import type { FastifyInstance } from "fastify";
import * as z from "zod";
import { ARRIVALS_MAX, type Arrival } from "../../gossip/journeys/arrival.ts";
import { NodeError } from "../errors.ts";
import type { PeerChannel, PeerState } from "../peer-state.ts";
import { findChannel, type ChannelParameters } from "./http-channel-routes.ts";
import type { ApiArrival, ApiJourneys } from "./journey-types.ts";

const querySchema = z.strictObject({
  from: z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .optional(),
});

/**
 * `GET /v1/channels/NAME/journeys`: how the last blocks came to each peer. The others are asked for it, so the answer
 * takes up to a second.
 */
export function addJourneyRoutes(server: FastifyInstance, peer: PeerState): void {
  server.get<{ Params: ChannelParameters }>(
    "/v1/channels/:name/journeys",
    async ({ params, query }): Promise<ApiJourneys> => {
      const channel = findChannel(peer, params.name);
      const parsed = querySchema.safeParse(query);
      if (!parsed.success)
        throw new NodeError("BAD_REQUEST", "journeys can be asked for with ?from=NUMBER and nothing else");
      const from = parsed.data.from ?? Math.max(0, channel.ledger.height - ARRIVALS_MAX);
      await channel.gossip.journeys.ask(from);
      return journeys(peer, channel, from);
    },
  );
}

function journeys(self: PeerState, { name, ledger, gossip }: PeerChannel, from: number): ApiJourneys {
  const own = {
    peer: self.id,
    name: self.name,
    ...organisationField(self.organisation),
    self: true,
    arrivals: gossip.journeys.own(from).map(shown),
  };
  const others = self.membership.all().flatMap(({ peer, statement, organisation }) => {
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
