import { join } from "node:path";
import { pino, type Logger } from "pino";
import type * as z from "zod";
import { Block, type BlockHash } from "../../chain/block.ts";
import { ChainError } from "../../chain/errors.ts";
import type { GossipEvent, Observer } from "../../gossip/events.ts";
import type { GossipOptions } from "../../gossip/options.ts";
import type { UserEvent } from "../../gossip/user-events/user-event.ts";
import type { BlockPeer, BlocksOptions, SubmitOptions, Submitted } from "./block-peer.ts";
import { FileCheckpoints, requireHeld, startOf, type CheckpointStore } from "../following/checkpoints.ts";
import { loadConfig } from "../config/config.ts";
import type { peerSettingsSchema } from "../config/config-schema.ts";
import { NodeError } from "../errors.ts";
import { reason } from "../files.ts";
import { followBlocks } from "../following/follow-blocks.ts";
import { followEvents, type FollowOptions } from "../following/follow-events.ts";
import { HttpApi } from "../http/http-api.ts";
import { startBarePeer, type BarePeer } from "./peer.ts";
import type { PeerMember } from "./peer-member.ts";
import { peerMembers } from "./peer-members.ts";
import type { PeerChannel } from "./peer-state.ts";

type Settings = z.input<typeof peerSettingsSchema>;

/**
 * The settings of a peer's configuration, by the same names and with the same defaults; `docs/OPERATING.md` explains
 * them. One of `msp` and `admission` must be given. Relative paths start from the process's folder.
 */
export interface PeerOptions extends Readonly<Omit<Settings, "gossip" | "channels" | "logLevel">> {
  /** Options of the protocol. */
  readonly gossip?: Partial<GossipOptions>;
  /** By channel, options of the protocol that are other ones there. */
  readonly channels?: Readonly<Record<string, Partial<GossipOptions>>>;
  /** `HOST:PORT` of the peer's HTTP API. Without it there is none. */
  readonly api?: string;
  /** Where the log goes; default: nowhere. */
  readonly logger?: Logger;
  /** Stops the peer, or ends its start, which rejects with the signal's reason then. */
  readonly signal?: AbortSignal;
}

/** How far a channel is. */
export interface ChannelTip {
  readonly channel: string;
  /** How many blocks are held durably, which is the number of the next one. */
  readonly height: number;
  readonly tipHash: BlockHash;
  /** The number of the newest config block. */
  readonly lastConfig: number;
}

/** The event of that kind. */
export type EventOf<Kind extends GossipEvent["kind"]> = GossipEvent extends infer Event
  ? Event extends { readonly kind: infer Kinds }
    ? Kind extends Kinds
      ? Event
      : never
    : never
  : never;

/**
 * Starts a peer in this process. When it resolves, the peer listens, and works on joining the others. It writes
 * nothing but its data folder, ends no process, and takes no signals of the operating system.
 *
 * @throws NodeError, ChainError, GossipError: what of the options, the files or the ports cannot be used.
 */
export async function startEmbeddedPeer(options: PeerOptions = {}): Promise<EmbeddedPeer> {
  const { logger = pino({ level: "silent" }), signal, ...settings } = options;
  signal?.throwIfAborted();
  await using started = new AsyncDisposableStack();
  const config = loadConfig({ options: settings });
  const bare = await startBarePeer(config, { logger }, started);
  const api = options.api === undefined ? undefined : started.use(await HttpApi.start(bare.state)).url;
  signal?.throwIfAborted();
  return new EmbeddedPeer({ ...bare, api, logger, owned: started.move(), signal });
}

interface Parts extends BarePeer {
  readonly api: string | undefined;
  readonly logger: Logger;
  readonly owned: AsyncDisposableStack;
  readonly signal: AbortSignal | undefined;
}

/** A peer that runs in this process. Disposing of it is the same as `stop`. */
export class EmbeddedPeer implements BlockPeer, AsyncDisposable {
  /** Where its HTTP API listens, as a URL; undefined where it has none. */
  readonly api: string | undefined;
  /** Rejects when a channel has stopped by itself; the peer's other channels go on. Never resolves. */
  readonly failed: Promise<never>;
  readonly #parts: Parts;
  readonly #checkpoints = new Map<string, CheckpointStore>();
  readonly #stopping = new AbortController();
  #stopped: Promise<void> | undefined;

