import {
  serviceCapabilities,
  transportSymbol,
  type Connection,
  type CreateListenerOptions,
  type DialTransportOptions,
  type Listener,
  type MultiaddrConnection,
  type Transport,
  type Upgrader,
} from "@libp2p/interface";
import { tcp } from "@libp2p/tcp";
import type { Multiaddr } from "@multiformats/multiaddr";
import { SystemClock } from "../../node/system-clock.ts";
import type { Link } from "./link.ts";
import { ShapedConnection } from "./shaped-connection.ts";
import { Uplink } from "./uplink.ts";

/** libp2p's TCP; with a link, each node that it is given to has such an uplink for all its connections. */
export function shapedTcp(link: Link | undefined): typeof tcp {
  if (link === undefined) return tcp;
  return (options) => (components) =>
    new ShapedTransport(tcp(options)(components), new Uplink(link, new SystemClock()));
}

/** Another transport, with what its connections write going through one uplink. Connecting takes no longer. */
class ShapedTransport implements Transport {
  readonly [transportSymbol] = true;
  readonly [Symbol.toStringTag] = "shaped-tcp";
  readonly [serviceCapabilities] = ["@libp2p/transport"];
  readonly #transport: Transport;
  readonly #uplink: Uplink;

  constructor(transport: Transport, uplink: Uplink) {
    this.#transport = transport;
    this.#uplink = uplink;
  }

  dial(address: Multiaddr, options: DialTransportOptions): Promise<Connection> {
    return this.#transport.dial(address, { ...options, upgrader: this.#shaping(options.upgrader) });
  }

  createListener(options: CreateListenerOptions): Listener {
    return this.#transport.createListener({ ...options, upgrader: this.#shaping(options.upgrader) });
  }

  listenFilter(addresses: Multiaddr[]): Multiaddr[] {
    return this.#transport.listenFilter(addresses);
  }

  dialFilter(addresses: Multiaddr[]): Multiaddr[] {
    return this.#transport.dialFilter(addresses);
  }

  /** Where a transport hands over each connection that it has made. */
  #shaping(upgrader: Upgrader): Upgrader {
    const shaped = (connection: MultiaddrConnection) => new ShapedConnection(connection, this.#uplink);
    return {
      upgradeOutbound: (connection, options) => upgrader.upgradeOutbound(shaped(connection), options),
      upgradeInbound: (connection, options) => upgrader.upgradeInbound(shaped(connection), options),
      createInboundAbortSignal: (signal) => upgrader.createInboundAbortSignal(signal),
      getStreamMuxers: () => upgrader.getStreamMuxers(),
      getConnectionEncrypters: () => upgrader.getConnectionEncrypters(),
    };
  }
}
