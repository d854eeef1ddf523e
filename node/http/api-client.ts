import { Buffer } from "node:buffer";
import { createSecureContext } from "node:tls";
import type * as z from "zod";
import {
  antiEntropySchema,
  blockSummarySchema,
  channelSchema,
  errorSchema,
  meetSchema,
  membersSchema,
  statusSchema,
  type ApiAntiEntropy,
  type ApiAntiEntropyChange,
  type ApiBlockSummary,
  type ApiChannel,
  type ApiMember,
  type ApiStatus,
} from "./api-types.ts";
import { NodeError } from "../errors.ts";
import { reason } from "../files.ts";
import { isLoopback } from "./hostname.ts";
import { HttpConnections, type ClientTls, type HttpAnswer, type HttpQuestion } from "./http-request.ts";

/** What became of a block that was handed in. */
export type Submission =
  | ({ readonly kind: "accepted" | "held" } & ApiBlockSummary)
  | { readonly kind: "refused"; readonly status: number; readonly code: string; readonly message: string };

/** What a client has to open an API with. */
export interface ApiCredentials extends ClientTls {
  /** As `blockgossip token create` printed it. */
  readonly token?: string | undefined;
}

const TIMEOUT_MS = 30_000;

/**
 * A peer's HTTP API as functions. Every one rejects with NodeError: `API_UNREACHABLE` where there is no peer, and,
 * but for `submit`, `REJECTED` where the peer says no.
 */
export class ApiClient {
  readonly url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #connections: HttpConnections;

  /**
   * Takes a URL or `HOST:PORT`, which is `https` where there is something to use in TLS.
   *
   * @throws NodeError `CONFIG_INVALID`, also where credentials do not go with the URL or cannot be used.
   */
  constructor(url: string, { token, ...tls }: ApiCredentials = {}) {
    const isTls = Object.values(tls).some((pem) => pem !== undefined);
    const full = /^https?:\/\//.test(url) ? url : `${isTls ? "https" : "http"}://${url}`;
    if (!URL.canParse(full))
      throw new NodeError(
        "CONFIG_INVALID",
        `the API's address is ${JSON.stringify(url)}; allowed is a URL such as http://127.0.0.1:9800`,
      );
    const { protocol, hostname } = new URL(full);
    if (protocol === "http:" && isTls)
      throw new NodeError("CONFIG_INVALID", `${url} is without TLS, where ca, cert and key have no use`);
    if (protocol === "http:" && token !== undefined && !isLoopback(hostname.replace(/^\[(.*)\]$/, "$1")))
      throw new NodeError(
        "CONFIG_INVALID",
        `the token would go to ${url} readable by all on the way; use https`,
      );
    this.url = full.replace(/\/+$/, "");
    this.#headers = token === undefined ? {} : { authorization: `Bearer ${checkToken(token)}` };
    this.#connections = connections(tls);
  }

  async status(signal?: AbortSignal): Promise<ApiStatus> {
    return await this.#json("/v1/status", statusSchema, signal);
  }

  /** All members; of one channel if one is named. */
  async members(channel?: string, signal?: AbortSignal): Promise<readonly ApiMember[]> {
    const query = channel === undefined ? "" : `?channel=${encodeURIComponent(channel)}`;
    return (await this.#json(`/v1/members${query}`, membersSchema, signal)).members;
  }

  /** Lets the peer get to know the one at this address. The other's peer id. */
  async meet(address: string, signal?: AbortSignal): Promise<string> {
    return (
      await this.#send("/v1/members/meet", { method: "POST", content: { address } }, meetSchema, signal)
    ).peer;
  }

  async channel(name: string, signal?: AbortSignal): Promise<ApiChannel> {
    return await this.#json(`/v1/channels/${encodeURIComponent(name)}`, channelSchema, signal);
  }

  /** How the peer compares what it holds with others. */
  async antiEntropy(channel: string, signal?: AbortSignal): Promise<ApiAntiEntropy> {
    return await this.#json(antiEntropyPath(channel), antiEntropySchema, signal);
  }

  /** Changes that, until the peer ends. What is so from now on. */
  async setAntiEntropy(
    channel: string,
    change: ApiAntiEntropyChange,
    signal?: AbortSignal,
  ): Promise<ApiAntiEntropy> {
    return await this.#send(
      antiEntropyPath(channel),
      { method: "PUT", content: change },
      antiEntropySchema,
      signal,
    );
  }

