import { createApiServer, type ApiServer } from "./api-server.ts";
import { readApiTls, type ApiTls } from "./api-tls.ts";
import { CrossOrigin } from "./cross-origin.ts";
import type { HostPort } from "../config/config-schema.ts";
import { NodeError } from "../errors.ts";
import { reason } from "../files.ts";
import { bracketed } from "./hostname.ts";
import { addAntiEntropyRoutes } from "./http-anti-entropy-route.ts";
import { addBlockStreamRoute } from "./http-block-stream-route.ts";
import { addBlockRoutes } from "./http-block-routes.ts";
import { addChannelRoutes } from "./http-channel-routes.ts";
import { addConfigRoute } from "./http-config-route.ts";
import { addEventRoutes } from "./http-event-routes.ts";
import { HttpGate } from "./http-gate.ts";
import { HttpHosts } from "./http-hosts.ts";
import { addJourneyRoutes } from "./http-journey-routes.ts";
import { addLeaveRoute } from "./http-leave-route.ts";
import { addLogSpecRoutes } from "./http-logspec-route.ts";
import { addMeetRoute } from "./http-meet-route.ts";
import { addMetricsRoute } from "./http-metrics-route.ts";
import { addMemberRoutes } from "./http-member-routes.ts";
import { addPageRoutes } from "./http-page-routes.ts";
import { addRepairRoute } from "./http-repair-route.ts";
import { HttpListeners } from "./http-server.ts";
import { openApiRoute, type ApiDocument } from "./openapi.ts";
import type { PeerState } from "../peer/peer-state.ts";
import { TokenFile } from "./token-file.ts";

const CLOSE_IDLE_INTERVAL_MS = 50;
const CLOSE_MS_MAX = 3_000;

/**
 * The peer's HTTP API. On loopback it asks for credentials only where it is given some to ask for; elsewhere always,
 * and speaks TLS (`loadConfig` sees to that). Who gets in, {@link HttpGate} decides.
 */
export class HttpApi implements AsyncDisposable {
  /** Where it listens, such as `http://127.0.0.1:9800`. */
  readonly url: string;
  /** What it serves, such as `GET /v1/status`. */
  readonly routes: readonly string[];
  readonly #server: ApiServer;
  readonly #listeners: HttpListeners;

  private constructor(
    server: ApiServer,
    { url, routes, listeners }: Pick<HttpApi, "url" | "routes"> & { readonly listeners: HttpListeners },
  ) {
    this.#server = server;
    this.#listeners = listeners;
    this.url = url;
    this.routes = routes;
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
    const server = await createApiServer({ gate, crossOrigin, listeners, logger });
    const routes: string[] = [];
    server.addHook("onRoute", ({ method, url }) => void routes.push(`${String(method)} ${url}`));
    addRoutes(server, peer);
    try {
      await server.listen(api);
    } catch (cause) {
      await server.close();
      const address = `${bracketed(api.host)}:${api.port}`;
      throw new NodeError("PORT_TAKEN", `the API cannot listen on ${address}: ${reason(cause)}`, { cause });
    }
    return new HttpApi(server, { listeners, url: urlOf(server, tls, api), routes });
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

/** Every part of the API adds its own. */
function addRoutes(server: ApiServer, peer: PeerState): void {
  addMemberRoutes(server, peer);
  addMeetRoute(server, peer);
  addEventRoutes(server, peer);
  addChannelRoutes(server, peer);
  addBlockRoutes(server, peer);
  addBlockStreamRoute(server, peer);
  addRepairRoute(server, peer);
  addAntiEntropyRoutes(server, peer);
  addJourneyRoutes(server, peer);
  addConfigRoute(server, peer);
  addLeaveRoute(server, peer);
  addLogSpecRoutes(server, peer);
  addMetricsRoute(server, peer);
  addPageRoutes(server);
  server.get("/openapi.json", openApiRoute, async () => ({ ...server.swagger() }) as ApiDocument);
}

/** Where clients on this machine reach it. */
function urlOf(server: ApiServer, tls: ApiTls | undefined, { host }: HostPort): string {
  const address = server.server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const here = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return `${tls === undefined ? "http" : "https"}://${bracketed(here)}:${port}`;
}
