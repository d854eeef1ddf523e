import type { Connection, PeerId as Libp2pPeerId, Stream } from "@libp2p/interface";
import { peerIdFromString } from "@libp2p/peer-id";
import { multiaddr, type Multiaddr } from "@multiformats/multiaddr";
import { GossipError, isAdmissionCode } from "../../gossip/errors.ts";
import type { Contact, PeerId } from "../../gossip/ports.ts";
import { within } from "../../gossip/time.ts";
import { BoundedMap } from "../bounded-map.ts";
import { keptConnection } from "./connection-settler.ts";
import { reason } from "../files.ts";
import type { Handshakes } from "./handshakes.ts";
import { peerOf, reportRefusal, type TransportContext } from "./transport-context.ts";

interface BackOff {
  readonly untilMs: number;
  readonly delayMs: number;
}

/** More than the peers that a membership remembers. */
const PEERS_MAX = 8192;

/**
 * What opening a stream fails with when the connection is at fault. The last one is our own timeout: the socket of a
 * machine that has vanished notices only after a quarter of an hour.
 */
const DEAD_CONNECTION_ERRORS: readonly string[] = [
  "ConnectionClosedError",
  "MuxerClosedError",
  "GossipError",
];

/** What an address that others name may consist of; anything else is not dialled. */
const ADDRESS_PARTS: readonly string[] = ["ip4", "ip6", "dns", "dns4", "dns6", "tcp"];

/**
 * Opens streams to peers, over the connection that there is or a new one. A peer that could not be reached is left
 * alone for a while, longer each time, until it connects by itself or has another address.
 */
export class Dialer implements Disposable {
  readonly #context: TransportContext;
  readonly #handshakes: Handshakes;
  readonly #addresses = new BoundedMap<PeerId, readonly string[]>(PEERS_MAX);
  readonly #backOffs = new BoundedMap<PeerId, BackOff>(PEERS_MAX);
  readonly #closing = new AbortController();

  constructor(context: TransportContext, handshakes: Handshakes) {
    this.#context = context;
    this.#handshakes = handshakes;
  }

  /** The latest word on where a peer can be reached. */
  learn({ peer, addresses }: Contact): void {
    const known = this.#addresses.get(peer);
    if (known?.length === addresses.length && known.every((address, index) => address === addresses[index]))
      return;
    this.#addresses.set(peer, addresses);
    this.#backOffs.delete(peer);
  }

  /** The peer can be reached after all. */
  forgive(peer: PeerId): void {
    this.#backOffs.delete(peer);
  }

  /** Whether the peer is being left alone. */
  backsOff(peer: PeerId): boolean {
    return (this.#backOffs.get(peer)?.untilMs ?? 0) > this.#context.options.clock.now();
  }

  /** Whether a stream to the peer is on the connection that is kept, should there be several. */
  isOnKept(peer: PeerId, stream: Stream): boolean {
    const kept = this.#kept(peerIdFromString(peer));
    return kept === undefined || kept.streams.includes(stream);
  }

  /**
   * A new stream to the peer. Where that fails, the inbox is told that the peer is unreachable.
   *
   * @throws GossipError `UNREACHABLE`.
   */
  async open(peer: PeerId, protocol: string): Promise<Stream> {
    if (this.backsOff(peer))
      throw new GossipError("UNREACHABLE", `${peer} could not be reached a moment ago`);
    try {
      return await this.#open(peerIdFromString(peer), protocol);
    } catch (cause) {
      this.#failed(peer, cause);
      throw unreachable(peer, cause);
    }
  }

  /** As the transport port promises. */
  async meet(target: PeerId | { readonly address: string }): Promise<PeerId> {
    if (typeof target === "string") return await this.#meetPeer(target);
    try {
      const address = parseAddress(target.address);
      if (address === undefined) throw new RangeError("it is no address");
      const connection = await this.#inTime((signal) => this.#context.node.dial(address, { signal }));
      await this.#handshakes.done(connection);
      return peerOf(connection);
    } catch (cause) {
      // libp2p ends a connection to itself, and so knows who is there.
      if (cause instanceof Error && cause.name === "InvalidPeerIdError")
        return this.#context.node.peerId.toString() as PeerId;
      throw unreachable(target.address, cause);
    }
  }

  /** Breaks off what is being opened. */
  [Symbol.dispose](): void {
    this.#closing.abort(new GossipError("STOPPED", "the transport is closed"));
  }

  async #meetPeer(peer: PeerId): Promise<PeerId> {
    if (this.backsOff(peer))
      throw new GossipError("UNREACHABLE", `${peer} could not be reached a moment ago`);
    try {
      await this.#connect(peerIdFromString(peer));
      return peer;
    } catch (cause) {
      this.#failed(peer, cause);
      throw unreachable(peer, cause);
    }
  }

