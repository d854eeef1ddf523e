import type { ChunkMessage, CutId } from "../wire/messages.ts";
import type { PeerId } from "../ports.ts";

/** A chunk that came before its cut. */
interface EarlyChunk {
  readonly from: PeerId;
  readonly message: ChunkMessage;
}

/** What a chunk costs beside its data and proof: one without data is none without cost. */
const CHUNK_OVERHEAD_BYTES = 256;

/** A node is a view, and a peer that is served a number. */
const NODE_COST_BYTES = 128;
const SERVED_COST_BYTES = 16;

/** Bytes that are kept in all, and of one sender. */
const BYTES_MAX = 4 << 20;
const SENDER_BYTES_MAX = 512 << 10;

/**
 * Chunks whose cut has not come yet: a relay can be faster than the cutter. They are kept until it comes, within
 * bounds, oldest gone first; nothing is done with them before.
 */
export class EarlyChunks {
  readonly #chunks = new Map<CutId, EarlyChunk[]>();
  readonly #senderBytes = new Map<PeerId, number>();
  #bytes = 0;

  /** Keeps the chunk, or not where its sender has filled its share. */
  keep(from: PeerId, message: ChunkMessage): void {
    const ofSender = this.#senderBytes.get(from) ?? 0;
    const length = costBytes(message);
    if (ofSender + length > SENDER_BYTES_MAX) return;
    for (const oldest of this.#chunks.keys()) {
      if (this.#bytes + length <= BYTES_MAX) break;
      this.take(oldest);
    }
    this.#count(from, length);
    const chunks = this.#chunks.get(message.cut);
    if (chunks === undefined) this.#chunks.set(message.cut, [{ from, message }]);
    else chunks.push({ from, message });
  }

  /** Takes out the chunks of a cut, in the order in which they came. */
  take(cut: CutId): readonly EarlyChunk[] {
    const chunks = this.#chunks.get(cut) ?? [];
    this.#chunks.delete(cut);
    for (const { from, message } of chunks) this.#count(from, -costBytes(message));
    return chunks;
  }

  #count(from: PeerId, bytes: number): void {
    this.#bytes += bytes;
    const ofSender = (this.#senderBytes.get(from) ?? 0) + bytes;
    if (ofSender === 0) this.#senderBytes.delete(from);
    else this.#senderBytes.set(from, ofSender);
  }
}

function costBytes({ data, proof, served }: ChunkMessage): number {
  const nodes = proof === undefined ? 0 : proof.leaves.length + proof.path.length;
  return CHUNK_OVERHEAD_BYTES + data.length + NODE_COST_BYTES * nodes + SERVED_COST_BYTES * served.length;
}
