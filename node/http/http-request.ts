import { Buffer } from "node:buffer";
import { once } from "node:events";
import { request as httpRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { Agent, request as httpsRequest } from "node:https";

/** What a server answered, all of it. */
export interface HttpAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly body: Uint8Array;
}

/** What a client trusts, and shows, in TLS; each in PEM. */
export interface ClientTls {
  /** Certificate authorities, in place of Node's own list. */
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** What is asked of a server. */
export interface HttpQuestion {
  readonly method: "GET" | "POST" | "PUT";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly signal: AbortSignal;
}

/** Connections to servers, kept for the next request while both sides like. They keep no process alive. */
export class HttpConnections {
  readonly #agent: Agent;

  constructor({ ca, cert, key }: ClientTls = {}) {
    this.#agent = new Agent({
      keepAlive: true,
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
    });
  }

  /** Asks once, and follows no redirection: credentials are for the server that was named. Rejects with Node's errors. */
  async ask(url: string, question: HttpQuestion): Promise<HttpAnswer> {
    return await wholeAnswer(await this.open(url, question));
  }

  /** The same with a body that is yet to come; where it breaks off, reading it fails with Node's errors. */
  async open(url: string, { method, headers, body, signal }: HttpQuestion): Promise<IncomingMessage> {
    const options: RequestOptions = { method, headers, signal };
    const request = url.startsWith("https:")
      ? httpsRequest(url, { ...options, agent: this.#agent })
      : httpRequest(url, options);
    // What fails after the answer has come, such as the rest of a body that nobody wants, is of no interest.
    request.on("error", () => undefined);
    const answered = once(request, "response") as Promise<[IncomingMessage]>;
    request.end(body === undefined ? undefined : Buffer.from(body.buffer, body.byteOffset, body.byteLength));
    const [response] = await answered;
    return response;
  }
}

/** No block is larger than 100 MiB, nor is anything else that a peer answers. */
const ANSWER_BYTES_MAX = 128 << 20;

/** Reads an answer to its end. Rejects where it is larger than any peer's. */
export async function wholeAnswer(response: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) throw new Error(`an answer of more than ${ANSWER_BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  return {
    status: response.statusCode ?? 0,
    statusText: response.statusMessage ?? "",
    body: Buffer.concat(chunks),
  };
}
