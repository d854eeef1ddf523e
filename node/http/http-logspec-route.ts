import type { FastifyInstance } from "fastify";
import { logSpecChangeSchema, type ApiLogSpec } from "./api-types.ts";
import { NodeError } from "../errors.ts";
import { LogSpec } from "../logs/log-spec.ts";
import type { PeerState } from "../peer-state.ts";
import { parsedJson, readBody } from "./request-body.ts";

const PATH = "/logspec";
const BODY_BYTES_MAX = 16 << 10;

/**
 * `GET` and `PUT /logspec`: which level each logger has, until the peer ends. Paths, bodies and statuses are Fabric's
 * (common/flogging/httpadmin), an error's body too; beside the specification there are the loggers.
 */
export function addLogSpecRoutes(server: FastifyInstance, { loggers }: PeerState): void {
  server.get(PATH, async (): Promise<ApiLogSpec> => ({
    spec: loggers.spec.toString(),
    loggers: { ...loggers.levels() },
  }));
  server.put(PATH, async ({ headers, raw }, reply) => {
    const body = parsedJson(await readBody(raw, headers["content-length"], BODY_BYTES_MAX));
    const parsed = logSpecChangeSchema.safeParse(body);
    if (!parsed.success)
      return reply
        .code(400)
        .send({ error: 'the body must be a specification such as {"spec":"gossip.state=debug:info"}' });
    try {
      loggers.spec = LogSpec.parse(parsed.data.spec);
    } catch (error) {
      if (!(error instanceof NodeError)) throw error;
      return reply.code(400).send({ error: error.message });
    }
    loggers.get("peer").info({ spec: loggers.spec.toString() }, `levels are now ${loggers.spec.toString()}`);
    return reply.code(204).send();
  });
}
