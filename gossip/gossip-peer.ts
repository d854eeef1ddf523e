import type { Block } from "../chain/block.ts";
import type { BlockVerifier } from "../chain/block-verifier.ts";
import type { ForkStore } from "../chain/fork-proofs.ts";
import type { Ledger } from "../chain/ledger.ts";
import { BlockGossip } from "./channel/block-gossip.ts";
import { channelIdOf, channelTag } from "./channel/channel-tag.ts";
import type { Misconduct } from "./door/conduct.ts";
import { cutIdOf } from "./push/cut.ts";
import { Doorkeeper } from "./door/doorkeeper.ts";
import { EarlyChunks } from "./push/early-chunks.ts";
import { GossipError } from "./errors.ts";
import type { GossipEvent, Observer } from "./events.ts";
import type { Handshake } from "./door/handshake.ts";
import { MemberGossip, type MemberMessage } from "./members/member-gossip.ts";
import type { Membership } from "./members/membership.ts";
import type { BlockRange, ChunkMessage, CutNotice, Message } from "./wire/messages.ts";
import type { GossipOptions } from "./options.ts";
import { PeerView } from "./channel/peer-view.ts";
import type {
  Admission,
  AnchorPeer,
  BlockSource,
  ChannelId,
  Clock,
  Contact,
  Credentials,
  Endpoints,
  ErasureCode,
  Inbox,
  Keyring,
  PeerId,
  Random,
  Transport,
} from "./ports.ts";
import { UserEvents } from "./user-events/user-events.ts";

export interface GossipPeerParts {
  readonly keyring: Keyring;
  readonly admission: Admission;
  readonly clock: Clock;
  readonly random: Random;
  readonly options: GossipOptions;
  readonly code: ErasureCode;
  /** Peers of our own organisation to begin with; of any where everybody is let in. */
  readonly bootstrap: readonly Contact[];
  /** The anchor peers of the joined channels' configurations. */
  readonly anchors: () => readonly AnchorPeer[];
  readonly observe: Observer;
  /** A name for people. */
  readonly name: string;
  /** What else is said of this peer, each `NAME=VALUE`. */
  readonly tags?: readonly string[];
}

/** What a channel needs to be joined. */
export interface ChannelParts {
  readonly name: string;
  readonly genesis: Block;
  /** Holds the genesis block at least. */
  readonly ledger: Ledger;
  readonly verifier: BlockVerifier;
  readonly forks: ForkStore;
  /** Whether a peer may have the channel's blocks, under the configuration in force. */
  readonly mayRead: (credentials: Credentials) => boolean;
  /** Where new blocks come from, the first that answers first; default: none. */
  readonly sources?: readonly BlockSource[];
  /** The peer's options, but for those that are set for this channel alone. */
  readonly options?: GossipOptions;
}

/**
 * One peer: the membership that it shares among its channels, and a `BlockGossip` for each channel. It is what the
 * transport calls, and it sees to it that a channel's messages reach that channel alone, from its own peers alone.
 */
export class GossipPeer implements Inbox {
  readonly #parts: GossipPeerParts;
  readonly #doorkeeper: Doorkeeper;
  readonly #channels = new Map<ChannelId, BlockGossip>();
  readonly #early = new EarlyChunks();
  #transport: Transport | undefined;
  #members: MemberGossip | undefined;
  #events: UserEvents | undefined;
  #endpoints: Endpoints = { internal: [], external: [] };

