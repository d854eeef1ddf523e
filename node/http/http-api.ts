import type { ServerResponse } from "node:http";
import Fastify, { type FastifyInstance } from "fastify";
import type { Logger } from "pino";
import type { ApiRight } from "./api-right.ts";
import { readApiTls, type ApiTls } from "./api-tls.ts";
import { CrossOrigin } from "./cross-origin.ts";
import type { HostPort } from "../config-schema.ts";
import { NodeError } from "../errors.ts";
import { reason } from "../files.ts";
import { bracketed } from "./hostname.ts";
import { addAntiEntropyRoutes } from "./http-anti-entropy-route.ts";
import { addBlockStreamRoute } from "./http-block-stream-route.ts";
import { addBlockRoutes } from "./http-block-routes.ts";
import { addChannelRoutes } from "./http-channel-routes.ts";
import { addEventRoutes } from "./http-event-routes.ts";
import { httpError } from "./http-errors.ts";
import { HttpGate } from "./http-gate.ts";
import { HttpHosts } from "./http-hosts.ts";
import { addJourneyRoutes } from "./http-journey-routes.ts";
import { addLogSpecRoutes } from "./http-logspec-route.ts";
import { addMeetRoute } from "./http-meet-route.ts";
import { addMetricsRoute } from "./http-metrics-route.ts";
import { addMemberRoutes } from "./http-member-routes.ts";
import { addPageRoutes } from "./http-page-routes.ts";
import { addRepairRoute } from "./http-repair-route.ts";
import { HttpListeners } from "./http-server.ts";
import { logFailures } from "../logs/failure-log.ts";
import type { PeerState } from "../peer-state.ts";
import { TokenFile } from "./token-file.ts";

/** A channel's name has up to 249 characters, each up to three in a URL. */
const PARAMETER_LENGTH_MAX = 1_000;
const CLOSE_IDLE_INTERVAL_MS = 50;
const CLOSE_MS_MAX = 3_000;

declare module "fastify" {
  interface FastifyRequest {
    /** What its caller may do; undefined: no more than ask whether the peer is well. */
    apiRight: ApiRight | undefined;
  }
}

/**
 * The peer's HTTP API. On loopback it asks for credentials only where it is given some to ask for; elsewhere always,
 * and speaks TLS (`loadConfig` sees to that). Who gets in, {@link HttpGate} decides.
 */
export class HttpApi implements AsyncDisposable {
  /** Where it listens, such as `http://127.0.0.1:9800`. */
  readonly url: string;
  readonly #server: FastifyInstance;
  readonly #listeners: HttpListeners;

  private constructor(server: FastifyInstance, listeners: HttpListeners, url: string) {
    this.#server = server;
    this.#listeners = listeners;
    this.url = url;
  }

  /** @throws NodeError `PORT_TAKEN`; `FILE_UNREADABLE`, `CONFIG_INVALID` where a file of the API cannot be used. */
  static async start(peer: PeerState): Promise<HttpApi> {
    const logger = peer.loggers.get("api");
    const { api, apiTokens, apiHosts, apiOrigins } = peer.config;
    const tls = readApiTls(peer.config, Date.now());
    for (const warning of tls?.warnings ?? []) logger.warn(warning);
    const crossOrigin = new CrossOrigin(apiOrigins);
    const gate = new HttpGate({
      crossOrigin,
      hosts: new HttpHosts([api.host, ...apiHosts], tls?.certificate),
      tokens: apiTokens === undefined ? undefined : TokenFile.open(apiTokens, logger),
      certificates: tls?.clientCa !== undefined,
      logger,
      now: () => Date.now(),
    });
    const listeners = new HttpListeners(tls, peer.config.followersMax);
    const server = createServer(peer, { gate, crossOrigin, listeners, logger });
    try {
      await server.listen(api);
    } catch (cause) {
      await server.close();
      const address = `${bracketed(api.host)}:${api.port}`;
      throw new NodeError("PORT_TAKEN", `the API cannot listen on ${address}: ${reason(cause)}`, { cause });
    }
    return new HttpApi(server, listeners, urlOf(server, tls, api));
  }

  /** Answers what is being asked, and nothing more. Who takes longer than three seconds over it is cut off. */
  async [Symbol.asyncDispose](): Promise<void> {
    // A request can be answered before its body has come; its connection is idle only then.
    const idle = setInterval(() => this.#listeners.closeIdle(), CLOSE_IDLE_INTERVAL_MS);
    const late = setTimeout(() => this.#listeners.cutAll(), CLOSE_MS_MAX);
    await this.#server.close();
    clearInterval(idle);
    clearTimeout(late);
  }
}

function createServer(
  peer: PeerState,
  {
    gate,
    crossOrigin,
    listeners,
    logger,
  }: {
    readonly gate: HttpGate;
    readonly crossOrigin: CrossOrigin;
    readonly listeners: HttpListeners;
    readonly logger: Logger;
  },
): FastifyInstance {
  const server = Fastify({
    serverFactory: (listener) => listeners.add(listener),
    forceCloseConnections: "idle",
    frameworkErrors: (error: unknown, _request: unknown, reply: { readonly raw: ServerResponse }) => {
      const { status, body } = httpError(error);
      reply.raw.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    },
    routerOptions: { maxParamLength: PARAMETER_LENGTH_MAX },
  });
  const logFailure = logFailures(logger);
  server.decorateRequest("apiRight", undefined);
  server.addHook("onRequest", async (request, reply) => {
    reply.headers(crossOrigin.headers(request));
    if (crossOrigin.isPreflight(request)) return await reply.code(204).send();
    request.apiRight = gate.admit(request);
    return undefined;
  });
  server.setErrorHandler(async (error, _request, reply) => {
    const { status, body } = httpError(error);
    if (status >= 500) logFailure(body.error);
    if (status === 401) reply.header("www-authenticate", "Bearer");
    return reply.code(status).send(body);
  });
  server.setNotFoundHandler(async ({ method, url }) => {
    throw new NodeError("NOT_FOUND", `there is no ${method} ${url}; ${ROUTES}`);
  });
  addMemberRoutes(server, peer);
  addMeetRoute(server, peer);
  addEventRoutes(server, peer);
  addChannelRoutes(server, peer);
  addBlockRoutes(server, peer);
  addJourneyRoutes(server, peer);
  addBlockStreamRoute(server, peer);
  addRepairRoute(server, peer);
  addAntiEntropyRoutes(server, peer);
  addLogSpecRoutes(server, peer);
  addMetricsRoute(server, peer);
  addPageRoutes(server);
  return server;
}

const ROUTES =
  "there are GET /v1/status, /v1/members, /v1/events, /v1/channels/NAME, /v1/channels/NAME/blocks?from=N, " +
  "/v1/channels/NAME/blocks/N, /v1/channels/NAME/journeys, /v1/channels/NAME/anti-entropy, /logspec, /metrics, /healthz " +
  "and the page at /, POST /v1/channels/NAME/blocks, /v1/channels/NAME/repair, /v1/events and /v1/members/meet, " +
  "and PUT /v1/channels/NAME/anti-entropy and /logspec";

/** Where clients on this machine reach it. */
function urlOf(server: FastifyInstance, tls: ApiTls | undefined, { host }: HostPort): string {
  const address = server.server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const here = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return `${tls === undefined ? "http" : "https"}://${bracketed(here)}:${port}`;
}
