import type { Block } from "../chain/block.ts";
import type { BlockVerifier } from "../chain/block-verifier.ts";
import type { ForkStore } from "../chain/fork-proofs.ts";
import type { Ledger } from "../chain/ledger.ts";
import { AliveGossip } from "./alive-gossip.ts";
import { BlockGossip } from "./block-gossip.ts";
import { channelIdOf, channelTag } from "./channel-tag.ts";
import { cutIdOf } from "./cut.ts";
import { EarlyChunks } from "./early-chunks.ts";
import { GossipError } from "./errors.ts";
import type { Observer } from "./events.ts";
import { Membership } from "./membership.ts";
import type { BlockRange, ChunkMessage, CutNotice, FetchedDigest, Message } from "./messages.ts";
import type { GossipOptions } from "./options.ts";
import { PeerView } from "./peer-view.ts";
import type {
  Admission,
  ChannelId,
  Clock,
  Contact,
  ErasureCode,
  Inbox,
  Keyring,
  PeerId,
  Random,
  Transport,
} from "./ports.ts";

export interface GossipPeerParts {
  readonly keyring: Keyring;
  readonly admission: Admission;
  readonly clock: Clock;
  readonly random: Random;
  readonly options: GossipOptions;
  readonly code: ErasureCode;
  readonly bootstrap: readonly Contact[];
  readonly observe: Observer;
  /** A name for people. */
  readonly name: string;
}

/** What a channel needs to be joined. */
export interface ChannelParts {
  readonly name: string;
  readonly genesis: Block;
  /** Holds the genesis block at least. */
  readonly ledger: Ledger;
  readonly verifier: BlockVerifier;
  readonly forks: ForkStore;
  /** Whether peers of this organisation may take part. */
  readonly mayRead: (organisation: string | undefined) => boolean;
}

/**
 * One peer: the membership that it shares among its channels, and a `BlockGossip` for each channel. It is what the
 * transport calls, and it sees to it that a channel's messages reach that channel alone, from its own peers alone.
 */
export class GossipPeer implements Inbox {
  readonly membership: Membership;
  readonly #parts: GossipPeerParts;
  readonly #channels = new Map<ChannelId, BlockGossip>();
  readonly #early = new EarlyChunks();
  #transport: Transport | undefined;
  #alive: AliveGossip | undefined;
  #addresses: readonly string[] = [];

  constructor(parts: GossipPeerParts) {
    this.#parts = parts;
    const startMs = Math.floor(parts.clock.now());
    this.membership = new Membership({ ...parts, startMs });
  }

  /** Gives it the network; to be called once, before anything else. `addresses` is where others can reach us. */
  connect(transport: Transport, addresses: readonly string[]): void {
    this.#transport = transport;
    this.#addresses = addresses;
    this.#alive = new AliveGossip({ ...this.#parts, membership: this.membership, transport });
    this.#describe();
  }

  /** Joins a channel; its messages are served from now on, and `BlockGossip.run` makes it work. */
  join(parts: ChannelParts): BlockGossip {
    const transport = required(this.#transport);
    const channel = channelIdOf(parts.name, parts.genesis);
    if (this.#channels.has(channel))
      throw new GossipError("CONFLICT", `channel ${parts.name} has been joined already`);
    const configNumber = () => parts.verifier.config.blockNumber;
    const { membership } = this;
    const view = new PeerView({ ...this.#parts, channel, membership, mayRead: parts.mayRead, configNumber });
    const introduce = (peer: PeerId) => void transport.send(peer, this.greeting());
    const incarnation = () => this.membership.incarnation;
    const gossip = new BlockGossip({
      ...this.#parts,
      ...parts,
      channel,
      view,
      transport,
      incarnation,
      introduce,
    });
    this.#channels.set(channel, gossip);
    this.#describe();
    return gossip;
  }

  /** The joined channels. */
  channels(): readonly BlockGossip[] {
    return [...this.#channels.values()];
  }

  /** Takes part in the membership until the signal, then says goodbye. */
  async run(signal: AbortSignal): Promise<void> {
    const alive = required(this.#alive);
    const stopped = Promise.withResolvers<void>();
    signal.addEventListener("abort", () => stopped.resolve(), { once: true });
    if (signal.aborted) return;
    {
      using _timers = alive.start();
      await stopped.promise;
    }
    alive.leave();
  }

  greeting(): Message {
    return required(this.#alive).greeting();
  }

  receive(from: PeerId, message: Message): void {
    switch (message.kind) {
      case "alive":
      case "membership-request":
      case "membership-response":
        required(this.#alive).receive(from, message);
        for (const channel of this.#channels.values()) channel.membershipChanged();
        return;
      case "chunk":
        return this.#receiveChunk(from, message);
      case "block":
      case "cut":
      case "chunk-want":
      case "advert":
      case "want":
      case "state-info":
        this.#channel(from, message.channel).receive(from, message);
        if (message.kind === "cut") this.#replayEarly(message);
        return;
      default:
        return message satisfies never;
    }
  }

  serveDigest(from: PeerId, channel: ChannelId): FetchedDigest {
    return this.#channel(from, channel).server.digest();
  }

  async serveBlocks(from: PeerId, channel: ChannelId, range: BlockRange): Promise<readonly Uint8Array[]> {
    return await this.#channel(from, channel).server.blocks(range);
  }

  unreachable(peer: PeerId): void {
    this.membership.markUnreachable(peer, this.#parts.clock.now());
  }

  /** A chunk names its cut only, and the cut its channel. */
  #receiveChunk(from: PeerId, message: ChunkMessage): void {
    const channels = this.channels().filter(({ view }) => view.isActive(from));
    if (channels.length === 0)
      throw new GossipError("NOT_A_MEMBER", `${from} is not known as a peer of a channel`);
    const channel = channels.find((candidate) => candidate.knowsCut(message.cut));
    if (channel === undefined) this.#early.keep(from, message);
    else channel.receive(from, message);
  }

  #replayEarly({ statement }: CutNotice): void {
    for (const { from, message } of this.#early.take(cutIdOf(statement))) this.#receiveChunk(from, message);
  }

  /** The same refusal whether the channel is not ours or not theirs: an outsider learns nothing by asking. */
  #channel(from: PeerId, channel: ChannelId): BlockGossip {
    const gossip = this.#channels.get(channel);
    if (gossip === undefined || !gossip.view.isActive(from)) {
      throw new GossipError("NOT_A_MEMBER", `${from} is not known as a peer of that channel`);
    }
    return gossip;
  }

  #describe(): void {
    const channelTags = [...this.#channels.keys()].map((channel) =>
      channelTag(channel, this.membership.self),
    );
    this.membership.describe({ name: this.#parts.name, addresses: this.#addresses, channelTags });
  }
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new RangeError("connect() must be called first");
  return value;
}
