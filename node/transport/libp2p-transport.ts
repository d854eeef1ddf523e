import type { Connection, Libp2p, PeerId as Libp2pPeerId, Stream } from "@libp2p/interface";
import { peerIdFromString } from "@libp2p/peer-id";
import { GossipError } from "../../gossip/errors.ts";
import { encodeMessage } from "../../gossip/wire/message-codec.ts";
import type { BlockQuestion, Message } from "../../gossip/wire/messages.ts";
import type { Contact, Inbox, PeerId, Transport } from "../../gossip/ports.ts";
import { within } from "../../gossip/time.ts";
import { ConnectionSettler } from "./connection-settler.ts";
import { Dialer } from "./dialer.ts";
import { FetchClient } from "./fetch-client.ts";
import { FetchServer } from "./fetch-server.ts";
import { Handshakes } from "./handshakes.ts";
import { hangUp } from "./hang-up.ts";
import { GossipReader } from "./gossip-reader.ts";
import { IdleLinks } from "./idle-links.ts";
import { PeerLink } from "./peer-link.ts";
import { FETCH_PROTOCOL, GOSSIP_PROTOCOL, HANDSHAKE_PROTOCOL } from "./protocols.ts";
import type { QueuedFrame } from "./send-queue.ts";
import { Strikes } from "./strikes.ts";
import { peerOf, reportRefusal, type TransportContext } from "./transport-context.ts";
import type { TransportEvent } from "./transport-events.ts";
import { transportOptions, type TransportOptions } from "./transport-options.ts";
import { TransportCounters, type TransportStats } from "./transport-stats.ts";

/** Links to more peers than this are not kept, unless something is going on on them. */
const LINKS_MAX = 8192;

/** Fetch streams that one connection may have open to us, most of them waiting to be asked on. */
const FETCH_STREAMS_MAX = 32;

/** The network over libp2p: see `docs/PROTOCOL.md`, section 1. It works from its construction until it is closed. */
export class Libp2pTransport implements Transport, AsyncDisposable {
  readonly #context: TransportContext;
  readonly #self: PeerId;
  readonly #handshakes: Handshakes;
  readonly #dialer: Dialer;
  readonly #client: FetchClient;
  readonly #server: FetchServer;
  readonly #reader: GossipReader;
  readonly #settler: ConnectionSettler;
  readonly #idleLinks: IdleLinks;
  readonly #links = new Map<PeerId, PeerLink>();
  /** A message goes to many peers. */
  readonly #encoded = new WeakMap<Message, QueuedFrame>();
  #closed: Promise<void> | undefined;

