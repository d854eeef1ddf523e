import { isIPv4, isIPv6 } from "node:net";
import { multiaddr } from "@multiformats/multiaddr";
import type { ChannelConfig } from "../../chain/channel-config.ts";
import type { AnchorPeer, Contact, Endpoints, PeerId } from "../../gossip/ports.ts";
import { ADDRESSES_MAX } from "../../gossip/wire/statements.ts";
import type { PeerConfig } from "./config.ts";

/**
 * Where others reach the peer: the first addresses of each kind, as many as one statement may have. Where everybody is
 * let in there is no inside.
 */
export function endpointsOf(config: PeerConfig, multiaddrs: readonly string[]): Endpoints {
  const announced = config.announce.length === 0 ? multiaddrs : config.announce;
  if (config.admission === "open")
    return { internal: [], external: tellable([...announced, ...config.externalEndpoints]) };
  const external = tellable(config.externalEndpoints);
  // What everybody is told need not be told again.
  const internal = tellable(announced.filter((address) => !external.includes(withoutPeerId(address))));
  return { internal, external };
}

function tellable(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.map(withoutPeerId))].slice(0, ADDRESSES_MAX);
}

/** Where the anchor peers of a channel's configuration are; those without a usable address are left out. */
export function anchorsOf(config: ChannelConfig): readonly AnchorPeer[] {
  return config.anchorPeers.flatMap(({ mspId, host, port }) => {
    if (host === "" || port < 1 || port > 65_535) return [];
    return [{ organisation: mspId, address: tcpAddress(host, port) }];
  });
}

/** The address of a TCP port at an IP address or a DNS name. */
export function tcpAddress(host: string, port: number): string {
  const network = isIPv4(host) ? "ip4" : isIPv6(host) ? "ip6" : "dns";
  return `/${network}/${host}/tcp/${port}`;
}

/** Other peers by their addresses with peer ids. */
export function contactsOf(addresses: readonly string[], self: PeerId): readonly Contact[] {
  const byPeer = new Map<PeerId, string[]>();
  for (const address of addresses) {
    if (address.endsWith(`/${self}`)) continue;
    const peer = multiaddr(address).getComponents().at(-1)?.value as PeerId;
    byPeer.set(peer, [...(byPeer.get(peer) ?? []), withoutPeerId(address)]);
  }
  return [...byPeer].map(([peer, theirs]) => ({ peer, addresses: theirs }));
}

function withoutPeerId(address: string): string {
  return address.replace(/\/p2p\/[^/]+$/, "");
}
