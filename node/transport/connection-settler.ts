import type { Connection } from "@libp2p/interface";
import type { PeerId } from "../../gossip/ports.ts";
import { FETCH_PROTOCOL, GOSSIP_PROTOCOL } from "./protocols.ts";
import { peerOf, type TransportContext } from "./transport-context.ts";

/**
 * How long a second connection is left open at least, and how often it is looked at then. By that time the other side
 * has seen both, and opens nothing on the one that is to go.
 */
const SETTLE_MS = 5_000;

/** Streams on which something may be on its way; one without a protocol is being agreed on. */
const USED_PROTOCOLS: readonly string[] = [GOSSIP_PROTOCOL, FETCH_PROTOCOL, ""];

/**
 * The one that is kept of the connections to a peer, on both sides the same: one that the peer with the smaller id has
 * dialled, and of these the newest. Undefined where none is open.
 */
export function keptConnection(connections: readonly Connection[], self: PeerId): Connection | undefined {
  let kept: Connection | undefined;
  for (const connection of connections) {
    if (connection.status !== "open") continue;
    if (kept === undefined || isBetter(connection, kept, self)) kept = connection;
  }
  return kept;
}

/** Whether one of our streams is open on the connection, theirs or ours. */
export function isUsed(connection: Connection): boolean {
  return connection.streams.some(({ protocol }) => USED_PROTOCOLS.includes(protocol));
}

/**
 * Brings two peers that have dialled each other at once back to one connection: the streams are moved to the one that
 * is kept, and the others closed when nothing of ours is on them any more.
 */
export class ConnectionSettler implements Disposable {
  readonly #context: TransportContext;
  readonly #self: PeerId;
  readonly #move: (peer: PeerId) => void;
  readonly #checks = new Map<PeerId, Disposable>();

  /** @param move moves our stream to a peer to the connection that is kept. */
  constructor(context: TransportContext, move: (peer: PeerId) => void) {
    this.#context = context;
    this.#self = context.node.peerId.toString() as PeerId;
    this.#move = move;
  }

  /** There is a new connection. */
  noticed(connection: Connection): void {
    const peer = peerOf(connection);
    if (this.#open(connection).length < 2) return;
    this.#move(peer);
    if (!this.#checks.has(peer)) this.#checkLater(peer, connection);
  }

  /** Settles nothing more. */
  [Symbol.dispose](): void {
    for (const check of this.#checks.values()) check[Symbol.dispose]();
    this.#checks.clear();
  }

  #checkLater(peer: PeerId, connection: Connection): void {
    const check = () => this.#check(peer, connection);
    this.#checks.set(peer, this.#context.options.clock.schedule(SETTLE_MS, check));
  }

  #check(peer: PeerId, connection: Connection): void {
    this.#checks.delete(peer);
    const open = this.#open(connection);
    const kept = keptConnection(open, this.#self);
    const others = open.filter((other) => other !== kept);
    for (const other of others) if (!isUsed(other)) other.close().catch(() => undefined);
    if (others.some(isUsed)) this.#checkLater(peer, connection);
  }

  #open({ remotePeer }: Connection): readonly Connection[] {
    return this.#context.node.getConnections(remotePeer).filter(({ status }) => status === "open");
  }
}

function isBetter(one: Connection, other: Connection, self: PeerId): boolean {
  const [isOne, isOther] = [isDialledBySmaller(one, self), isDialledBySmaller(other, self)];
  return isOne === isOther ? one.timeline.open > other.timeline.open : isOne;
}

function isDialledBySmaller(connection: Connection, self: PeerId): boolean {
  return self < peerOf(connection) === (connection.direction === "outbound");
}
