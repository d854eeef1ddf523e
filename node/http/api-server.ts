import type { IncomingMessage, ServerResponse } from "node:http";
import swagger from "@fastify/swagger";
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type RawServerDefault } from "fastify";
import { validatorCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import type { Logger } from "pino";
import type { ApiRight } from "./api-right.ts";
import type { CrossOrigin } from "./cross-origin.ts";
import { NodeError } from "../errors.ts";
import { problemOf, PROBLEM_TYPE } from "./http-errors.ts";
import type { HttpGate } from "./http-gate.ts";
import type { HttpListeners } from "./http-server.ts";
import { logFailures } from "../logs/failure-log.ts";
import { openApiOptions } from "./openapi.ts";

/** A channel's name has up to 249 characters, each up to three in a URL. */
const PARAMETER_LENGTH_MAX = 1_000;

/** A server whose routes are typed by the zod schemas that they declare. */
export type ApiServer = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

declare module "fastify" {
  interface FastifyRequest {
    /** What its caller may do; undefined: no more than what needs no right. */
    apiRight: ApiRight | undefined;
  }
}

export interface ApiServerParts {
  readonly gate: HttpGate;
  readonly crossOrigin: CrossOrigin;
  readonly listeners: HttpListeners;
  readonly logger: Logger;
}

/**
 * A server without routes: who gets in, how requests are validated by the routes' schemas, and how errors are told.
 * Answers are not validated as they are sent; their types are checked when the project is built, and by a test.
 */
export async function createApiServer(parts: ApiServerParts): Promise<ApiServer> {
  const { gate, crossOrigin, listeners } = parts;
  const server: ApiServer = Fastify({
    serverFactory: (listener) => listeners.add(listener),
    forceCloseConnections: "idle",
    frameworkErrors: (error: unknown, _request: unknown, reply: { readonly raw: ServerResponse }) => {
      const problem = problemOf(error);
      reply.raw.writeHead(problem.status, { "content-type": PROBLEM_TYPE }).end(JSON.stringify(problem));
    },
    routerOptions: { maxParamLength: PARAMETER_LENGTH_MAX },
  }).withTypeProvider<ZodTypeProvider>();
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(() => JSON.stringify);
  server.decorateRequest("apiRight", undefined);
  // A body's type is not asked for, and the handler reads it, because the framework closes the connection when a parser
  // fails, and then a client that is still writing does not see the answer.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", (_request, _body, done) => done(null));
  server.addHook("onRequest", async (request, reply) => {
    reply.headers(crossOrigin.headers(request));
    if (crossOrigin.isPreflight(request)) return await reply.code(204).send();
    request.apiRight = gate.admit(request);
    return undefined;
  });
  tellErrors(server, parts.logger);
  await server.register(swagger, openApiOptions);
  return server;
}

function tellErrors(server: ApiServer, logger: Logger): void {
  const logFailure = logFailures(logger);
  server.setErrorHandler(async (error, _request, reply) => {
    const problem = problemOf(error);
    const { status, code, detail } = problem;
    if (status >= 500) logFailure({ code, message: detail });
    if (status === 401) reply.header("www-authenticate", "Bearer");
    return reply.code(status).header("content-type", PROBLEM_TYPE).send(JSON.stringify(problem));
  });
  server.setNotFoundHandler(async ({ method, url }) => {
    throw new NodeError("NOT_FOUND", `there is no ${method} ${url}; GET /openapi.json has all that there is`);
  });
}
