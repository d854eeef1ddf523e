import type { Block } from "../../chain/block.ts";
import { ChunkRelay, type ChunkRelayParts } from "./chunk-relay.ts";
import { ChunkSource, type ChunkSourceParts } from "./chunk-source.ts";
import type { Cut } from "./cut.ts";
import type { ChunkMessage, CutId, CutNotice, HeldBlock, Message } from "../wire/messages.ts";
import type { PeerId } from "../ports.ts";

/** The messages that blocks go by in chunks. */
type ChunkPushMessage = CutNotice | ChunkMessage | (Message & { readonly kind: "chunk-want" });

export interface ChunkPushParts extends ChunkSourceParts, ChunkRelayParts {}

/** The fast path for large blocks: its producer's side and its receivers' side, and one trust in relays for both. */
export class ChunkPush {
  readonly #parts: ChunkPushParts;
  readonly #source: ChunkSource;
  readonly #relay: ChunkRelay;

  constructor(parts: ChunkPushParts) {
    this.#parts = parts;
    this.#source = new ChunkSource(parts);
    // Of those who hold one of the two blocks he is the one to compare them, or all would ask for the other.
    const onOtherCut = (cut: Cut) => {
      if (this.#source.hasSent(cut.number)) parts.onOtherCut(cut);
    };
    this.#relay = new ChunkRelay({ ...parts, onOtherCut });
  }

  /** Whether the block is worth being cut, and there is anybody to relay it. */
  takes(block: Block): boolean {
    return this.#source.takes(block);
  }

  /** Cuts a block that was handed in here, and gives its chunks to relays. Returns who could not be told of it. */
  first(block: Block): readonly PeerId[] {
    return this.#source.send(block);
  }

  /** @throws GossipError where the message is not to be believed. */
  receive(from: PeerId, message: ChunkPushMessage): void {
    switch (message.kind) {
      case "cut":
        if (this.#parts.options.push && this.#parts.options.chunks) this.#relay.receiveCut(from, message);
        return;
      case "chunk":
        return this.#receiveChunk(from, message);
      case "chunk-want":
        if (this.#source.receiveWant(from, message)) return;
        return this.#relay.receiveWant(from, message);
      default:
        return message satisfies never;
    }
  }

  /** A neighbour holds these blocks. */
  noteHolder(peer: PeerId, blocks: readonly HeldBlock[]): void {
    for (const { number } of blocks) this.#relay.noteHolder(peer, number);
  }

  /** The link to a peer is gone. */
  disconnected(peer: PeerId): void {
    this.#source.disconnected(peer);
  }

  /** Who is in the channel has changed. */
  membershipChanged(): void {
    this.#source.membershipChanged();
  }

  /** Whether the cut has been told of. */
  knows(cut: CutId): boolean {
    return this.#relay.knows(cut);
  }

  /** Whether the block is on its way in chunks. */
  isComing(number: number): boolean {
    return this.#relay.isComing(number);
  }

  /** The block has come, by whatever way. */
  settle(number: number): void {
    this.#relay.settle(number);
  }

  /** Bytes of chunks of blocks that are not whole. */
  get bytes(): number {
    return this.#relay.bytes;
  }

  /** Waits for nothing any more. */
  stop(): void {
    this.#relay.stop();
    this.#source.stop();
  }

  #receiveChunk(from: PeerId, message: ChunkMessage): void {
    try {
      this.#relay.receiveChunk(from, message);
    } catch (error) {
      this.#source.distrust(from);
      throw error;
    }
  }
}
