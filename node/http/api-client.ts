import { Buffer } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { createSecureContext } from "node:tls";
import type * as z from "zod";
import {
  antiEntropySchema,
  blockSummarySchema,
  channelSchema,
  errorSchema,
  eventsSchema,
  fabricErrorSchema,
  logSpecSchema,
  meetSchema,
  repairSchema,
  membersSchema,
  sentEventSchema,
  statusSchema,
  type ApiAntiEntropy,
  type ApiAntiEntropyChange,
  userEventSchema,
  type ApiBlockSummary,
  type ApiChannel,
  type ApiEvents,
  type ApiLogSpec,
  type ApiMember,
  type ApiRepair,
  type ApiStatus,
  type ApiUserEvent,
} from "./api-types.ts";
import { NodeError } from "../errors.ts";
import { reason } from "../files.ts";
import { isLoopback } from "./hostname.ts";
import { streamMessages } from "./event-stream.ts";
import {
  HttpConnections,
  wholeAnswer,
  type ClientTls,
  type HttpAnswer,
  type HttpQuestion,
} from "./http-request.ts";

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
/** A stream that says nothing for so long has broken off: a peer says that it goes on every 15 s. */
const STREAM_SILENCE_MS_MAX = 45_000;
/** A ring of repair reads all disks one after the other. */
const REPAIR_TIMEOUT_MS = 24 * 60 * 60 * 1_000;

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
    return this.#parse(await this.#post("/v1/members/meet", { address }, signal), meetSchema).peer;
  }

  /** Lets the peer say goodbye to all others and end. */
  async leave(signal?: AbortSignal): Promise<void> {
    await this.#post("/v1/leave", {}, signal);
  }

  /** Tells all members something. Its Lamport time. */
  async sendEvent(name: string, payload: Uint8Array, signal?: AbortSignal): Promise<number> {
    const payloadBase64 = Buffer.from(payload).toString("base64");
    const answer = await this.#post("/v1/events", { name, payloadBase64 }, signal);
    return this.#parse(answer, sentEventSchema).time;
  }

  /** The events that the peer remembers, or those of them with a later time. */
  async events(after = 0, signal?: AbortSignal): Promise<ApiEvents> {
    return await this.#json(`/v1/events?after=${after}`, eventsSchema, signal);
  }

  /**
   * The events with a later time that the peer remembers, then all that come, until the signal; it then rejects with
   * the signal's reason. `REJECTED` also where the peer has cut us off for being too slow.
   */
  async *followEvents(after: number, signal: AbortSignal): AsyncGenerator<ApiUserEvent> {
    const response = await this.#open(`/v1/events?after=${after}&follow=true`, signal);
    try {
      for await (const { event, data } of streamMessages(response)) {
        const answer = { status: 200, statusText: "", body: Buffer.from(data) };
        if (event === "user-event") yield this.#parse(answer, userEventSchema);
        else if (event === "cut") throw rejection(this.url, answer);
      }
    } catch (cause) {
      if (cause instanceof NodeError) throw cause;
      signal.throwIfAborted();
      throw new NodeError("API_UNREACHABLE", `${this.url} has broken off: ${reason(cause)}`, { cause });
    } finally {
      response.destroy();
    }
    throw new NodeError("API_UNREACHABLE", `${this.url} tells no more events: the peer stops`);
  }

  async channel(name: string, signal?: AbortSignal): Promise<ApiChannel> {
    return await this.#json(`/v1/channels/${encodeURIComponent(name)}`, channelSchema, signal);
  }

  /** Has the peer lead a ring of repair in the channel; with `verify` every member reads all that it has stored. */
  async repair(name: string, verify: boolean, signal?: AbortSignal): Promise<ApiRepair> {
    const path = `/v1/channels/${encodeURIComponent(name)}/repair?verify=${verify}`;
    const question = { method: "POST", headers: {}, timeoutMs: REPAIR_TIMEOUT_MS } as const;
    const answer = await this.#ask(path, question, signal);
    if (!isOk(answer)) throw rejection(this.url, answer);
    return this.#parse(answer, repairSchema);
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

  /** Which level each of the peer's loggers has. */
  async logSpec(signal?: AbortSignal): Promise<ApiLogSpec> {
    return await this.#json("/logspec", logSpecSchema, signal);
  }

  /** Changes that, until the peer ends, by a specification in Fabric's syntax. */
  async setLogSpec(spec: string, signal?: AbortSignal): Promise<void> {
    const headers = { "content-type": "application/json" };
    const body = Buffer.from(JSON.stringify({ spec }));
    const answer = await this.#ask("/logspec", { method: "PUT", headers, body }, signal);
    if (!isOk(answer)) throw rejection(this.url, answer);
  }

  /** What the peer has measured, in Prometheus' text format. */
  async metrics(signal?: AbortSignal): Promise<string> {
    const answer = await this.#ask("/metrics", GET, signal);
    if (!isOk(answer)) throw rejection(this.url, answer);
    return Buffer.from(answer.body).toString("utf8");
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

  async #post(path: string, content: unknown, signal?: AbortSignal): Promise<HttpAnswer> {
    const headers = { "content-type": "application/json" };
    const body = Buffer.from(JSON.stringify(content));
    const answer = await this.#ask(path, { method: "POST", headers, body }, signal);
    if (!isOk(answer)) throw rejection(this.url, answer);
    return answer;
  }

  /** An answer that is read as it comes. */
  async #open(path: string, signal: AbortSignal): Promise<IncomingMessage> {
    const question: HttpQuestion = { method: "GET", headers: this.#headers, signal };
    const response = await this.#connections.open(`${this.url}${path}`, question).catch((cause: unknown) => {
      signal.throwIfAborted();
      const why = connectionFault(cause);
      throw new NodeError("API_UNREACHABLE", `no peer answers at ${this.url}: ${why}`, { cause });
    });
    response.setTimeout(STREAM_SILENCE_MS_MAX, () => response.destroy(new Error("it has fallen silent")));
    if (response.statusCode !== 200) throw rejection(this.url, await wholeAnswer(response));
    return response;
  }

  async #ask(
    path: string,
    { timeoutMs = TIMEOUT_MS, ...question }: Question,
    signal?: AbortSignal,
  ): Promise<HttpAnswer> {
    const timeout = AbortSignal.timeout(timeoutMs);
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

type Question = Omit<HttpQuestion, "signal"> & { readonly timeoutMs?: number };

const GET: Question = { method: "GET", headers: {} };

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
  const kind = answer.status === 404 ? "NOT_FOUND" : "REJECTED";
  return new NodeError(kind, `${url} refused: ${message} (${code})`);
}

function errorOf(answer: HttpAnswer): { readonly code: string; readonly message: string } {
  const json = jsonOf(answer);
  const parsed = errorSchema.safeParse(json);
  if (parsed.success) return parsed.data.error;
  const fabric = fabricErrorSchema.safeParse(json);
  const message = fabric.success ? fabric.data.error : answer.statusText;
  return { code: `HTTP_${answer.status}`, message };
}

/** Undefined where it is no JSON. */
function jsonOf({ body }: HttpAnswer): unknown {
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8"));
  } catch {
    return undefined;
  }
}
