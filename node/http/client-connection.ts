import { createParser, type EventSourceMessage } from "eventsource-parser";
import type * as z from "zod";
import { NodeError, RejectedError } from "../errors.ts";
import { jsonOf } from "../json-of.ts";
import { problemSchema, type ApiProblem } from "./api-types.ts";
import { isLoopback } from "./loopback.ts";
import {
  transportFault,
  wholeBody,
  type HttpAnswer,
  type HttpQuestion,
  type Transport,
} from "./transport.ts";

/** One request; by default a GET without a body that is answered within 30 s. */
export interface ClientRequest {
  readonly method?: HttpQuestion["method"];
  /** Sent as JSON. */
  readonly content?: unknown;
  /** Sent as it is. */
  readonly bytes?: Uint8Array;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** An answer, all of it. */
export interface WholeAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly body: Uint8Array;
}

const TIMEOUT_MS = 30_000;
/** A stream that says nothing for so long has broken off: a peer says that it goes on every 15 s. */
const SILENCE_MS_MAX = 45_000;

/** Asks one API, with a token where there is one, and knows how it answers. */
export class ClientConnection {
  /** Without a slash at its end. */
  readonly url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #transport: Transport;

  /** @throws NodeError `CONFIG_INVALID`, also where the token would go over a network that others read. */
  constructor(url: string, transport: Transport, token: string | undefined) {
    if (!/^https?:\/\//.test(url) || !URL.canParse(url))
      throw new NodeError(
        "CONFIG_INVALID",
        `the API's address is ${JSON.stringify(url)}; allowed is a URL such as http://127.0.0.1:9800`,
      );
    const { protocol, hostname } = new URL(url);
    if (protocol === "http:" && token !== undefined && !isLoopback(hostname.replace(/^\[(.*)\]$/, "$1")))
      throw new NodeError(
        "CONFIG_INVALID",
        `the token would go to ${url} readable by all on the way; use https`,
      );
    this.url = url.replace(/\/+$/, "");
    this.#headers = token === undefined ? {} : { authorization: `Bearer ${checkToken(token)}` };
    this.#transport = transport;
  }

  /** What was answered as the schema has it. @throws NodeError `REJECTED`, `API_UNREACHABLE`. */
  async json<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    request: ClientRequest = {},
  ): Promise<z.output<Schema>> {
    return this.parse(bodyJson((await this.accepted(path, request)).body), schema);
  }

  /** What was answered. @throws NodeError `REJECTED` where that is no, `API_UNREACHABLE`. */
  async accepted(path: string, request: ClientRequest = {}): Promise<WholeAnswer> {
    const answer = await this.ask(path, request);
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw this.#rejection(answer);
  }

  /** What was answered, whatever it is. @throws NodeError `API_UNREACHABLE`. */
  async ask(
    path: string,
    { method = "GET", content, bytes, timeoutMs = TIMEOUT_MS, signal }: ClientRequest,
  ): Promise<WholeAnswer> {
    const timeout = AbortSignal.timeout(timeoutMs);
    const type = bytes === undefined ? "application/json" : "application/octet-stream";
    const body =
      bytes ?? (content === undefined ? undefined : new TextEncoder().encode(JSON.stringify(content)));
    const signals = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
    try {
      const answer = await this.#transport(`${this.url}${path}`, {
        method,
        headers: { ...this.#headers, ...(body === undefined ? {} : { "content-type": type }) },
        ...(body === undefined ? {} : { body: body as Uint8Array<ArrayBuffer> }),
        signal: signals,
      });
      return { status: answer.status, statusText: answer.statusText, body: await wholeBody(answer) };
    } catch (cause) {
      throw this.#unreachable(signals.aborted ? signals.reason : cause);
    }
  }

  /**
   * The server-sent events of a stream, until it ends or the signal is aborted, with whose reason it then rejects.
   *
   * @throws NodeError `REJECTED`, also for the event `cut`; `API_UNREACHABLE`, also where it breaks off.
   */
  async *messages(path: string, signal: AbortSignal): AsyncGenerator<EventSourceMessage> {
    const silence = new AbortController();
    const answer = await this.#open(path, AbortSignal.any([signal, silence.signal]), signal);
    const body = answer.body[Symbol.asyncIterator]();
    const decoder = new TextDecoder();
    const read: EventSourceMessage[] = [];
    const parser = createParser({ onEvent: (message) => read.push(message) });
    try {
      for (;;) {
        const timer = setTimeout(() => silence.abort(new Error("it has fallen silent")), SILENCE_MS_MAX);
        const { done, value } = await body.next().finally(() => clearTimeout(timer));
        if (done === true) return;
        parser.feed(decoder.decode(value, { stream: true }));
        yield* this.#uncut(read.splice(0));
      }
    } catch (cause) {
      if (cause instanceof NodeError) throw cause;
      signal.throwIfAborted();
      const why = transportFault(silence.signal.aborted ? silence.signal.reason : cause);
      throw new NodeError("API_UNREACHABLE", `${this.url} has broken off: ${why}`, { cause });
    } finally {
      await body.return?.().catch(() => undefined);
    }
  }

  *#uncut(messages: readonly EventSourceMessage[]): Generator<EventSourceMessage> {
    for (const message of messages) {
      if (message.event === "cut") throw this.#rejection(cutOf(message));
      yield message;
    }
  }

  /** A value as the schema has it. @throws NodeError `API_UNREACHABLE` with zod's error as its cause. */
  parse<Schema extends z.ZodType>(value: unknown, schema: Schema): z.output<Schema> {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    throw new NodeError("API_UNREACHABLE", `${this.url} does not answer as a peer of this version does`, {
      cause: parsed.error,
    });
  }

  async #open(path: string, either: AbortSignal, signal: AbortSignal): Promise<HttpAnswer> {
    const question = { method: "GET", headers: this.#headers, signal: either } as const;
    const answer = await this.#transport(`${this.url}${path}`, question).catch((cause: unknown) => {
      signal.throwIfAborted();
      throw this.#unreachable(cause);
    });
    if (answer.status === 200) return answer;
    throw this.#rejection({ ...answer, body: await wholeBody(answer) });
  }

  #unreachable(cause: unknown): NodeError {
    return new NodeError("API_UNREACHABLE", `no peer answers at ${this.url}: ${transportFault(cause)}`, {
      cause,
    });
  }

  #rejection(answer: WholeAnswer): RejectedError {
    return new RejectedError(this.url, problemOf(answer));
  }
}

function cutOf({ data }: EventSourceMessage): WholeAnswer {
  return { status: 200, statusText: "", body: new TextEncoder().encode(data) };
}

/** What an answer says is wrong; something that is between us and the peer may have said it in its own way. */
export function problemOf({ status, statusText, body }: WholeAnswer): ApiProblem {
  const parsed = problemSchema.safeParse(bodyJson(body));
  if (parsed.success) return parsed.data;
  return { type: "about:blank", title: statusText, status, detail: statusText, code: `HTTP_${status}` };
}

/** An answer's body as JSON; undefined where it is none. */
export function bodyJson(body: Uint8Array): unknown {
  return jsonOf(new TextDecoder().decode(body));
}

/** The text in a shape that a header can have. It is a secret, so it is not repeated. */
function checkToken(token: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new NodeError(
    "CONFIG_INVALID",
    "the token is empty or has blanks or other characters that no token has",
  );
}
