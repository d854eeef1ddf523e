import { Buffer } from "node:buffer";
import type * as z from "zod";
import {
  blockSummarySchema,
  channelSchema,
  errorSchema,
  membersSchema,
  statusSchema,
  type ApiBlockSummary,
  type ApiChannel,
  type ApiMember,
  type ApiStatus,
} from "./api-types.ts";
import { NodeError } from "./errors.ts";
import { reason } from "./files.ts";

/** What became of a block that was handed in. */
export type Submission =
  | ({ readonly kind: "accepted" | "held" } & ApiBlockSummary)
  | { readonly kind: "refused"; readonly status: number; readonly code: string; readonly message: string };

const TIMEOUT_MS = 30_000;

/**
 * A peer's HTTP API as functions. Every one rejects with NodeError: `API_UNREACHABLE` where there is no peer, and,
 * but for `submit`, `REJECTED` where the peer says no.
 */
export class ApiClient {
  readonly url: string;

  /** Takes a URL or `HOST:PORT`. @throws NodeError `CONFIG_INVALID`. */
  constructor(url: string) {
    const full = /^https?:\/\//.test(url) ? url : `http://${url}`;
    if (!URL.canParse(full))
      throw new NodeError(
        "CONFIG_INVALID",
        `the API's address is ${JSON.stringify(url)}; allowed is a URL such as http://127.0.0.1:9800`,
      );
    this.url = full.replace(/\/+$/, "");
  }

  async status(signal?: AbortSignal): Promise<ApiStatus> {
    return await this.#json("/v1/status", statusSchema, signal);
  }

  /** All members; of one channel if one is named. */
  async members(channel?: string, signal?: AbortSignal): Promise<readonly ApiMember[]> {
    const query = channel === undefined ? "" : `?channel=${encodeURIComponent(channel)}`;
    return (await this.#json(`/v1/members${query}`, membersSchema, signal)).members;
  }

  async channel(name: string, signal?: AbortSignal): Promise<ApiChannel> {
    return await this.#json(`/v1/channels/${encodeURIComponent(name)}`, channelSchema, signal);
  }

  /** The exact bytes of a block. */
  async block(channel: string, number: number, signal?: AbortSignal): Promise<Uint8Array> {
    const response = await this.#fetch(`${blocksPath(channel)}/${number}`, {}, signal);
    if (!response.ok) throw await rejection(this.url, response);
    return new Uint8Array(await this.#read(() => response.arrayBuffer()));
  }

  /** Hands in a block. */
  async submit(channel: string, block: Uint8Array, signal?: AbortSignal): Promise<Submission> {
    const headers = { "content-type": "application/octet-stream" };
    const request = { method: "POST", headers, body: Buffer.from(block) };
    const response = await this.#fetch(blocksPath(channel), request, signal);
    if (response.ok) {
      const held = await this.#parse(response, blockSummarySchema);
      return { kind: response.status === 201 ? "accepted" : "held", ...held };
    }
    return { kind: "refused", status: response.status, ...(await errorOf(response)) };
  }

  async #json<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    signal?: AbortSignal,
  ): Promise<z.output<Schema>> {
    const response = await this.#fetch(path, {}, signal);
    if (!response.ok) throw await rejection(this.url, response);
    return await this.#parse(response, schema);
  }

  async #fetch(path: string, request: RequestInit, signal?: AbortSignal): Promise<Response> {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const signals = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
    return await this.#read(() => fetch(`${this.url}${path}`, { ...request, signal: signals }));
  }

  async #parse<Schema extends z.ZodType>(response: Response, schema: Schema): Promise<z.output<Schema>> {
    const parsed = schema.safeParse(await this.#read(() => response.json()));
    if (parsed.success) return parsed.data;
    throw new NodeError("API_UNREACHABLE", `${this.url} does not answer as a peer of this version does`, {
      cause: parsed.error,
    });
  }

  async #read<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (cause) {
      // The fetch function hides why in the cause.
      const why = reason(cause instanceof TypeError && cause.cause !== undefined ? cause.cause : cause);
      throw new NodeError(
        "API_UNREACHABLE",
        `no peer answers at ${this.url}: ${why || "connection refused"}`,
        {
          cause,
        },
      );
    }
  }
}

function blocksPath(channel: string): string {
  return `/v1/channels/${encodeURIComponent(channel)}/blocks`;
}

async function rejection(url: string, response: Response): Promise<NodeError> {
  const { code, message } = await errorOf(response);
  return new NodeError("REJECTED", `${url} refused: ${message} (${code})`);
}

async function errorOf(response: Response): Promise<{ readonly code: string; readonly message: string }> {
  const parsed = errorSchema.safeParse(await response.json().catch(() => undefined));
  return parsed.success
    ? parsed.data.error
    : { code: `HTTP_${response.status}`, message: response.statusText };
}
