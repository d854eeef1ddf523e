import type { Block, BlockHash } from "../../chain/block.ts";
import { Holders } from "./holders.ts";
import type { HeldBlock, Message } from "../wire/messages.ts";
import type { GossipOptions } from "../options.ts";
import type { PeerView } from "../channel/peer-view.ts";
import type { ChannelId, Clock, PeerId, Transport } from "../ports.ts";

export interface AdvertBatchParts {
  readonly channel: ChannelId;
  readonly view: PeerView;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly options: GossipOptions;
  readonly holders: Holders;
  /** The height of our own ledger. */
  readonly height: () => number;
}

/** Blocks in one message at most. */
const BLOCKS_MAX = 256;

/**
 * What this peer has come to hold, gathered for a moment and then told to some random neighbours, and to those it came
 * from. The moment lets the wave of the blocks themselves pass first, and under load makes one message of many.
 */
export class AdvertBatch {
  readonly #parts: AdvertBatchParts;
  #blocks: HeldBlock[] = [];
  readonly #sources = new Set<PeerId>();
  readonly #told = new Holders();
  #timer: Disposable | undefined;

  constructor(parts: AdvertBatchParts) {
    this.#parts = parts;
  }

  /** The block is here, and came from that peer. */
  add({ number, hash, bytes }: Block, from: PeerId | undefined): void {
    const { clock, options } = this.#parts;
    if (!options.push || options.pushAdverts === 0) return;
    this.#blocks.push({ number, hash, blockBytes: bytes.length });
    if (from !== undefined) this.#sources.add(from);
    // A large block takes longer to come to all.
    const delayMs = options.advertDelayMs + (1_000 * bytes.length) / options.wantBytesPerSecondMin;
    this.#timer ??= clock.schedule(delayMs, () => this.#flush());
    if (this.#blocks.length >= BLOCKS_MAX) this.#flush();
  }

  /** Tells one peer at once. */
  tell(peer: PeerId, blocks: readonly HeldBlock[]): void {
    const { channel, transport, height } = this.#parts;
    transport.send(peer, { kind: "advert", channel, height: height(), blocks });
    this.#noteTold(peer, blocks);
  }

  /** Whether the peer has been told of the block, which it may ask for once then. */
  takeTold(hash: BlockHash, peer: PeerId): boolean {
    return this.#told.take(hash, peer);
  }

  /** Tells nothing more. */
  stop(): void {
    this.#timer?.[Symbol.dispose]();
    this.#blocks = [];
  }

  #flush(): void {
    const { channel, view, transport, options, holders, height } = this.#parts;
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    const blocks = this.#blocks;
    // In a grid the peer that cut a block need not be a neighbour, and cannot have links to all.
    const neighbours = new Set(view.neighbours());
    const sources = [...this.#sources].filter((peer) => neighbours.has(peer));
    this.#blocks = [];
    this.#sources.clear();
    const holdsAll = (peer: PeerId) => blocks.every(({ hash }) => holders.has(hash, peer));
    const targets = new Set([
      ...sources.slice(0, SOURCES_MAX),
      ...view.sample(options.pushAdverts, holdsAll),
    ]);
    const message: Message = { kind: "advert", channel, height: height(), blocks };
    for (const peer of targets) {
      transport.send(peer, message);
      this.#noteTold(peer, blocks);
    }
  }

  #noteTold(peer: PeerId, blocks: readonly HeldBlock[]): void {
    for (const { hash } of blocks) this.#told.add(hash, peer);
  }
}

/** Those it came from that are told, of one batch. */
const SOURCES_MAX = 8;