  constructor(parts: GossipPeerParts) {
    this.#parts = parts;
    this.#doorkeeper = new Doorkeeper({
      ...parts,
      observe: (event) => this.#observe(event),
      isSeed: (peer) => this.#members?.seeds.has(peer) === true,
      disconnect: (peer, reason) => this.#transport?.disconnect(peer, reason),
    });
  }

  get membership(): Membership {
    return this.#doorkeeper.membership;
  }

  /** Gives it the network; to be called once, before anything else. `endpoints` is where others can reach us. */
  connect(transport: Transport, endpoints: Endpoints): void {
    this.#transport = transport;
    this.#endpoints = endpoints;
    this.#members = new MemberGossip({ ...this.#parts, doorkeeper: this.#doorkeeper, transport });
    this.#events = new UserEvents({ ...this.#parts, membership: this.membership, transport });
    this.#describe();
  }

  /** Small messages from any member to all. */
  get events(): UserEvents {
    return required(this.#events);
  }

  /**
   * Gets to know the peer at an address, and by it all others that it may tell of (Redis Cluster's MEET).
   *
   * @throws GossipError `UNREACHABLE`, or why one of the two does not let the other in.
   */
  meet(address: string): Promise<PeerId> {
    return required(this.#members).seeds.introduce(address);
  }

  /** Who says of the peer that it cannot be reached. */
  accusers(peer: PeerId): readonly PeerId[] {
    return required(this.#members).detector.suspicion.accusers(peer);
  }

  /** Whether our view of others is to be trusted: 0 is well; in doubt we take nobody for dead. */
  get health(): { readonly score: number; readonly inDoubt: boolean } {
    const { detector } = required(this.#members);
    return { score: detector.health.score, inDoubt: !detector.mayJudge() };
  }

  /** What is held against a peer; undefined: nothing. */
  misconduct(peer: PeerId): Misconduct | undefined {
    return this.#doorkeeper.conduct.of(peer);
  }

  /** Our identity has been renewed: everybody is told of the new one. */
  identityChanged(): void {
    required(this.#members).changed();
  }

  /** What is admitted has changed: who is not let in any more is shown out. */
  admissionChanged(): void {
    this.#doorkeeper.identities.recheck();
    for (const channel of this.#channels.values()) channel.membershipChanged();
  }

  /** Joins a channel; its messages are served from now on, and `BlockGossip.run` makes it work. */
  join(parts: ChannelParts): BlockGossip {
    const transport = required(this.#transport);
    const channel = channelIdOf(parts.name, parts.genesis);
    if (this.#channels.has(channel))
      throw new GossipError("CONFLICT", `channel ${parts.name} has been joined already`);
    const configNumber = () => parts.verifier.config.blockNumber;
    const { membership } = this;
    const { detector } = required(this.#members);
    const { options } = { ...this.#parts, ...parts };
    const view = new PeerView({ ...this.#parts, ...parts, options, channel, membership, configNumber });
    const introduce = (peer: PeerId) => void transport.send(peer, this.greeting(peer));
    const incarnation = () => this.membership.incarnation;
    const gossip = new BlockGossip({
      ...this.#parts,
      sources: [],
      ...parts,
      channel,
      view,
      transport,
      heardMs: (peer: PeerId) => detector.heardMs(peer),
      onHeard: (peer: PeerId) => detector.heard(peer),
      mayJudge: () => detector.mayJudge(),
      incarnation,
      introduce,
      options,
      disclosure: membership.disclosure,
      partyOf: (peer: PeerId) => membership.partyOf(peer),
      onLie: (peer: PeerId, error: Error) => this.#doorkeeper.conduct.note(peer, error),
      onReconfigured: () => this.admissionChanged(),
    });
    this.#channels.set(channel, gossip);
    this.#describe();
    return gossip;
  }

  /** Leaves a channel: its peers are told, and its messages are not served any more. */
  leave(gossip: BlockGossip): void {
    this.#channels.delete(gossip.id);
    gossip.stop();
    this.#describe();
    required(this.#members).changed();
  }

  /** The joined channels. */
  channels(): readonly BlockGossip[] {
    return [...this.#channels.values()];
  }

  /** Takes part in the membership until the signal, then says goodbye. */
  async run(signal: AbortSignal): Promise<void> {
    const members = required(this.#members);
    const stopped = Promise.withResolvers<void>();
    signal.addEventListener("abort", () => stopped.resolve(), { once: true });
    if (signal.aborted) return;
    {
      using _timers = members.start();
      using _events = this.events.start();
      await stopped.promise;
    }
    members.leave();
  }

  handshake(peer: PeerId, isDialler: boolean): Handshake {
    return this.#doorkeeper.handshake(peer, isDialler);
  }

  refused(peer: PeerId, error: GossipError): void {
    this.#doorkeeper.refused(peer, error);
  }

  greeting(to: PeerId): Message {
    return required(this.#members).greeting(to);
  }

  receive(from: PeerId, message: Message): void {
    try {
      required(this.#members).detector.heard(from);
      this.#receive(from, message);
    } catch (error) {
      this.#doorkeeper.conduct.note(from, error);
      throw error;
    }
  }

  async serveBlocks(from: PeerId, channel: ChannelId, range: BlockRange): Promise<readonly Uint8Array[]> {
    required(this.#members).detector.heard(from);
    return await this.#channel(from, channel).serve(from, range);
  }

  disconnected(peer: PeerId): void {
    for (const channel of this.#channels.values()) channel.disconnected(peer);
  }

  unreachable(peer: PeerId): void {
    required(this.#members).detector.unreachable(peer);
    for (const channel of this.#channels.values()) {
      channel.disconnected(peer);
      channel.membershipChanged();
    }
  }

  #receive(from: PeerId, message: Message): void {
    switch (message.kind) {
      case "alive":
      case "membership-request":
      case "membership-response":
      case "identity-want":
      case "identities":
      case "accusations":
      case "ping":
      case "ping-request":
      case "pong":
        return this.#receiveMembership(from, message);
      case "user-events":
      case "event-sync":
        return this.events.receive(from, message);
      case "chunk":
        return this.#receiveChunk(from, message);
      case "block":
      case "cut":
      case "chunk-want":
      case "advert":
      case "want":
      case "relay-question":
      case "relay-answer":
      case "state-info":
      case "syn":
      case "ack":
      case "ack2":
      case "fork-proof":
      case "journey-question":
      case "journey-answer":
        this.#channel(from, message.channel).receive(from, message);
        if (message.kind === "cut") this.#replayEarly(message);
        return;
      case "repair-step":
      case "repair-progress":
      case "repair-report":
        return this.#channel(from, message.channel).repair.receive(from, message);
      default:
        return message satisfies never;
    }
  }

  #receiveMembership(from: PeerId, message: MemberMessage): void {
    required(this.#members).receive(from, message);
    if (message.kind === "membership-request") this.events.asked(from);
    for (const channel of this.#channels.values()) channel.membershipChanged();
  }

  /** A chunk names its cut only, and the cut its channel. */
  #receiveChunk(from: PeerId, message: ChunkMessage): void {
    const channels = this.channels().filter(({ view }) => view.isMember(from));
    if (channels.length === 0)
      throw new GossipError("NOT_A_MEMBER", `${from} is not known as a peer of a channel`);
    const channel = channels.find((candidate) => candidate.knowsCut(message.cut));
    if (channel !== undefined) return channel.receive(from, message);
    this.#early.keep(from, message);
    for (const candidate of channels) candidate.receiveUntold(from, message.cut);
  }

  #replayEarly({ statement }: CutNotice): void {
    for (const { from, message } of this.#early.take(cutIdOf(statement))) {
      try {
        // As if it came now: whoever sent it is at fault, not who tells of the cut.
        this.receive(from, message);
      } catch (error) {
        if (!(error instanceof GossipError)) throw error;
      }
    }
  }

  /** The same refusal whether the channel is not ours or not theirs: an outsider learns nothing by asking. */
  #channel(from: PeerId, channel: ChannelId): BlockGossip {
    const gossip = this.#channels.get(channel);
    if (gossip === undefined || !gossip.view.isMember(from)) {
      throw new GossipError("NOT_A_MEMBER", `${from} is not known as a peer of that channel`);
    }
    return gossip;
  }

  #describe(): void {
    const channelTags = [...this.#channels.keys()].map((channel) =>
      channelTag(channel, this.membership.self),
    );
    const { name, tags = [] } = this.#parts;
    this.membership.own.describe({ name, tags, endpoints: this.#endpoints, channelTags });
  }

  #observe(event: GossipEvent): void {
    if (event.kind === "member" && event.state === "forgotten") {
      this.#doorkeeper.identities.forget(event.peer);
      this.#members?.detector.forget(event.peer);
    }
    this.#parts.observe(event);
  }
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new RangeError("connect() must be called first");
  return value;
}
