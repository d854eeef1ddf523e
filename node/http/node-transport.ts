import { once } from "node:events";
import { request as httpRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { Agent, request as httpsRequest } from "node:https";
import type { Transport } from "./transport.ts";

/** What a client trusts, and shows, in TLS; each in PEM. */
export interface ClientTls {
  /** Certificate authorities, in place of Node's own list. */
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/**
 * By Node's own HTTP client, which unlike its `fetch` takes authorities and client certificates. Connections are kept for
 * the next request while both sides like; they keep no process alive.
 */
export function nodeTransport({ ca, cert, key }: ClientTls): Transport {
  const agent = new Agent({
    keepAlive: true,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  });
  return async (url, { method, headers, body, signal }) => {
    const options: RequestOptions = { method, headers, signal };
    const request = url.startsWith("https:")
      ? httpsRequest(url, { ...options, agent })
      : httpRequest(url, options);
    // What fails after the answer has come, such as the rest of a body that nobody wants, is of no interest.
    request.on("error", () => undefined);
    const answered = once(request, "response") as Promise<[IncomingMessage]>;
    request.end(body);
    const [response] = await answered;
    return { status: response.statusCode ?? 0, statusText: response.statusMessage ?? "", body: response };
  };
}
