import * as z from "zod";
import type { ApiServer } from "./api-server.ts";
import { logSpecChangeSchema, logSpecSchema, problemSchema } from "./api-types.ts";
import { NodeError } from "../errors.ts";
import { problemOf, PROBLEM_TYPE } from "./http-errors.ts";
import { LogSpec } from "../logs/log-spec.ts";
import { PROBLEM_RESPONSE } from "./openapi.ts";
import type { PeerState } from "../peer/peer-state.ts";
import { readJson } from "./request-body.ts";

const PATH = "/logspec";

const change = {
  schema: logSpecChangeSchema,
  bytesMax: 16 << 10,
  what: 'a specification such as {"spec":"gossip.state=debug:info"}',
};

const getRoute = {
  schema: {
    summary: "Which level each logger has",
    tags: ["peer"],
    response: { 200: logSpecSchema, ...PROBLEM_RESPONSE },
  },
} as const;

const putRoute = {
  config: { right: "operate", body: change },
  schema: {
    summary: "Changes that until the peer ends, in Fabric's syntax",
    tags: ["peer"],
    response: {
      204: z.null().describe("It is so from now on"),
      default: {
        description: "What went wrong; error is the same as Fabric tells it",
        content: { [PROBLEM_TYPE]: { schema: problemSchema.extend({ error: z.string().optional() }) } },
      },
    },
  },
} as const;

/**
 * `GET` and `PUT /logspec`: which level each logger has, until the peer ends. Paths, bodies and statuses are Fabric's
 * (common/flogging/httpadmin); beside the specification there are the loggers, and beside an error's text the problem.
 */
export function addLogSpecRoutes(server: ApiServer, { loggers }: PeerState): void {
  server.get(PATH, getRoute, async () => ({
    spec: loggers.spec.toString(),
    loggers: { ...loggers.levels() },
  }));
  server.put(PATH, putRoute, async (request, reply) => {
    try {
      loggers.spec = LogSpec.parse((await readJson(request, change)).spec);
    } catch (error) {
      if (!(error instanceof NodeError)) throw error;
      const problem = problemOf(new NodeError("BAD_REQUEST", error.message));
      const body = JSON.stringify({ ...problem, error: error.message });
      return reply
        .code(problem.status)
        .header("content-type", PROBLEM_TYPE)
        .send(body as never);
    }
    loggers.get("peer").info({ spec: loggers.spec.toString() }, `levels are now ${loggers.spec.toString()}`);
    return reply.code(204).send(null);
  });
}
