import type { GossipError } from "./errors.ts";
import type { Handshake } from "./door/handshake.ts";
import type { Message, BlockQuestion, BlockRange } from "./wire/messages.ts";

/** A libp2p peer id in its text form; an Ed25519 one contains the public key that its statements are checked with. */
export type PeerId = string & { readonly __brand: "PeerId" };

/** Names a channel on the wire without telling its name: 32 hexadecimal digits made of its name and genesis. */
export type ChannelId = string & { readonly __brand: "ChannelId" };

/** A peer and where it can be reached, as multiaddrs in text form, without the peer id's own part. */
export interface Contact {
  readonly peer: PeerId;
  readonly addresses: readonly string[];
}

/** Where a peer can be reached, as multiaddrs in text form, without the peer id's own part. */
export interface Endpoints {
  /** Told to peers of its own organisation only. */
  readonly internal: readonly string[];
  /** Told to everybody; a peer that has none is not seen from outside its organisation. */
  readonly external: readonly string[];
}

/** A peer that an organisation names in a channel's configuration for those of others to find it by. */
export interface AnchorPeer {
  readonly organisation: string;
  /** A multiaddr; its peer id is not known. */
  readonly address: string;
}

/**
 * Time as the protocol sees it. Tasks run one at a time, in the order of their times; `now` never goes back while
 * the process lives, and starts out near the wall clock, in milliseconds since 1970.
 */
export interface Clock {
  now(): number;
  /** Runs the task once after the delay, unless disposed of before. */
  schedule(delayMs: number, task: () => void): Disposable;
}

/** Uniform in [0, 1). */
export type Random = () => number;

/**
 * The network. `send` is best-effort: a message may be lost, and nobody is told. `fetchBlocks` is reliable or rejects
 * (`GossipError` `UNREACHABLE`, `TIMED_OUT`, or what the other side refused with). Both connect when they must. On a
 * new connection nothing passes before both sides have completed the {@link Handshake} that the inbox makes.
 */
export interface Transport {
  /** Where a peer can be reached; the latest word counts. */
  learn(contact: Contact): void;
  /** False: the peer's queue is full or it cannot be reached; the message was dropped and counted. */
  send(peer: PeerId, message: Message): boolean;
  /**
   * Serialized blocks from the start of the range, in order: at least one if the peer holds any, at most the
   * peer's reply limit. They are not verified. Each is handed over as it comes, and the promise resolves after the
   * last; what `onBlock` throws ends the fetch, which rejects with it.
   */
  fetchBlocks(
    peer: PeerId,
    question: BlockQuestion,
    onBlock: (block: Uint8Array) => void,
    signal: AbortSignal,
  ): Promise<void>;
  /**
   * Connects to a peer, or to whoever is at an address, and says nothing more. Resolves with who it is when both have
   * proven themselves; rejects with `UNREACHABLE`, or with why one of the two refuses the other.
   */
  meet(target: PeerId | { readonly address: string }): Promise<PeerId>;
  /** Hangs up on a peer. It may come back by another handshake. */
  disconnect(peer: PeerId, reason: GossipError): void;
}

/**
 * Where a channel's new blocks come from: an ordering service, or a peer of an organisation that runs one. It is outside
 * the network and is believed nothing: what it gives is verified like any other block. Both reject where it does not
 * answer, with any error, and end with the signal.
 */
export interface BlockSource {
  /** For people, such as its URL. */
  readonly name: string;
  /**
   * How many blocks the channel has there, genesis included. May wait for it to be above `above`, for a few hundred
   * milliseconds; whether the source answers at all is seen by this.
   */
  height(above: number, signal: AbortSignal): Promise<number>;
  /** Serialized blocks from the start of the range, in order, each handed over as it comes; what `onBlock` throws ends it. */
  fetch(range: BlockRange, onBlock: (block: Uint8Array) => void, signal: AbortSignal): Promise<void>;
}

/** What the network calls. `from` is authenticated by the transport, and has completed a handshake. */
export interface Inbox {
  /** Our side of the handshake on a new connection. */
  handshake(peer: PeerId, isDialler: boolean): Handshake;
  /** What the peer sent was refused before it came here: a handshake that failed, or bytes that are no message. */
  refused(peer: PeerId, error: GossipError): void;
  /** Said first on every new link, in both directions. */
  greeting(to: PeerId): Message;
  /** @throws GossipError or ChainError where the message is not to be believed; `from` is counted against. */
  receive(from: PeerId, message: Message): void;
  /**
   * Blocks as the transport port promises them to the asker. Rejects with GossipError `UNKNOWN_CHANNEL`,
   * `NOT_A_MEMBER`.
   */
  serveBlocks(from: PeerId, channel: ChannelId, range: BlockRange): Promise<readonly Uint8Array[]>;
  /** The last connection to the peer has ended, whoever has ended it and why; it may be made again. */
  disconnected(peer: PeerId): void;
  /** The peer could not be reached, or its connection broke and could not be made again. */
  unreachable(peer: PeerId): void;
}

/** The key behind a peer id. Synchronous, since a thread pool would make the order of events depend on the machine. */
export interface Keyring {
  readonly self: PeerId;
  sign(bytes: Uint8Array): Uint8Array;
  /** 32 bytes that nobody can foresee and that do not come twice. */
  nonce(): Uint8Array;
  /** False also for a peer id that contains no usable key. */
  verify(peer: PeerId, bytes: Uint8Array, signature: Uint8Array): boolean;
}

/** What a peer is found to be by the identity that it shows; an admission makes a new one each time. */
export interface Credentials {
  /** The organisation that it proves, by MSP id; undefined where none is proven and none is needed. */
  readonly organisation: string | undefined;
  /** When the identity ends, in milliseconds since 1970; undefined: never. */
  readonly expiresMs: number | undefined;
  /** Whether the identity's holder signed the bytes. */
  verify(bytes: Uint8Array, signature: Uint8Array): boolean;
}

/** Who may take part. */
export interface Admission {
  /** Whether everybody is let in. What organisations keep from each other is then told as well. */
  readonly isOpen: boolean;
  /** The organisation that this peer belongs to; undefined: none. */
  readonly organisation: string | undefined;
  /** What this peer shows others to be admitted; undefined where it has nothing to show. It changes when renewed. */
  readonly identity: Uint8Array | undefined;
  /** Signs as the holder of our identity; empty where there is none. */
  sign(bytes: Uint8Array): Uint8Array;
  /**
   * What the peer is found to be that shows this identity.
   *
   * @throws GossipError with an `AdmissionCode`: it is not let in.
   */
  admit(peer: PeerId, identity: Uint8Array | undefined): Credentials;
}

/**
 * A systematic erasure code over shards of one length: from any `dataCount` different shards of data and parity the
 * data can be restored. A shard of parity depends on its index alone, not on how many are made.
 */
export interface ErasureCode {
  /** `count` shards of parity from index `first` on. */
  parity(data: readonly Uint8Array[], first: number, count: number): Uint8Array[];
  /** The shards of data; undefined where fewer than `dataCount` of the shards are there. */
  restore(shards: readonly (Uint8Array | undefined)[], dataCount: number): readonly Uint8Array[] | undefined;
}
