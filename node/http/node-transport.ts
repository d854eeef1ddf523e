import { once } from "node:events";
import {
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
  type RequestOptions,
} from "node:http";
import { Agent, request as httpsRequest } from "node:https";
import type { HttpQuestion, Transport } from "./transport.ts";

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
  return async (url, question) => {
    for (;;) {
      const request = begin(url, question, agent);
      try {
        const [response] = (await once(request, "response")) as [IncomingMessage];
        return { status: response.statusCode ?? 0, statusText: response.statusMessage ?? "", body: response };
      } catch (error) {
        if (!isLateForConnection(request, question, error)) throw error;
      }
    }
  };
}

function begin(url: string, { method, headers, body, signal }: HttpQuestion, agent: Agent): ClientRequest {
  const options: RequestOptions = { method, headers, signal };
  const request = url.startsWith("https:")
    ? httpsRequest(url, { ...options, agent })
    : httpRequest(url, options);
  // What fails after the answer has come, such as the rest of a body that nobody wants, is of no interest.
  request.on("error", () => undefined);
  request.end(body);
  return request;
}

/**
 * Whether the server has closed a connection of before as we were about to use it again (Node.js, `request.reusedSocket`).
 * Then the same is asked on another one, unless asking it twice could do it twice.
 */
function isLateForConnection(
  request: ClientRequest,
  { method, signal }: HttpQuestion,
  error: unknown,
): boolean {
  const isReset = error instanceof Error && "code" in error && error.code === "ECONNRESET";
  return isReset && request.reusedSocket && method !== "POST" && !signal.aborted;
}
