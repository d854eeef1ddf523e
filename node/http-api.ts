import type { ServerResponse } from "node:http";
import { isIPv4 } from "node:net";
import Fastify, { type FastifyInstance, type FastifyRequest } from "fastify";
import type { Logger } from "pino";
import type { HostPort } from "./config-schema.ts";
import { NodeError } from "./errors.ts";
import { reason } from "./files.ts";
import { addBlockRoutes } from "./http-block-routes.ts";
import { addChannelRoutes } from "./http-channel-routes.ts";
import { httpError } from "./http-errors.ts";
import { addMemberRoutes } from "./http-member-routes.ts";
import type { PeerState } from "./peer-state.ts";

/** Headers, body and all: a block of the largest size takes a second on loopback. */
const REQUEST_TIMEOUT_MS = 60_000;
/** A channel's name has up to 249 characters, each up to three in a URL. */
const PARAMETER_LENGTH_MAX = 1_000;

/**
 * The peer's HTTP API, for this machine only: it asks for no credentials. So that a web page in somebody's browser
 * cannot use it, requests must name a loopback host (DNS rebinding) and come from no other origin.
 */
export class HttpApi implements AsyncDisposable {
  /** Where it listens, such as `http://127.0.0.1:9800`. */
  readonly url: string;
  readonly #server: FastifyInstance;

  private constructor(server: FastifyInstance, url: string) {
    this.#server = server;
    this.url = url;
  }

  /** @throws NodeError `PORT_TAKEN`. */
  static async start(peer: PeerState, { host, port }: HostPort, logger: Logger): Promise<HttpApi> {
    const server = createServer(peer, logger);
    try {
      return new HttpApi(server, await server.listen({ host, port }));
    } catch (cause) {
      await server.close();
      throw new NodeError("PORT_TAKEN", `the API cannot listen on ${host}:${port}: ${reason(cause)}`, {
        cause,
      });
    }
  }

  /** Answers what is being asked, and nothing more. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.close();
  }
}

function createServer(peer: PeerState, logger: Logger): FastifyInstance {
  const server = Fastify({
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: "idle",
    frameworkErrors: (error: unknown, _request: unknown, reply: { readonly raw: ServerResponse }) => {
      const { status, body } = httpError(error);
      reply.raw.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    },
    routerOptions: { maxParamLength: PARAMETER_LENGTH_MAX },
  });
  server.addHook("onRequest", async (request) => requireLocal(request));
  server.setErrorHandler(async (error, _request, reply) => {
    const { status, body } = httpError(error);
    if (status >= 500) logger.error({ code: body.error.code }, `API: ${body.error.message}`);
    return reply.code(status).send(body);
  });
  server.setNotFoundHandler(async ({ method, url }) => {
    throw new NodeError("NOT_FOUND", `there is no ${method} ${url}; ${ROUTES}`);
  });
  addMemberRoutes(server, peer);
  addChannelRoutes(server, peer);
  addBlockRoutes(server, peer);
  return server;
}

const ROUTES =
  "there are GET /v1/status, /v1/members, /v1/channels/NAME, /v1/channels/NAME/blocks/N and /healthz, and POST /v1/channels/NAME/blocks";

function requireLocal({ headers }: FastifyRequest): void {
  const { host = "", origin } = headers;
  if (!isLoopback(`http://${host}`)) {
    throw new NodeError(
      "FORBIDDEN",
      `the request is for host ${JSON.stringify(host)}; this API answers to 127.0.0.1, [::1] and localhost only`,
    );
  }
  if (origin !== undefined && !isLoopback(origin))
    throw new NodeError("FORBIDDEN", `the request comes from ${origin}, a page that is not of this machine`);
}

function isLoopback(url: string): boolean {
  const hostname = URL.canParse(url) ? new URL(url).hostname : "";
  return (
    hostname === "localhost" || hostname === "[::1]" || (isIPv4(hostname) && hostname.startsWith("127."))
  );
}
