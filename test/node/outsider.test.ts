import { setImmediate } from "node:timers/promises";
import { join } from "node:path";
import type { Stream } from "@libp2p/interface";
import { multiaddr } from "@multiformats/multiaddr";
import type { Uint8ArrayList } from "uint8arraylist";
import { expect, test } from "vitest";
import { blockNumber } from "../../chain/block.ts";
import { Handshake } from "../../gossip/door/handshake.ts";
import { encodeFetchRequest, encodeMessage } from "../../gossip/wire/message-codec.ts";
import type { Message } from "../../gossip/wire/messages.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { ApiClient } from "../../node/http/api-client.ts";
import { loadConfig } from "../../node/config/config.ts";
import { createIdentity } from "../../node/msp/identity.ts";
import { freePortBase } from "../../node/network/free-ports.ts";
import { createNetwork } from "../../node/network/network.ts";
import { mspSigner, readMspFolder } from "../../node/msp/msp-folder.ts";
import { Orderer } from "../../node/orderer/orderer.ts";
import { startPeer, type Peer } from "../../node/peer/peer.ts";
import { FETCH_PROTOCOL, GOSSIP_PROTOCOL, HANDSHAKE_PROTOCOL } from "../../node/transport/protocols.ts";
import { eventually } from "../end-to-end/processes.ts";
import { OPEN } from "../../node/testing/simulator/simulated-peer.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { bareNode } from "./loopback-network.ts";
import { logger } from "./running-peer.ts";
import { framed } from "./stranger.ts";

/** What libp2p nodes may speak beside ours. */
const LIBP2P_PROTOCOLS = [
  "/ipfs/id/1.0.0",
  "/ipfs/id/push/1.0.0",
  "/ipfs/ping/1.0.0",
  "/libp2p/autonat/1.0.0",
];
const FAST = { gossip: { aliveIntervalMs: 300, roundIntervalMs: 300 } };

/** A libp2p node that keeps every byte that it is sent, on whatever stream. */
async function eavesdropper() {
  const node = await bareNode();
  const heard: Uint8Array[] = [];
  const listen = (stream: Stream) =>
    stream.addEventListener("message", ({ data }) =>
      heard.push(data instanceof Uint8Array ? data : data.subarray()),
    );
  for (const protocol of [GOSSIP_PROTOCOL, FETCH_PROTOCOL, ...LIBP2P_PROTOCOLS])
    await node.handle(protocol, listen);
  return Object.assign(node, { heard, listen });
}