  /** The exact bytes of a block. */
  async block(channel: string, number: number, signal?: AbortSignal): Promise<Uint8Array> {
    const answer = await this.#ask(`${blocksPath(channel)}/${number}`, GET, signal);
    if (!isOk(answer)) throw rejection(this.url, answer);
    return answer.body;
  }

  /** Hands in a block. */
  async submit(channel: string, block: Uint8Array, signal?: AbortSignal): Promise<Submission> {
    const headers = { "content-type": "application/octet-stream" };
    const answer = await this.#ask(blocksPath(channel), { method: "POST", headers, body: block }, signal);
    if (isOk(answer)) {
      const held = this.#parse(answer, blockSummarySchema);
      return { kind: answer.status === 201 ? "accepted" : "held", ...held };
    }
    return { kind: "refused", status: answer.status, ...errorOf(answer) };
  }

  async #send<Schema extends z.ZodType>(
    path: string,
    { method, content }: { readonly method: HttpQuestion["method"]; readonly content: unknown },
    schema: Schema,
    signal?: AbortSignal,
  ): Promise<z.output<Schema>> {
    const headers = { "content-type": "application/json" };
    const body = Buffer.from(JSON.stringify(content));
    const answer = await this.#ask(path, { method, headers, body }, signal);
    if (!isOk(answer)) throw rejection(this.url, answer);
    return this.#parse(answer, schema);
  }

  async #json<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    signal?: AbortSignal,
  ): Promise<z.output<Schema>> {
    const answer = await this.#ask(path, GET, signal);
    if (!isOk(answer)) throw rejection(this.url, answer);
    return this.#parse(answer, schema);
  }

  async #ask(
    path: string,
    question: Omit<HttpQuestion, "signal">,
    signal?: AbortSignal,
  ): Promise<HttpAnswer> {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const signals = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
    const headers = { ...this.#headers, ...question.headers };
    try {
      return await this.#connections.ask(`${this.url}${path}`, { ...question, headers, signal: signals });
    } catch (cause) {
      const why = signals.aborted ? reason(signals.reason) : connectionFault(cause);
      throw new NodeError("API_UNREACHABLE", `no peer answers at ${this.url}: ${why}`, { cause });
    }
  }

  #parse<Schema extends z.ZodType>(answer: HttpAnswer, schema: Schema): z.output<Schema> {
    const parsed = schema.safeParse(jsonOf(answer));
    if (parsed.success) return parsed.data;
    throw new NodeError("API_UNREACHABLE", `${this.url} does not answer as a peer of this version does`, {
      cause: parsed.error,
    });
  }
}

const GET: Omit<HttpQuestion, "signal"> = { method: "GET", headers: {} };

/** The text in a shape that a header can have. It is a secret, so it is not repeated. */
function checkToken(token: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new NodeError(
    "CONFIG_INVALID",
    "the token is empty or has blanks or other characters that no token has",
  );
}

function connections(tls: ClientTls): HttpConnections {
  try {
    createSecureContext({ ...tls });
  } catch (cause) {
    throw new NodeError("CONFIG_INVALID", `ca, cert and key cannot be used: ${reason(cause)}`, { cause });
  }
  return new HttpConnections(tls);
}

/** A name that has several addresses fails once for each. */
function connectionFault(cause: unknown): string {
  const first: unknown = cause instanceof AggregateError ? cause.errors[0] : cause;
  return reason(first) || "connection refused";
}

function isOk({ status }: HttpAnswer): boolean {
  return status >= 200 && status < 300;
}

function blocksPath(channel: string): string {
  return `/v1/channels/${encodeURIComponent(channel)}/blocks`;
}

function antiEntropyPath(channel: string): string {
  return `/v1/channels/${encodeURIComponent(channel)}/anti-entropy`;
}

function rejection(url: string, answer: HttpAnswer): NodeError {
  const { code, message } = errorOf(answer);
  return new NodeError("REJECTED", `${url} refused: ${message} (${code})`);
}

function errorOf(answer: HttpAnswer): { readonly code: string; readonly message: string } {
  const parsed = errorSchema.safeParse(jsonOf(answer));
  return parsed.success ? parsed.data.error : { code: `HTTP_${answer.status}`, message: answer.statusText };
}

/** Undefined where it is no JSON. */
function jsonOf({ body }: HttpAnswer): unknown {
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8"));
  } catch {
    return undefined;
  }
}
