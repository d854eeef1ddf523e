import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Socket } from "node:net";
import type { ApiTls } from "./api-tls.ts";

/** Headers, body and all: a block of the largest size takes a second on loopback. */
const REQUEST_TIMEOUT_MS = 60_000;
/** From the first byte, or the connection's beginning, to the end of the headers. */
const HEADERS_TIMEOUT_MS = 10_000;
const HANDSHAKE_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_TIMEOUT_MS = 15_000;
/** A client that neither sends nor takes anything for so long has gone. */
const IDLE_TIMEOUT_MS = 60_000;
/** How often Node looks for what is late. */
const CHECK_INTERVAL_MS = 5_000;
/** Beside those who follow blocks. People, probes and gateways need few; more than this is a mistake or an attack. */
const CONNECTIONS_MAX = 256;

/** The servers of one API, one for each address, with or without TLS; they give no client much time or memory. */
export class HttpListeners {
  readonly #tls: ApiTls | undefined;
  readonly #connectionsMax: number;
  readonly #servers: Server[] = [];
  /** Those in the middle of a TLS handshake too, which Node's HTTP server knows nothing of. */
  readonly #sockets = new Set<Socket>();

  /** @param followersMax connections that may be taken by followers of blocks. */
  constructor(tls: ApiTls | undefined, followersMax: number) {
    this.#tls = tls;
    this.#connectionsMax = CONNECTIONS_MAX + followersMax;
  }

  add(listener: RequestListener): Server {
    const server =
      this.#tls === undefined
        ? createServer(TIMES, listener)
        : createTlsServer({ ...TIMES, ...tlsOptions(this.#tls) }, listener);
    server.setTimeout(IDLE_TIMEOUT_MS);
    server.maxConnections = this.#connectionsMax;
    server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
    this.#servers.push(server);
    return server;
  }

  /** Closes connections on which nothing is being asked. */
  closeIdle(): void {
    for (const server of this.#servers) server.closeIdleConnections();
    // Browsers and fetch open some ahead, which the server does not count before a byte has come.
    for (const socket of this.#sockets) if (socket.bytesRead === 0) socket.destroy();
  }

  /** Closes connections, whatever is going on there. */
  cutAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

const TIMES = {
  requestTimeout: REQUEST_TIMEOUT_MS,
  headersTimeout: HEADERS_TIMEOUT_MS,
  keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
  connectionsCheckingInterval: CHECK_INTERVAL_MS,
};

function tlsOptions({ chain, privateKey, clientCa }: ApiTls) {
  return {
    cert: chain,
    key: privateKey,
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    // A certificate that is not trusted does not end the connection: a token may come, or the health check is asked for.
    ...(clientCa === undefined ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: false }),
  };
}