test("an outsider with the genesis block and a certificate of another CA gets not a byte of a block, a digest or an address", async () => {
  using directory = temporaryDirectory();
  const portBase = (await freePortBase("127.0.0.1", 22_300, [0, 1, 2, 100, 101, 102])) ?? 0;
  const spec = { channel: "demo", consensus: "raft", portBase } as const;
  const organisations = [
    { name: "Org1", peers: 2 },
    { name: "Org2", peers: 1 },
  ];
  const network = await createNetwork({ ...spec, organisations, out: join(directory.path, "network") });
  const elsewhere = await createNetwork({ ...spec, organisations, out: join(directory.path, "elsewhere") });
  await using stack = new AsyncDisposableStack();
  const peers: Peer[] = [];
  for (const { config } of network.peers)
    peers.push(stack.use(await startPeer(loadConfig({ file: config, flags: FAST }), { logger })));
  const [victim] = peers as [Peer, Peer, Peer];
  const orderer = Orderer.load(network.orderers);
  const [channel] = victim.state.channels;
  const previousHash = channel!.ledger.tipHash!;
  const parts = {
    channel: "demo",
    number: 1,
    previousHash,
    lastConfig: 0,
    files: [Buffer.alloc(500, "secret")],
  };
  const block = orderer.createBlock(parts);
  await new ApiClient(victim.api).submit("demo", block.bytes);
  await eventually("the members have met, and hold the block", async () =>
    peers.every(
      ({ state }) => state.channels[0]!.ledger.height === 2 && state.gossip.membership.living().length === 2,
    ),
  );

  await using outsider = await eavesdropper();
  const self = outsider.peerId.toString() as PeerId;
  const { directory: theirs, mspId } = elsewhere.peers[0]!;
  const signer = mspSigner(readMspFolder(join(theirs, "msp")), mspId);
  const admission = { ...OPEN, identity: createIdentity(signer, self), sign: signer.sign };
  const target = victim.state.id;
  await outsider.handle(HANDSHAKE_PROTOCOL, (stream) => {
    const nonce = new Uint8Array(32);
    const admit = () => OPEN.admit(target, undefined);
    const handshake = new Handshake({ self, peer: target, isDialler: true, admission, nonce, admit });
    outsider.listen(stream);
    const answer = ({ data }: { readonly data: Uint8Array | Uint8ArrayList }) => {
      const reply = handshake.receive(data.subarray(1)).frame;
      if (reply !== undefined && stream.status === "open") stream.send(framed(reply));
    };
    stream.addEventListener("message", answer, { once: true });
  });

  const { id, gossip } = channel!;
  const questions: readonly Uint8Array[] = [encodeFetchRequest({ channel: id, range: { first: 0, end: 2 } })];
  // What a member says, and what it has said itself, word for word.
  const entry = peers[1]!.state.gossip.membership.get(target)!.entry;
  const messages: readonly Message[] = [
    { kind: "alive", members: [entry] },
    { kind: "membership-request", self: entry, viewHash: new Uint8Array(8) },
    { kind: "identity-want", ids: [peers[1]!.state.gossip.membership.get(target)!.statement.identity] },
    { kind: "want", channel: id, number: 1, hash: block.hash },
  ];
  const tries: readonly (readonly [string, readonly Uint8Array[]])[] = [
    ...questions.map((question) => [FETCH_PROTOCOL, [question]] as const),
    ...messages.map((message) => [GOSSIP_PROTOCOL, [encodeMessage(message)]] as const),
    [HANDSHAKE_PROTOCOL, [new Uint8Array(40)]],
    ...LIBP2P_PROTOCOLS.map((protocol) => [protocol, [new Uint8Array(32)]] as const),
  ];
  // Each before the handshake is over and, where there still is a connection, after.
  for (const [protocol, frames] of tries) {
    const connection = await outsider.dial(victim.state.multiaddrs.map(multiaddr));
    const early = connection.newStream(protocol).then((stream) => speak(stream, frames, outsider.listen));
    await early.catch(() => undefined);
    while (connection.status === "open") await setImmediate();
  }

  const bytes = Buffer.concat(outsider.heard);
  const stored = await channel!.ledger.read(blockNumber(1));
  for (const secret of [
    Buffer.from("secret"),
    Buffer.from(block.hash, "hex"),
    Buffer.from(stored.dataHash, "hex"),
    ...peers.slice(1).map(({ state }) => Buffer.from(state.id)),
    ...peers.flatMap(({ state }) => state.announced).map((address) => Buffer.from(address)),
    ...peers.flatMap(({ state }) => state.announced).map((address) => Buffer.from(multiaddr(address).bytes)),
    Buffer.from("127.0.0.1"),
    Buffer.from("org1-peer"),
    Buffer.from("demo"),
  ])
    expect(bytes.includes(secret)).toBe(false);
  // Per try one challenge and one refusal, no more.
  expect(bytes.length).toBeGreaterThan(tries.length * 34);
  expect(bytes.length).toBeLessThanOrEqual(tries.length * 100);
  const { refusals } = await new ApiClient(victim.api).status();
  expect(refusals["INVALID_CERTIFICATE"]).toBeGreaterThanOrEqual(1);
  expect(victim.state.gossip.membership.all().map(({ peer }) => peer)).not.toContain(self);
  expect(gossip.holds(1)).toBe(true);
});

async function speak(
  stream: Stream,
  frames: readonly Uint8Array[],
  listen: (stream: Stream) => void,
): Promise<void> {
  listen(stream);
  for (const frame of frames) if (stream.status === "open") stream.send(framed(frame));
  while (stream.status === "open") await setImmediate();
}
