import { setImmediate } from "node:timers/promises";
import type { Connection, Stream } from "@libp2p/interface";
import { encode } from "it-length-prefixed";
import { encodeMessage } from "../../gossip/wire/message-codec.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { FETCH_PROTOCOL, GOSSIP_PROTOCOL } from "../../node/transport/protocols.ts";
import { greetingOf } from "../recording-inbox.ts";
import { addressesOf, admittedNode, waitFor, type LoopbackPeer } from "./loopback-network.ts";

/** What opening a stream fails with while the connection is being closed, before and after the question was sent. */
const HUNG_UP_ERRORS: readonly string[] = ["ConnectionClosedError", "UnexpectedEOFError"];

/** Somebody who speaks libp2p and not our protocol, against one honest peer that knows its address. */
export class HostilePeer implements AsyncDisposable {
  readonly id: PeerId;
  readonly node: Awaited<ReturnType<typeof admittedNode>>;
  readonly #victim: LoopbackPeer;

  private constructor(node: HostilePeer["node"], victim: LoopbackPeer) {
    this.node = node;
    this.id = node.peerId.toString() as PeerId;
    this.#victim = victim;
    victim.transport.learn({ peer: this.id, addresses: addressesOf(node) });
  }

  static async against(victim: LoopbackPeer): Promise<HostilePeer> {
    const node = await admittedNode();
    // It takes what it is told and does not look at it.
    await node.handle(GOSSIP_PROTOCOL, (stream) => stream.addEventListener("message", () => undefined));
    return new HostilePeer(node, victim);
  }

  /** Answers every question by what this does with the stream. */
  async answer(serve: (stream: Stream) => void): Promise<void> {
    await this.node.handle(FETCH_PROTOCOL, (stream) => {
      stream.addEventListener("message", () => serve(stream), { once: true });
    });
  }

  connect(): Promise<Connection> {
    return this.node.dial(this.#victim.node.getMultiaddrs());
  }

  async open(protocol: string): Promise<Stream> {
    const connection = await this.connect();
    try {
      return await connection.newStream(protocol, { maxOutboundStreams: 1000 });
    } catch (error) {
      // Where the stream is closed before libp2p listens for it, it throws the event.
      const isHungUp =
        error instanceof Event || (error instanceof Error && HUNG_UP_ERRORS.includes(error.name));
      if (!isHungUp) throw error;
      // It is being hung up on.
      await waitFor(() => connection.status !== "open");
      return await this.open(protocol);
    }
  }

  /** A gossip stream on which it has greeted as everybody does. */
  async openGreeted(): Promise<Stream> {
    const stream = await this.open(GOSSIP_PROTOCOL);
    stream.send(framed(encodeMessage(greetingOf(this.id))));
    await waitFor(() => this.#victim.inbox.received.some(({ from }) => from === this.id));
    return stream;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.node[Symbol.asyncDispose]();
  }
}

/** A frame with its length in front. */
export function framed(frame: Uint8Array): Uint8Array {
  return encode.single(frame, { maxDataLength: frame.length }).subarray();
}

/** Sends as fast as the stream takes it, until the stream is closed. */
export async function flood(stream: Stream, next: () => Uint8Array): Promise<void> {
  while (stream.status === "open") {
    if (stream.writeBufferLength === 0) stream.send(next());
    await setImmediate();
  }
}
