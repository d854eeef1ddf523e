import type { BlockHash } from "../../../chain/block.ts";
import { Block } from "../../../chain/block.ts";
import type { GossipEvent } from "../../../gossip/events.ts";
import type { Message } from "../../../gossip/wire/messages.ts";
import type { PeerId } from "../../../gossip/ports.ts";
import type { SimulatedPeer } from "./simulated-peer.ts";

/**
 * What must hold at every step of a simulation, whatever the weather and whoever lies: no ledger contradicts another,
 * every ledger grows by one in order, each block is handed on once in each life of a peer, nothing is on the network
 * that is not in the ledger of the peer that it was handed in at, and no honest peer is taken for a liar.
 */
export class Checker {
  readonly #chain = new Map<number, BlockHash>();
  /** Where each block came into the network. */
  readonly #published = new Map<BlockHash, Set<SimulatedPeer>>();
  readonly #lastCommitted = new Map<SimulatedPeer, number>();
  readonly #seen = new WeakSet<Message>();
  readonly violations: string[] = [];
  /** Whether two blocks of one height are part of the plan. */
  allowsForks = false;

  /** A block is about to be handed in at a peer. */
  published(block: Block, at: SimulatedPeer): void {
    this.#cameIn(block.hash, at);
  }

  /** A peer has started anew and hands its blocks on from where its disk is. */
  restarted(peer: SimulatedPeer): void {
    this.#lastCommitted.delete(peer);
  }

  event(peer: SimulatedPeer, event: GossipEvent): void {
    if (event.kind === "failed") this.#violated(`${peer.id} stopped: ${event.error.message}`);
    if (event.kind === "block-verified" && event.origin === "source") this.#cameIn(event.hash, peer);
    if (event.kind !== "block-committed") return;
    const { number, hash } = event;
    const previous = this.#lastCommitted.get(peer) ?? number - 1;
    if (number !== previous + 1) this.#violated(`${peer.id} handed on block ${number} after ${previous}`);
    this.#lastCommitted.set(peer, number);
    const stored = peer.disk.blocks[number];
    if (stored?.hash !== hash)
      this.#violated(`${peer.id} handed on block ${number} that its disk does not hold`);
    const first = this.#chain.get(number);
    if (first === undefined) this.#chain.set(number, hash);
    else if (first !== hash && !this.allowsForks)
      this.#violated(`${peer.id} holds another block ${number} than the rest`);
  }

  /** What a peer keeps of blocks that are not in its ledger; the next block is always taken. */
  buffers(peer: SimulatedPeer, bytes: number, bytesMax: number): void {
    if (bytes > bytesMax) this.#violated(`${peer.id} keeps ${bytes} bytes, allowed are ${bytesMax}`);
  }

  /** An honest peer is said to have lied. */
  blamed(by: SimulatedPeer, { peer, message }: GossipEvent & { readonly kind: "misconduct" }): void {
    this.#violated(`${by.id} takes ${peer} for a liar: ${message}`);
  }

  sent(from: PeerId, message: Message, isHonest: boolean): void {
    // A sender names the same message for all its receivers.
    if (!isHonest || this.#seen.has(message)) return;
    this.#seen.add(message);
    if (message.kind === "block") this.#sentBlock(from, message.block);
    if (message.kind === "ack" || message.kind === "ack2")
      for (const block of message.blocks) this.#sentBlock(from, block);
  }

  #sentBlock(from: PeerId, bytes: Uint8Array): void {
    const block = Block.parse(bytes);
    const entries = [...(this.#published.get(block.hash) ?? [])];
    if (entries.length === 0)
      this.#violated(`${from} passed on a block ${block.number} that nobody has handed in`);
    else if (!entries.some(({ disk }) => disk.blocks[block.number]?.hash === block.hash)) {
      const ids = entries.map(({ id }) => id).join(", ");
      this.#violated(`block ${block.number} is on the network before ${ids} holds it durably`);
    }
  }

  #cameIn(hash: BlockHash, at: SimulatedPeer): void {
    this.#published.set(hash, (this.#published.get(hash) ?? new Set()).add(at));
  }

  #violated(what: string): void {
    if (this.violations.length < 20) this.violations.push(what);
  }
}