  /**
   * @param node a started one, which the caller stops after the transport is closed.
   * @param onEvent must not throw.
   */
  constructor(
    node: Libp2p,
    inbox: Inbox,
    options: Partial<TransportOptions>,
    onEvent: (event: TransportEvent) => void,
  ) {
    this.#self = node.peerId.toString() as PeerId;
    const counters = new TransportCounters();
    this.#context = { node, inbox, options: transportOptions(options), counters, onEvent };
    const strikes = new Strikes();
    this.#handshakes = new Handshakes(this.#context);
    this.#dialer = new Dialer(this.#context, this.#handshakes);
    this.#client = new FetchClient(this.#context, this.#dialer);
    this.#server = new FetchServer(this.#context, strikes);
    this.#reader = new GossipReader(this.#context, strikes);
    this.#settler = new ConnectionSettler(this.#context, (peer) => this.#links.get(peer)?.move());
    this.#idleLinks = new IdleLinks({
      context: this.#context,
      links: this.#links,
      heardMs: (peer) => this.#reader.heardMs(peer),
      drop: (peer) => this.#drop(peer),
    });
    node.addEventListener("connection:open", this.#onConnection);
    node.addEventListener("peer:disconnect", this.#onDisconnect);
    // They only fail to tell libp2p's own address book, which is not used.
    node.handle(HANDSHAKE_PROTOCOL, this.#onHandshake, { maxInboundStreams: 1 }).catch(() => undefined);
    node.handle(GOSSIP_PROTOCOL, this.#onGossip).catch(() => undefined);
    node
      .handle(FETCH_PROTOCOL, this.#onFetch, { maxInboundStreams: FETCH_STREAMS_MAX })
      .catch(() => undefined);
  }

  learn(contact: Contact): void {
    this.#dialer.learn(contact);
  }

  send(peer: PeerId, message: Message): boolean {
    if (peer === this.#self || this.#closed !== undefined) return false;
    return this.#link(peer).send(this.#encode(message));
  }

  fetchBlocks(
    peer: PeerId,
    question: BlockQuestion,
    onBlock: (block: Uint8Array) => void,
    signal: AbortSignal,
  ): Promise<void> {
    return this.#client.fetchBlocks(peer, question, onBlock, signal);
  }

  meet(target: PeerId | { readonly address: string }): Promise<PeerId> {
    return this.#dialer.meet(target);
  }

  disconnect(peer: PeerId, reason: GossipError): void {
    this.#links.get(peer)?.abort(reason);
    this.#links.delete(peer);
    for (const connection of this.#context.node.getConnections(peerIdFromString(peer)))
      connection.abort(reason);
  }

  /** Connections to all peers, theirs and ours. */
  connections(): number {
    return this.#context.node.getConnections().length;
  }

  /** Peers to which this one has an open gossip stream. */
  linkedPeers(): readonly PeerId[] {
    return [...this.#links.values()].filter((link) => link.isOpen).map((link) => link.peer);
  }

  /** What was sent, received, dropped and refused so far. */
  get stats(): TransportStats {
    return this.#context.counters;
  }

  /**
   * Takes nothing more, goes on writing what waits for `closeGraceMs` at most, and hangs up. The node stays, without
   * these protocols.
   */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  readonly #onConnection = (event: CustomEvent<Connection>): void => {
    const connection = event.detail;
    this.#handshakes.begin(connection);
    this.#handshakes.done(connection).then(
      () => {
        this.#dialer.forgive(peerOf(connection));
        this.#settler.noticed(connection);
      },
      () => undefined,
    );
  };

  readonly #onDisconnect = ({ detail }: CustomEvent<Libp2pPeerId>): void => {
    const peer = detail.toString() as PeerId;
    try {
      this.#context.inbox.disconnected(peer);
    } catch (error) {
      reportRefusal(this.#context, peer, error);
    }
  };

  readonly #onHandshake = (stream: Stream, connection: Connection): Promise<void> =>
    this.#handshakes.serve(stream, connection);

  readonly #onGossip = async (stream: Stream, connection: Connection): Promise<void> => {
    if (!this.#isAdmitted(stream, connection)) return;
    const reading = this.#reader.read(stream, connection);
    this.#link(peerOf(connection)).open();
    await reading;
  };

  readonly #onFetch = async (stream: Stream, connection: Connection): Promise<void> => {
    if (this.#isAdmitted(stream, connection)) await this.#server.serve(stream, connection);
  };

  /** Nothing is read of whoever has not proven himself: what he sends is not even kept. */
  #isAdmitted(stream: Stream, connection: Connection): boolean {
    if (this.#handshakes.isDone(connection)) return true;
    stream.abort(new GossipError("NO_HANDSHAKE", "there was no handshake"));
    return false;
  }

  #encode(message: Message): QueuedFrame {
    let frame = this.#encoded.get(message);
    if (frame === undefined) {
      frame = { kind: message.kind, bytes: encodeMessage(message) };
      this.#encoded.set(message, frame);
    }
    return frame;
  }

  #link(peer: PeerId): PeerLink {
    let link = this.#links.get(peer);
    if (link === undefined) {
      if (this.#links.size >= LINKS_MAX) this.#forgetIdleLinks();
      link = new PeerLink(this.#context, this.#dialer, peer);
      this.#links.set(peer, link);
      this.#idleLinks.noticed();
    }
    return link;
  }

  /** Hangs up on a peer with which nothing is going on. A message to it, or by it, connects them again. */
  #drop(peer: PeerId): void {
    const connections = this.#context.node.getConnections(peerIdFromString(peer));
    if (connections.some(({ streams }) => streams.some(({ protocol }) => protocol === FETCH_PROTOCOL)))
      return;
    this.#links.delete(peer);
    for (const connection of connections) hangUp(connection).catch(() => undefined);
  }

  #forgetIdleLinks(): void {
    for (const [peer, link] of this.#links) if (link.isIdle) this.#links.delete(peer);
  }

  async #close(): Promise<void> {
    const { node, options } = this.#context;
    const closed = new GossipError("STOPPED", "the transport is closed");
    node.removeEventListener("connection:open", this.#onConnection);
    node.removeEventListener("peer:disconnect", this.#onDisconnect);
    this.#settler[Symbol.dispose]();
    this.#idleLinks[Symbol.dispose]();
    node.unhandle([GOSSIP_PROTOCOL, FETCH_PROTOCOL]).catch(() => undefined);
    this.#reader.abort(closed);
    this.#server.abort(closed);
    const links = [...this.#links.values()];
    const goodbye = (signal: AbortSignal) => this.#sayGoodbye(links, signal);
    await within(options.clock, options.closeGraceMs, goodbye).catch(() => undefined);
    // Not before: what was sent last may have to wait for a handshake.
    node.unhandle(HANDSHAKE_PROTOCOL).catch(() => undefined);
    this.#dialer[Symbol.dispose]();
    for (const link of links) link.abort(closed);
    for (const connection of node.getConnections()) connection.abort(closed);
  }

  async #sayGoodbye(links: readonly PeerLink[], signal: AbortSignal): Promise<void> {
    await Promise.all(links.map((link) => link.close()));
    // `node.stop()` would cut off what the sockets still hold.
    await Promise.all(
      this.#context.node.getConnections().map((connection) => hangUp(connection, { signal })),
    );
  }
}
