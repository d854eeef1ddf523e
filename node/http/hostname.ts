import { isIP } from "node:net";

const NAME_LENGTH_MAX = 253;

/** Whether the text is a DNS name or an IP address without brackets. */
export function isHostname(text: string): boolean {
  const isName =
    text.length <= NAME_LENGTH_MAX &&
    /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/i.test(text);
  return isName || isIP(text) !== 0;
}

/**
 * The name or address that a URL's authority (a Host header) is for, as URLs write it: in lower case, IPv6 addresses
 * shortened and without brackets. Undefined where it is no `HOST` or `HOST:PORT`.
 */
export function authorityHostname(authority: string): string | undefined {
  const url = `http://${authority}`;
  if (!/^[\w.:[\]-]+$/.test(authority) || !URL.canParse(url)) return undefined;
  return new URL(url).hostname.replace(/^\[(.*)\]$/, "$1");
}

/** A hostname as it stands in a URL. */
export function bracketed(hostname: string): string {
  return hostname.includes(":") ? `[${hostname}]` : hostname;
}
