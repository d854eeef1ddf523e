import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { writeFileSync } from "node:fs";
import { pino } from "pino";
import { ApiClient, type ApiCredentials } from "../../node/http/api-client.ts";
import { CertificateAuthority, type Credential } from "../../node/msp/certificate-authority.ts";
import { loadConfig } from "../../node/config/config.ts";
import { startPeer, type Peer } from "../../node/peer/peer.ts";
import { addToken } from "../../node/http/token-file.ts";
import { DemoChannel } from "../end-to-end/demo-channel.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { tlsCredential } from "./tls-credential.ts";

/** One record of a peer's log. */
export interface LogRecord extends Readonly<Record<string, unknown>> {
  readonly level: number;
  readonly msg: string;
}

export interface GuardedApi extends AsyncDisposable {
  readonly channel: DemoChannel;
  readonly peer: Peer;
  readonly directory: string;
  /** The token file. */
  readonly tokens: string;
  /** Tokens by their right. */
  readonly read: string;
  readonly submit: string;
  /** The authority of the server's certificate, and of the clients' that are let in. */
  readonly serverCa: CertificateAuthority;
  readonly clientCa: CertificateAuthority;
  readonly log: readonly LogRecord[];
  client(credentials?: ApiCredentials): ApiClient;
  /** A client with a certificate. */
  clientWith(credential: Credential): ApiClient;
}

/** A peer alone in a channel whose API has TLS, for `localhost`, `127.0.0.1` and `peer0.example`, and asks for credentials. */
export async function guardedApi(
  flags: (files: Readonly<Record<string, string>>) => Readonly<Record<string, unknown>> = (files) => files,
): Promise<GuardedApi> {
  const stack = new AsyncDisposableStack();
  const { path } = stack.use(temporaryDirectory());
  const [channel, serverCa, clientCa] = await Promise.all([
    DemoChannel.create(path),
    CertificateAuthority.create("Server"),
    CertificateAuthority.create("Clients"),
  ]);
  const server = await tlsCredential(serverCa, { names: ["localhost", "127.0.0.1", "peer0.example"] });
  const [tokens, apiTlsCert, apiTlsKey, apiClientCa] = [
    "api.tokens",
    "api.pem",
    "api.key",
    "clients.pem",
  ].map((name) => join(path, name)) as [string, string, string, string];
  const read = addToken(tokens, { right: "read", name: "reader" });
  const submit = addToken(tokens, { right: "submit", name: "gateway" });
  writeFileSync(apiTlsCert, server.certificate);
  writeFileSync(apiTlsKey, server.privateKey, { mode: 0o600 });
  writeFileSync(apiClientCa, clientCa.credential.certificate);
  const log: LogRecord[] = [];
  const logger = pino({ level: "info" }, { write: (line) => log.push(JSON.parse(line)) });
  const config = loadConfig({
    flags: {
      admission: "open",
      data: join(path, "data"),
      genesis: [channel.genesis],
      ...flags({ apiTlsCert, apiTlsKey, apiTokens: tokens, apiClientCa }),
    },
  });
  const peer = await startPeer(config, { logger }).catch(async (error: unknown) => {
    await stack.disposeAsync();
    throw error;
  });
  stack.use(peer);
  const tls = peer.api.startsWith("https:") ? { ca: serverCa.credential.certificate } : {};
  const client = (credentials: ApiCredentials = {}) => new ApiClient(peer.api, { ...tls, ...credentials });
  return {
    channel,
    peer,
    directory: path,
    tokens,
    read,
    submit,
    serverCa,
    clientCa,
    log,
    client,
    clientWith: ({ certificate, privateKey }) => client({ cert: certificate, key: privateKey }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** One request with headers of one's own, and what came back. */
export async function rawRequest(
  { peer, serverCa }: GuardedApi,
  path: string,
  headers: Readonly<Record<string, string>> = {},
) {
  const url = `${peer.api}${path}`;
  const { promise, resolve, reject } = Promise.withResolvers<{
    readonly status: number | undefined;
    readonly challenge: string | undefined;
    readonly body: unknown;
  }>();
  const ask = url.startsWith("https:") ? httpsRequest : httpRequest;
  // Node would compare the certificate with the Host header.
  const tls = { ca: serverCa.credential.certificate, servername: "localhost" };
  const asked = ask(url, { headers, ...tls }, (response) => {
    const challenge = response.headers["www-authenticate"];
    text(response)
      .then((body) => resolve({ status: response.statusCode, challenge, body: JSON.parse(body) }))
      .catch(reject);
  });
  asked.once("error", reject).end();
  return await promise;
}
