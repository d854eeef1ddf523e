import type { ApiChannel, ApiEvents, ApiMembers, ApiStatus } from "../http/api-types.ts";
import type { ApiJourneys } from "../http/journey-types.ts";

const TIMEOUT_MS = 10_000;

/** The API has said no, or nothing. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** HTTP's; 0: there was no answer. */
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** What the page asks of the peer that it came from. Every function rejects with ApiError, or with the signal's reason. */
export class PageApi {
  /** Sent with every request; undefined: none is needed, as far as is known. */
  token: string | undefined;

  status(signal: AbortSignal): Promise<ApiStatus> {
    return this.#get("v1/status", signal);
  }

  members(signal: AbortSignal): Promise<ApiMembers> {
    return this.#get("v1/members", signal);
  }

  channel(name: string, signal: AbortSignal): Promise<ApiChannel> {
    return this.#get(`v1/channels/${encodeURIComponent(name)}`, signal);
  }

  journeys(name: string, from: number, signal: AbortSignal): Promise<ApiJourneys> {
    return this.#get(`v1/channels/${encodeURIComponent(name)}/journeys?from=${from}`, signal);
  }

  events(after: number, signal: AbortSignal): Promise<ApiEvents> {
    return this.#get(`v1/events?after=${after}`, signal);
  }

  async #get<T>(path: string, signal: AbortSignal): Promise<T> {
    const headers: Record<string, string> = { accept: "application/json" };
    if (this.token !== undefined) headers["authorization"] = `Bearer ${this.token}`;
    const signals = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
    let response: Response;
    let body: unknown;
    try {
      response = await fetch(path, { headers, signal: signals, cache: "no-store" });
      body = await response.json();
    } catch (cause) {
      signal.throwIfAborted();
      throw new ApiError(0, "the peer does not answer", { cause });
    }
    if (!response.ok) throw new ApiError(response.status, messageOf(body) ?? response.statusText);
    // The page and the API are of one version: the peer serves both.
    return body as T;
  }
}

function messageOf(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  const { error, detail } = body as { error?: { message?: unknown }; detail?: unknown };
  const message = error?.message ?? detail;
  return typeof message === "string" ? message : undefined;
}
