import { generateKeyPair } from "@libp2p/crypto/keys";
import type { Libp2p } from "@libp2p/interface";
import { pino } from "pino";
import { Block } from "../../chain/block.ts";
import type { BlockGossip } from "../../gossip/channel/block-gossip.ts";
import type { GossipEvent } from "../../gossip/events.ts";
import { GossipPeer } from "../../gossip/gossip-peer.ts";
import { DEFAULT_GOSSIP_OPTIONS } from "../../gossip/options.ts";
import type { Admission, Contact, PeerId } from "../../gossip/ports.ts";
import { openChannelFolder, readGenesis, type ChannelFolder } from "../../node/channel/channel-folder.ts";
import { Libp2pKeyring } from "../../node/transport/libp2p-keyring.ts";
import { createNode } from "../../node/transport/libp2p-node.ts";
import { Libp2pTransport } from "../../node/transport/libp2p-transport.ts";
import { ReedSolomon } from "../../node/reed-solomon.ts";
import { SystemClock } from "../../node/system-clock.ts";
import type { BenchPeer, OnArrival } from "./bench-peer.ts";
import { CountingKeyring } from "./counting-keyring.ts";
import type { Link } from "./link.ts";
import { shapedTcp } from "./shaped-tcp.ts";

export interface BlockgossipPeerParts {
  /** For its ledger. */
  readonly directory: string;
  /** The genesis block's file. */
  readonly genesis: string;
  readonly onArrival: OnArrival;
  readonly link: Link | undefined;
}

const LISTEN = ["/ip4/127.0.0.1/tcp/0"];
const CONNECTIONS_MAX = 300;
const OPEN: Admission = {
  isOpen: true,
  organisation: undefined,
  identity: undefined,
  sign: () => new Uint8Array(0),
  admit: () => ({ organisation: undefined, expiresMs: undefined, verify: () => true }),
};

/** A full peer as `startPeer` makes it, with default options and its ledger on disk, but without certificate and API. */
export class BlockgossipPeer implements BenchPeer {
  readonly address: string;
  readonly #node: Libp2p;
  readonly #folder: ChannelFolder;
  readonly #keyring: CountingKeyring;
  readonly #owned: AsyncDisposableStack;
  readonly #onArrival: OnArrival;
  #gossip: BlockGossip | undefined;
  #transport: Libp2pTransport | undefined;

  private constructor(parts: Opened) {
    this.address = String(parts.node.getMultiaddrs()[0]);
    this.#node = parts.node;
    this.#folder = parts.folder;
    this.#keyring = parts.keyring;
    this.#owned = parts.owned;
    this.#onArrival = parts.onArrival;
  }

  /** It listens, but takes no part yet. */
  static async open({ directory, genesis, ...parts }: BlockgossipPeerParts): Promise<BlockgossipPeer> {
    await using opened = new AsyncDisposableStack();
    const logger = pino({ level: "silent" });
    const folder = await openChannelFolder(await readGenesis(genesis), directory, logger);
    opened.use(folder.ledger);
    const privateKey = await generateKeyPair("Ed25519");
    const node = await createNode({
      privateKey,
      listen: LISTEN,
      connectionsMax: CONNECTIONS_MAX,
      transport: shapedTcp(parts.link),
    });
    opened.defer(() => node.stop());
    const keyring = new CountingKeyring(new Libp2pKeyring(privateKey));
    return new BlockgossipPeer({ node, folder, keyring, onArrival: parts.onArrival, owned: opened.move() });
  }

  async join(contacts: readonly string[]): Promise<void> {
    const clock = new SystemClock();
    const peer = new GossipPeer({
      keyring: this.#keyring,
      admission: OPEN,
      clock,
      random: Math.random,
      options: DEFAULT_GOSSIP_OPTIONS,
      code: await ReedSolomon.load(),
      bootstrap: contacts.map(contactOf),
      anchors: () => [],
      observe: (event) => this.#observe(event),
      name: this.#keyring.self,
    });
    const transport = this.#owned.use(new Libp2pTransport(this.#node, peer, { clock }, () => undefined));
    this.#transport = transport;
    peer.connect(transport, { internal: [], external: contactOf(this.address).addresses });
    const { block: genesis, ...folder } = this.#folder;
    this.#gossip = peer.join({ ...folder, genesis, mayRead: () => true });
    const stop = new AbortController();
    const running = Promise.all([this.#gossip.run(stop.signal), peer.run(stop.signal)]);
    running.catch((error: unknown) => console.error(error));
    this.#owned.defer(async () => {
      stop.abort();
      await running.catch(() => undefined);
    });
  }

  async submit(block: Uint8Array): Promise<void> {
    await this.#joined().publish(Block.parse(block));
  }

  neighbours(): number {
    return this.#joined().view.active().length;
  }

  connections(): number {
    return this.#node.getConnections().length;
  }

  signatureChecks(): number {
    return this.#keyring.checks;
  }

  sentBytes(): Readonly<Partial<Record<string, number>>> {
    return this.#transport?.stats.sentBytes ?? {};
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#owned.disposeAsync();
  }

  #observe(event: GossipEvent): void {
    if (event.kind === "failed") throw event.error;
    if (event.kind !== "block-verified" && event.kind !== "block-committed") return;
    if (event.origin === "publish") return;
    this.#onArrival(event.number, event.kind === "block-verified" ? "verified" : "durable");
  }

  #joined(): BlockGossip {
    if (this.#gossip === undefined) throw new RangeError("join() must be called first");
    return this.#gossip;
  }
}

interface Opened {
  readonly node: Libp2p;
  readonly folder: ChannelFolder;
  readonly keyring: CountingKeyring;
  readonly owned: AsyncDisposableStack;
  readonly onArrival: OnArrival;
}

function contactOf(address: string): Contact {
  const [where = "", peer = ""] = address.split("/p2p/");
  return { peer: peer as PeerId, addresses: [where] };
}
