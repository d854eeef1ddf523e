import type { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { authorityHostname } from "./hostname.ts";
import { isLoopback } from "./loopback.ts";

/**
 * The names that the API goes by. A browser that was led to the API by a name of somebody else's (DNS rebinding) says
 * that name in the Host header.
 */
export class HttpHosts {
  readonly #names: ReadonlySet<string>;
  readonly #certificate: X509Certificate | undefined;

  /** Loopback's names and those in the TLS certificate count without being given. */
  constructor(names: readonly string[], certificate: X509Certificate | undefined) {
    this.#names = new Set(
      names.map((name) => authorityHostname(isIP(name) === 6 ? `[${name}]` : name) ?? name),
    );
    this.#certificate = certificate;
  }

  /**
   * Whether a Host header is for this API.
   *
   * @param localAddress where the connection came in: an address cannot be another's name.
   */
  isOwn(host: string, localAddress: string | undefined): boolean {
    const hostname = authorityHostname(host);
    if (hostname === undefined) return false;
    return (
      isLoopback(hostname) ||
      hostname === localAddress?.replace(/^::ffff:(?=\d+\.)/, "") ||
      this.#names.has(hostname) ||
      this.#isCertified(hostname)
    );
  }

  #isCertified(hostname: string): boolean {
    const certified =
      isIP(hostname) === 0 ? this.#certificate?.checkHost(hostname) : this.#certificate?.checkIP(hostname);
    return certified !== undefined;
  }
}

/** Whether an Origin header names the API that the Host header does, with the same port. */
export function isSameOrigin(origin: string, scheme: "http" | "https", host: string): boolean {
  const own = `${scheme}://${host}`;
  return URL.canParse(origin) && URL.canParse(own) && new URL(origin).origin === new URL(own).origin;
}
