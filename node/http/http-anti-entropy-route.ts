import type { FastifyInstance } from "fastify";
import { GossipError } from "../../gossip/errors.ts";
import { antiEntropyChangeSchema, type ApiAntiEntropy, type ApiAntiEntropyChange } from "./api-types.ts";
import { NodeError } from "../errors.ts";
import { findChannel, type ChannelParameters } from "./http-channel-routes.ts";
import type { PeerState } from "../peer-state.ts";
import { parsedJson, readBody } from "./request-body.ts";

const PATH = "/v1/channels/:name/anti-entropy";
const BODY_BYTES_MAX = 4 << 10;

/** `GET` and `PUT /v1/channels/NAME/anti-entropy`: how the peer compares what it holds with others, until it ends. */
export function addAntiEntropyRoutes(server: FastifyInstance, peer: PeerState): void {
  server.get<{ Params: ChannelParameters }>(PATH, async ({ params }): Promise<ApiAntiEntropy> => ({
    ...findChannel(peer, params.name).gossip.antiEntropy,
  }));
  server.put<{ Params: ChannelParameters }>(
    PATH,
    async ({ params, headers, raw }): Promise<ApiAntiEntropy> => {
      const { gossip } = findChannel(peer, params.name);
      const change = parseChange(await readBody(raw, headers["content-length"], BODY_BYTES_MAX));
      try {
        gossip.antiEntropy = { ...gossip.antiEntropy, ...change };
      } catch (error) {
        if (!(error instanceof GossipError)) throw error;
        throw new NodeError("BAD_REQUEST", error.message, { cause: error });
      }
      return { ...gossip.antiEntropy };
    },
  );
}

function parseChange(body: Uint8Array): Partial<ApiAntiEntropy> {
  const parsed = antiEntropyChangeSchema.safeParse(parsedJson(body));
  if (parsed.success) return definedFields(parsed.data);
  throw new NodeError(
    "BAD_REQUEST",
    'the body must be what is to change, such as {"enabled":true,"mode":"push-pull","intervalMs":2000}',
  );
}

function definedFields({ enabled, mode, intervalMs }: ApiAntiEntropyChange): Partial<ApiAntiEntropy> {
  return {
    ...(enabled === undefined ? {} : { enabled }),
    ...(mode === undefined ? {} : { mode }),
    ...(intervalMs === undefined ? {} : { intervalMs }),
  };
}
