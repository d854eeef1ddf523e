import { setImmediate } from "node:timers/promises";
import { generateKeyPair, generateKeyPairFromSeed } from "@libp2p/crypto/keys";
import type { Ed25519PrivateKey, Libp2p, Stream } from "@libp2p/interface";
import { peerIdFromPrivateKey } from "@libp2p/peer-id";
import type { Admission, PeerId } from "../../gossip/ports.ts";
import { createNode } from "../../node/transport/libp2p-node.ts";
import { Libp2pTransport } from "../../node/transport/libp2p-transport.ts";
import type { TransportEvent } from "../../node/transport/transport-events.ts";
import { Handshakes } from "../../node/transport/handshakes.ts";
import { HANDSHAKE_PROTOCOL } from "../../node/transport/protocols.ts";
import { TransportCounters } from "../../node/transport/transport-stats.ts";
import { transportOptions, type TransportOptions } from "../../node/transport/transport-options.ts";
import { OPEN } from "../../node/testing/simulator/simulated-peer.ts";
import { RecordingInbox } from "../recording-inbox.ts";
import type { TestNetwork, TestPeer } from "../transport-acceptance.ts";

/** A peer over real libp2p. */
export interface LoopbackPeer extends TestPeer {
  readonly node: Libp2p;
  readonly transport: Libp2pTransport;
  readonly events: TransportEvent[];
}

export interface LoopbackNetwork extends TestNetwork {
  readonly peers: readonly LoopbackPeer[];
}

/** Peers over real libp2p on this machine's loopback that know each other's addresses. */
export async function loopbackNetwork(
  peerCount: number,
  options: Partial<TransportOptions> = {},
): Promise<LoopbackNetwork> {
  await using started = new AsyncDisposableStack();
  const peers: LoopbackPeer[] = [];
  for (let index = 0; index < peerCount; index++) peers.push(await loopbackPeer(options, started));
  const unreachable = peerIdFromPrivateKey(
    await generateKeyPairFromSeed("Ed25519", new Uint8Array(32).fill(1)),
  ).toString() as PeerId;
  for (const { transport } of peers) {
    // Nobody listens on the discard port.
    transport.learn({ peer: unreachable, addresses: ["/ip4/127.0.0.1/tcp/9"] });
    for (const peer of peers) transport.learn({ peer: peer.id, addresses: addressesOf(peer.node) });
  }
  const owned = started.move();
  return { peers, unreachable, waitFor, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

export interface AdmittedNodeOptions {
  /** Default: a new one. */
  readonly privateKey?: Ed25519PrivateKey;
  /** What it shows, and whom it lets in. Default: everybody. */
  readonly admission?: Admission;
}

/** A libp2p node that completes handshakes and speaks none of our other protocols, to misbehave with. */
export async function admittedNode({ privateKey, admission = OPEN }: AdmittedNodeOptions = {}): Promise<
  Libp2p & AsyncDisposable
> {
  const node = await bareNode(privateKey);
  const inbox = new RecordingInbox(node.peerId.toString() as PeerId);
  inbox.admission = admission;
  const counters = new TransportCounters();
  const context = { node, inbox, counters, options: transportOptions({}), onEvent: () => undefined };
  const handshakes = new Handshakes(context);
  node.addEventListener("connection:open", ({ detail }) => handshakes.begin(detail));
  await node.handle(HANDSHAKE_PROTOCOL, (stream, connection) => handshakes.serve(stream, connection));
  const dial = node.dial.bind(node);
  const dialAndProve: Libp2p["dial"] = async (...where) => {
    const connection = await dial(...where);
    await handshakes.done(connection);
    return connection;
  };
  return Object.assign(node, { dial: dialAndProve });
}

/** A libp2p node without our protocols. */
export async function bareNode(privateKey?: Ed25519PrivateKey): Promise<Libp2p & AsyncDisposable> {
  const node = await createNode({
    privateKey: privateKey ?? (await generateKeyPair("Ed25519")),
    listen: ["/ip4/127.0.0.1/tcp/0"],
    connectionsMax: 100,
  });
  return Object.assign(node, { [Symbol.asyncDispose]: async () => void (await node.stop()) });
}

/** Where a node listens, without the peer id. */
export function addressesOf(node: Libp2p): readonly string[] {
  return node.getMultiaddrs().map((address) => address.toString().replace(/\/p2p\/.*$/, ""));
}

/** Makes libp2p hand over the streams of a protocol, ours and theirs, only when the condition holds of them. */
export function handOverLate(node: Libp2p, protocol: string, condition: (stream: Stream) => boolean): void {
  const { peerStore } = node;
  const merge = peerStore.merge.bind(peerStore);
  // It writes to its address book between agreeing on a protocol and handing over.
  peerStore.merge = async (...update) => {
    for (const { streams } of node.getConnections()) {
      for (const stream of streams) if (stream.protocol === protocol) await waitFor(() => condition(stream));
    }
    return await merge(...update);
  };
}

/** Waits in the world's time; the test's own limit ends it. */
export async function waitFor(condition: () => boolean): Promise<void> {
  while (!condition()) await setImmediate();
}

async function loopbackPeer(
  options: Partial<TransportOptions>,
  started: AsyncDisposableStack,
): Promise<LoopbackPeer> {
  const node = await bareNode();
  started.use(node);
  const id = node.peerId.toString() as PeerId;
  const inbox = new RecordingInbox(id);
  const events: TransportEvent[] = [];
  const transport = started.use(new Libp2pTransport(node, inbox, options, (event) => events.push(event)));
  return { id, node, inbox, transport, events };
}
