import { GossipError } from "../../gossip/errors.ts";
import type { ApiServer } from "./api-server.ts";
import {
  antiEntropyChangeSchema,
  antiEntropySchema,
  channelParametersSchema,
  type ApiAntiEntropy,
  type ApiAntiEntropyChange,
} from "./api-types.ts";
import { NodeError } from "../errors.ts";
import { findChannel } from "./http-channel-routes.ts";
import { PROBLEM_RESPONSE } from "./openapi.ts";
import type { PeerState } from "../peer/peer-state.ts";
import { readJson } from "./request-body.ts";

const PATH = "/v1/channels/:name/anti-entropy";

const change = {
  schema: antiEntropyChangeSchema,
  bytesMax: 4 << 10,
  what: 'what is to change, such as {"enabled":true,"mode":"push-pull","intervalMs":2000}',
};

const schema = {
  tags: ["channels"],
  params: channelParametersSchema,
  response: { 200: antiEntropySchema, ...PROBLEM_RESPONSE },
} as const;

/** `GET` and `PUT /v1/channels/NAME/anti-entropy`: how the peer compares what it holds with others, until it ends. */
export function addAntiEntropyRoutes(server: ApiServer, peer: PeerState): void {
  server.get(
    PATH,
    {
      schema: {
        ...schema,
        summary: "Whether, how and how often the peer compares what it holds with others",
      },
    },
    async ({ params }) => ({ ...findChannel(peer, params.name).gossip.antiEntropy }),
  );
  server.put(
    PATH,
    {
      config: { body: change },
      schema: { ...schema, summary: "Changes that until the peer ends; what is missing stays as it is" },
    },
    async (request) => {
      const { gossip } = findChannel(peer, request.params.name);
      const changed = definedFields(await readJson(request, change));
      try {
        gossip.antiEntropy = { ...gossip.antiEntropy, ...changed };
      } catch (error) {
        if (!(error instanceof GossipError)) throw error;
        throw new NodeError("BAD_REQUEST", error.message, { cause: error });
      }
      return { ...gossip.antiEntropy };
    },
  );
}

function definedFields({ enabled, mode, intervalMs }: ApiAntiEntropyChange): Partial<ApiAntiEntropy> {
  return {
    ...(enabled === undefined ? {} : { enabled }),
    ...(mode === undefined ? {} : { mode }),
    ...(intervalMs === undefined ? {} : { intervalMs }),
  };
}