  /** @internal */
  constructor(parts: Parts) {
    this.#parts = parts;
    this.api = parts.api;
    this.failed = parts.failed;
    const stop = () => {
      this.stop().catch((error: unknown) =>
        parts.logger.error(`the peer did not stop well: ${reason(error)}`),
      );
    };
    parts.signal?.addEventListener("abort", stop, { once: true, signal: this.#stopping.signal });
    void parts.left.then(stop);
  }

  /** Its libp2p peer id. */
  get id(): string {
    return this.#parts.state.id;
  }

  /** Where it listens, with its peer id: what others take as `bootstrap`. */
  get multiaddrs(): readonly string[] {
    return this.#parts.state.multiaddrs;
  }

  height(channel?: string): number {
    return this.#channel(channel).ledger.height;
  }

  /** What the next block is made of, beside its transactions. @throws NodeError `NOT_FOUND`. */
  tip(channel?: string): ChannelTip {
    const { name, ledger, verifier } = this.#channel(channel);
    const { height, tipHash } = ledger;
    if (tipHash === undefined) throw new ChainError("NOT_HELD", `the ledger of ${name} is empty`);
    return { channel: name, height, tipHash, lastConfig: verifier.config.blockNumber };
  }

  async *blocks(options: BlocksOptions = {}): AsyncGenerator<Block, void, undefined> {
    const { channel: name, from = "oldest", consumer, signal } = options;
    const channel = this.#channel(name);
    const start = await startOf(this.#checkpointsOf(channel), consumer, from);
    const { signal: stopping } = this.#stopping;
    yield* followBlocks(channel, this.#parts.state.observers, {
      from: start,
      signal: signal === undefined ? stopping : AbortSignal.any([signal, stopping]),
    });
  }

  async submit(block: Uint8Array | Block, { channel, signal }: SubmitOptions = {}): Promise<Submitted> {
    signal?.throwIfAborted();
    const { gossip } = this.#channel(channel);
    const whole = block instanceof Block ? block : Block.parse(block);
    const isNew = await unlessAborted(gossip.publish(whole), signal);
    return { number: whole.number, hash: whole.hash, isNew };
  }

  async checkpoint(consumer: string, number: number, channel?: string): Promise<void> {
    const joined = this.#channel(channel);
    requireHeld(number, joined.ledger.height);
    await this.#checkpointsOf(joined).write(consumer, number);
  }

  /** Who is there, this peer first; with a channel, those who have it. @throws NodeError `NOT_FOUND`. */
  members(channel?: string): readonly PeerMember[] {
    return peerMembers(this.#parts.state, channel === undefined ? undefined : this.#channel(channel));
  }

  /** Gets to know the peer at a multiaddr, and the others by that one. Its id. @throws GossipError. */
  async meet(address: string): Promise<string> {
    return await this.#parts.state.gossip.meet(address);
  }

  /** Calls for each event of that kind, until disposed of. What the listener throws goes to the log. */
  on<Kind extends GossipEvent["kind"]>(kind: Kind, listener: (event: EventOf<Kind>) => void): Disposable {
    const { state, logger } = this.#parts;
    const observe: Observer = (event) => {
      if (event.kind !== kind) return;
      try {
        listener(event as EventOf<Kind>);
      } catch (error) {
        logger.error(`a listener for ${kind} failed: ${reason(error)}`);
      }
    };
    return state.observers.add(observe);
  }

  /** The user events of all members from now on. @throws NodeError `TOO_SLOW` for who falls behind. */
  userEvents(options: FollowOptions): AsyncIterable<UserEvent> {
    return followEvents(this.#parts.state.gossip.events, options);
  }

  /** Tells all members. @throws GossipError `INVALID_EVENT`, `RATE_LIMITED`. */
  sendUserEvent(name: string, payload: Uint8Array): UserEvent {
    return this.#parts.state.gossip.events.send(name, payload);
  }

  /** Says goodbye, ends all loops over blocks, writes what was accepted, and lets go of ports and files. */
  stop(): Promise<void> {
    this.#stopping.abort();
    return (this.#stopped ??= this.#parts.owned.disposeAsync());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #channel(name: string | undefined): PeerChannel {
    const { channels } = this.#parts.state;
    const [only, ...others] = channels;
    const channel = name === undefined ? only : channels.find((candidate) => candidate.name === name);
    if (channel !== undefined && (name !== undefined || others.length === 0)) return channel;
    const joined = channels.map((candidate) => candidate.name).join(", ") || "none";
    const what = name === undefined ? "name a channel" : `channel ${name} is not joined here`;
    throw new NodeError("NOT_FOUND", `${what}; joined: ${joined}`);
  }

  #checkpointsOf({ name }: PeerChannel): CheckpointStore {
    const known = this.#checkpoints.get(name);
    if (known !== undefined) return known;
    const { data } = this.#parts.state.config;
    const checkpoints = new FileCheckpoints(join(data, "channels", name, "checkpoints"));
    this.#checkpoints.set(name, checkpoints);
    return checkpoints;
  }
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await work;
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
