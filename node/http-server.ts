import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
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
/** People, probes and gateways need few; more than this is a mistake or an attack. */
const CONNECTIONS_MAX = 256;

/** A server, with or without TLS, that gives no client much of its time or its memory. */
export function httpServer(listener: RequestListener, tls: ApiTls | undefined): Server {
  const times = {
    requestTimeout: REQUEST_TIMEOUT_MS,
    headersTimeout: HEADERS_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    connectionsCheckingInterval: CHECK_INTERVAL_MS,
  };
  const server =
    tls === undefined
      ? createServer(times, listener)
      : createTlsServer({ ...times, ...tlsOptions(tls) }, listener);
  server.setTimeout(IDLE_TIMEOUT_MS);
  server.maxConnections = CONNECTIONS_MAX;
  return server;
}

function tlsOptions({ chain, privateKey, clientCa }: ApiTls) {
  return {
    cert: chain,
    key: privateKey,
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    // A certificate that is not trusted does not end the connection: a token may come, or the health check is asked for.
    ...(clientCa === undefined ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: false }),
  };
}
