import type { FastifyContextConfig, FastifyRequest } from "fastify";
import type { Logger } from "pino";
import { includesRight, type ApiRight } from "./api-right.ts";
import type { CrossOrigin } from "./cross-origin.ts";
import { clientCertificate } from "./client-certificate.ts";
import { NodeError } from "../errors.ts";
import { isSameOrigin, type HttpHosts } from "./http-hosts.ts";
import { REPEAT_INTERVAL_MS, RepeatFilter } from "../repeat-filter.ts";
import type { TokenFile } from "./token-file.ts";

/** What opens the API. Where there is neither, all are let in. */
export interface HttpGateOptions {
  readonly hosts: HttpHosts;
  readonly crossOrigin: CrossOrigin;
  readonly tokens: TokenFile | undefined;
  /** Whether certificates are asked for and verified by TLS. */
  readonly certificates: boolean;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

declare module "fastify" {
  interface FastifyContextConfig {
    /**
     * The right that the route needs; `none` also lets in who has no credentials. By default to read for GET and HEAD, to
     * submit for all else.
     */
    readonly right?: ApiRight | "none";
  }
}

/** What a request's credentials are worth. */
type Caller =
  | { readonly kind: "known"; readonly right: ApiRight; readonly name: string }
  | { readonly kind: "unknown"; readonly reason: Refusal; readonly detail?: string };

/** Why a request was not let in; the log has at most one of a kind in a second. */
type Refusal =
  | "foreign host"
  | "foreign origin"
  | "no credentials"
  | "unknown token"
  | "refused certificate"
  | "right missing";

const REFUSALS_MAX = 16;
const LOGGED_LENGTH_MAX = 200;

/**
 * Decides who may use the API: requests under its own names only, with credentials where it has some, and with the
 * right that they need. Who is refused learns that, and the log why.
 */
export class HttpGate {
  readonly #options: HttpGateOptions;
  readonly #repeats = new RepeatFilter(REPEAT_INTERVAL_MS, REFUSALS_MAX);

  constructor(options: HttpGateOptions) {
    this.#options = options;
  }

  /**
   * The caller's right; undefined where there are no credentials, or none that are known, and the route needs none.
   *
   * @throws NodeError `FORBIDDEN`, `UNAUTHENTICATED`, `RIGHT_MISSING`.
   */
  admit(request: FastifyRequest): ApiRight | undefined {
    this.#requireOwnHost(request);
    const caller = this.#identify(request);
    const needed = neededRight(request.method, request.routeOptions.config);
    if (caller.kind === "known") {
      if (needed === "none" || includesRight(caller.right, needed)) return caller.right;
      this.#log(request, "right missing", caller.name);
      throw new NodeError("RIGHT_MISSING", `this takes the right to ${needed}`);
    }
    if (needed === "none") return undefined;
    this.#log(request, caller.reason, caller.detail);
    throw new NodeError("UNAUTHENTICATED", "this takes a token or a client certificate that the peer knows");
  }

  #requireOwnHost(request: FastifyRequest): void {
    const { host = "", origin = "" } = request.headers;
    if (!this.#options.hosts.isOwn(host, request.socket.localAddress)) {
      this.#refuseForeign(request, "foreign host", host);
    }
    if (isFromElsewhere(request) && !this.#options.crossOrigin.allows(origin)) {
      this.#refuseForeign(request, "foreign origin", origin);
    }
  }

  #refuseForeign(request: FastifyRequest, reason: Refusal, name: string): never {
    this.#log(request, reason, name);
    throw new NodeError(
      "FORBIDDEN",
      reason === "foreign host"
        ? `the request is for host ${JSON.stringify(name)}, which is no name of this API (setting apiHosts)`
        : `the request comes from a page of ${name}, not from this API (setting apiOrigins)`,
    );
  }

  /** A token, where there is one, decides alone. */
  #identify(request: FastifyRequest): Caller {
    const { headers, socket } = request;
    const { tokens, certificates, now } = this.#options;
    if (tokens === undefined && !certificates) {
      // Who runs programs here may stop the peer anyhow; a page that is let in for its view of the blocks may not.
      const right = isFromElsewhere(request) ? "submit" : "operate";
      return { kind: "known", right, name: "anybody" };
    }
    if (headers.authorization !== undefined) {
      const [, token] = /^Bearer +(\S+) *$/i.exec(headers.authorization) ?? [];
      const record = token === undefined ? undefined : tokens?.find(token);
      if (record === undefined) return { kind: "unknown", reason: "unknown token" };
      return { kind: "known", right: record.right, name: `token ${record.name}` };
    }
    const certificate = clientCertificate(socket, now());
    switch (certificate.kind) {
      case "none":
        return { kind: "unknown", reason: "no credentials" };
      case "refused":
        return { kind: "unknown", reason: "refused certificate", detail: certificate.reason };
      case "trusted":
        return { kind: "known", right: certificate.right, name: certificate.subject };
      default:
        return certificate satisfies never;
    }
  }

  #log({ method, url, socket }: FastifyRequest, refusal: Refusal, detail = ""): void {
    const { logger, now } = this.#options;
    const suppressed = this.#repeats.pass(refusal, now());
    if (suppressed === undefined) return;
    const fields = {
      from: socket.remoteAddress,
      request: `${method} ${url}`.slice(0, LOGGED_LENGTH_MAX),
      ...(suppressed === 0 ? {} : { suppressed }),
    };
    const what = detail === "" ? refusal : `${refusal}: ${detail.slice(0, LOGGED_LENGTH_MAX)}`;
    logger.warn(fields, `refused a request to the API: ${what}`);
  }
}

/** Whether a browser says that another origin's page has sent it. */
function isFromElsewhere({ headers: { origin, host = "" }, protocol }: FastifyRequest): boolean {
  return origin !== undefined && !isSameOrigin(origin, protocol, host);
}

/** The right that a route needs. */
export function neededRight(method: string, config: FastifyContextConfig | undefined): ApiRight | "none" {
  return config?.right ?? (method === "GET" || method === "HEAD" ? "read" : "submit");
}