  async #open(peer: Libp2pPeerId, protocol: string): Promise<Stream> {
    const connection = await this.#connect(peer);
    try {
      return await this.#negotiate(connection, protocol);
    } catch (error) {
      if (connection.status === "open") throw error;
      // It was an old connection, and dead; that is known only now.
      return await this.#negotiate(await this.#connect(peer), protocol);
    }
  }

  #kept(peer: Libp2pPeerId): Connection | undefined {
    const { node } = this.#context;
    return keptConnection(node.getConnections(peer), node.peerId.toString() as PeerId);
  }

  /** A connection on which both sides have let each other in. */
  async #connect(peer: Libp2pPeerId): Promise<Connection> {
    const connection = this.#kept(peer) ?? (await this.#dial(peer));
    await this.#handshakes.done(connection);
    return connection;
  }

  async #dial(peer: Libp2pPeerId): Promise<Connection> {
    const addresses = this.#multiaddrs(peer);
    return await this.#inTime((signal) =>
      this.#context.node.dial(addresses.length === 0 ? peer : addresses, { signal }),
    );
  }

  /** A connection that takes no stream is dead, though libp2p may still hold it for open. */
  async #negotiate(connection: Connection, protocol: string): Promise<Stream> {
    try {
      return await this.#inTime((signal) => connection.newStream(protocol, { signal }));
    } catch (error) {
      if (error instanceof Error && DEAD_CONNECTION_ERRORS.includes(error.name)) connection.abort(error);
      throw error;
    }
  }

  #inTime<T>(task: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { clock, openTimeoutMs } = this.#context.options;
    return within(clock, openTimeoutMs, (signal) => task(AbortSignal.any([signal, this.#closing.signal])));
  }

  #multiaddrs(peer: Libp2pPeerId): Multiaddr[] {
    const addresses = this.#addresses.get(peer.toString() as PeerId) ?? [];
    return addresses.flatMap((address) => {
      const parsed = parseAddress(address);
      return parsed === undefined ? [] : [parsed.encapsulate(`/p2p/${peer.toString()}`)];
    });
  }

  #failed(peer: PeerId, cause: unknown): void {
    // Closed, or a second attempt that ran beside the first.
    if (this.#closing.signal.aborted || this.backsOff(peer)) return;
    const { inbox, onEvent, options } = this.#context;
    const previousMs = this.#backOffs.get(peer)?.delayMs;
    const delayMs =
      previousMs === undefined ? options.backOffMs : Math.min(2 * previousMs, options.backOffMsMax);
    this.#backOffs.set(peer, { untilMs: options.clock.now() + delayMs, delayMs });
    onEvent({ kind: "unreachable", peer, message: reason(cause) });
    try {
      inbox.unreachable(peer);
    } catch (error) {
      reportRefusal(this.#context, peer, error);
    }
  }
}

/** Why one of the two sides refuses the other stays what it is. */
function unreachable(whom: string, cause: unknown): GossipError {
  if (cause instanceof GossipError && (cause.code === "TURNED_AWAY" || isAdmissionCode(cause.code)))
    return cause;
  return new GossipError("UNREACHABLE", `${whom} cannot be reached: ${reason(cause)}`, { cause });
}

function parseAddress(text: string): Multiaddr | undefined {
  try {
    const address = multiaddr(text);
    return address.getComponents().every(({ name }) => ADDRESS_PARTS.includes(name)) ? address : undefined;
  } catch {
    return undefined;
  }
}
