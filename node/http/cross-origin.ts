import type { FastifyRequest } from "fastify";

/** How long a browser need not ask again whether it may ask. */
const PREFLIGHT_AGE_S = 600;

/** Web pages of other origins that may use the API, by the rules of the Fetch standard (CORS). */
export class CrossOrigin {
  readonly #origins: ReadonlySet<string>;

  /** @param origins as browsers write them, such as `https://explorer.example.org`. */
  constructor(origins: readonly string[]) {
    this.#origins = new Set(origins);
  }

  /** Whether a page of that origin may. */
  allows(origin: string): boolean {
    return this.#origins.has(origin);
  }

  /** Whether it is the question of a browser that such a page may ask something; it never has credentials. */
  isPreflight({ method, headers }: FastifyRequest): boolean {
    const { origin, "access-control-request-method": wanted } = headers;
    return method === "OPTIONS" && wanted !== undefined && origin !== undefined && this.allows(origin);
  }

  /** What the browser is told, whatever the answer. */
  headers(request: FastifyRequest): Readonly<Record<string, string>> {
    const { origin } = request.headers;
    if (this.#origins.size === 0) return {};
    if (origin === undefined || !this.allows(origin)) return { vary: "origin" };
    return {
      vary: "origin",
      "access-control-allow-origin": origin,
      ...(this.isPreflight(request) ? PREFLIGHT : {}),
    };
  }
}

const PREFLIGHT = {
  "access-control-allow-methods": "GET, POST, PUT",
  "access-control-allow-headers": "accept, authorization, content-type, last-event-id",
  "access-control-max-age": String(PREFLIGHT_AGE_S),
};
