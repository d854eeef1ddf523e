import { Buffer } from "node:buffer";
import { noise } from "@chainsafe/libp2p-noise";
import { identify, type Identify } from "@libp2p/identify";
import { gossipsub, StrictSign, type GossipSub } from "@libp2p/gossipsub";
import type { Libp2p } from "@libp2p/interface";
import { yamux } from "@libp2p/yamux";
import { multiaddr } from "@multiformats/multiaddr";
import { createLibp2p } from "libp2p";
import type { BenchPeer, OnArrival } from "./bench-peer.ts";
import type { Link } from "./link.ts";
import { shapedTcp } from "./shaped-tcp.ts";

type Services = { readonly identify: Identify; readonly pubsub: GossipSub };

const TOPIC = "blocks";
const MESSAGE_BYTES_MAX = 128 << 20;
/** In front of each block, for its receivers to tell which it is without reading it. */
const NUMBER_BYTES = 4;

/**
 * A peer of `@libp2p/gossipsub` with its defaults and signed messages. Only what one machine makes necessary is set
 * otherwise: the size limit, no penalty for many peers of one address, no limit to new connections from it, and no
 * connection monitor, which takes busy peers for dead (our own peers have none either).
 */
export class GossipsubPeer implements BenchPeer {
  readonly address: string;
  readonly #node: Libp2p<Services>;

  private constructor(node: Libp2p<Services>) {
    this.#node = node;
    this.address = String(node.getMultiaddrs()[0]);
  }

  static async open(parts: {
    readonly onArrival: OnArrival;
    readonly link: Link | undefined;
  }): Promise<GossipsubPeer> {
    const node = await createGossipsubNode(parts.link);
    const { pubsub } = node.services;
    pubsub.addEventListener("message", ({ detail: { data } }) => {
      parts.onArrival(Buffer.from(data.buffer, data.byteOffset, data.byteLength).readUInt32BE(0), "verified");
    });
    pubsub.subscribe(TOPIC);
    return new GossipsubPeer(node);
  }

  async join(contacts: readonly string[]): Promise<void> {
    for (const contact of contacts) await this.#node.dial(multiaddr(contact));
  }

  async submit(block: Uint8Array, number: number): Promise<void> {
    const data = new Uint8Array(NUMBER_BYTES + block.length);
    Buffer.from(data.buffer).writeUInt32BE(number, 0);
    data.set(block, NUMBER_BYTES);
    await this.#node.services.pubsub.publish(TOPIC, data);
  }

  neighbours(): number {
    return this.#node.services.pubsub.getSubscribers(TOPIC).length;
  }

  connections(): number {
    return this.#node.getConnections().length;
  }

  signatureChecks(): number {
    return 0;
  }

  sentBytes(): Readonly<Partial<Record<string, number>>> {
    return {};
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#node.stop();
  }
}

async function createGossipsubNode(link: Link | undefined): Promise<Libp2p<Services>> {
  return await createLibp2p({
    addresses: { listen: ["/ip4/127.0.0.1/tcp/0"] },
    transports: [shapedTcp(link)()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionManager: { inboundConnectionThreshold: Infinity, maxIncomingPendingConnections: 256 },
    connectionMonitor: { enabled: false },
    services: {
      identify: identify(),
      pubsub: gossipsub({
        globalSignaturePolicy: StrictSign,
        maxInboundDataLength: MESSAGE_BYTES_MAX,
        scoreParams: { IPColocationFactorWeight: 0 },
      }),
    },
  });
}
