import type { Block } from "../../chain/block.ts";
import type { AntiEntropyMode, GossipOptions } from "../../gossip/options.ts";
import { encodeMessage } from "../../gossip/wire/message-codec.ts";
import type { Message } from "../../gossip/wire/messages.ts";
import { SPREAD_NONE } from "../../gossip/push/spread.ts";
import { heldAbove } from "./held-above.ts";
import type { SimulatedPeer } from "../../node/testing/simulator/simulated-peer.ts";
import { Simulation } from "../../node/testing/simulator/simulation.ts";

/** What a peer holds to begin with: all below a height, and some above it. */
export interface Holdings {
  readonly height: number;
  readonly early?: readonly number[];
}

/** Two peers that nothing but sessions of anti-entropy brings blocks to, and no session starts by itself. */
export class EntropyPair {
  readonly simulation: Simulation;
  readonly first: SimulatedPeer;
  readonly second: SimulatedPeer;
  /** Their frames of anti-entropy. */
  readonly frames: { readonly from: SimulatedPeer; readonly message: Message; readonly bytes: number }[] = [];

  private constructor(seed: number, options: Partial<GossipOptions>) {
    this.simulation = new Simulation({
      seed,
      peerCount: 3,
      options: { push: false, stateTransfer: false, antiEntropy: false, ...options },
    });
    [this.first, this.second] = this.simulation.peers as [SimulatedPeer, SimulatedPeer];
    const { wiretap } = this.simulation.network;
    this.simulation.network.wiretap = (from, to, message) => {
      wiretap(from, to, message);
      const sender = this.simulation.peers.find(({ id }) => id === from);
      if (sender !== undefined && ["syn", "ack", "ack2"].includes(message.kind))
        this.frames.push({ from: sender, message, bytes: encodeMessage(message).length });
    };
  }

  /** Starts both, and waits until each knows the other's height. */
  static async start(
    first: Holdings,
    second: Holdings,
    {
      seed = 1,
      transactionBytes = 200,
      ...options
    }: Partial<GossipOptions> & {
      readonly seed?: number;
      readonly transactionBytes?: number;
    } = {},
  ): Promise<EntropyPair> {
    const pair = new EntropyPair(seed, options);
    const { simulation } = pair;
    // Where the blocks were handed in; it takes no part.
    const source = simulation.peers[2]!;
    const count = Math.max(...[first, second].flatMap(({ height, early = [] }) => [height - 1, ...early]));
    for (let number = 1; number <= count; number++) {
      const block = simulation.orderer.next(transactionBytes);
      simulation.checker.published(block, source);
      source.disk.blocks.push(block);
    }
    const { blocks } = source.disk;
    pair.first.disk.blocks.push(...blocks.slice(1, first.height));
    pair.second.disk.blocks.push(...blocks.slice(1, second.height));
    await simulation.start([pair.first, pair.second]);
    const give = (to: SimulatedPeer, from: SimulatedPeer, { early = [] }: Holdings) => {
      for (const number of early) pair.#give(to, from, blocks[number]!);
    };
    give(pair.first, pair.second, first);
    give(pair.second, pair.first, second);
    await simulation.runFor(5_000);
    if (options.antiEntropy === undefined) pair.#wait();
    return pair;
  }

  /** Starts both with ledgers of this height, of which nothing but the first and the last block is ever read. */
  static async startLong(height: number): Promise<EntropyPair> {
    const pair = new EntropyPair(1, {});
    const block = pair.simulation.orderer.next(200);
    for (const { disk } of [pair.first, pair.second])
      disk.blocks.push(...Array.from({ length: height - 1 }, () => block));
    await pair.simulation.start([pair.first, pair.second]);
    await pair.simulation.runFor(5_000);
    pair.#wait();
    return pair;
  }

  /** One session that a peer starts, and its end. The frames of it. */
  async session(starter: SimulatedPeer, mode: AntiEntropyMode): Promise<readonly Message["kind"][]> {
    const before = this.frames.length;
    starter.gossip.antiEntropy = { enabled: true, mode, intervalMs: 1_000 };
    // The second would start after 1.8 seconds.
    await this.simulation.runFor(1_200);
    this.#wait();
    await this.simulation.runFor(1_000);
    return this.frames.slice(before).map(({ message }) => message.kind);
  }

  /** The numbers of all blocks that a peer holds. */
  held(peer: SimulatedPeer): readonly number[] {
    return heldAbove(peer.gossip, 0);
  }

  /** Both are ready for a session, and start none. */
  #wait(): void {
    for (const { gossip } of [this.first, this.second])
      gossip.antiEntropy = { ...gossip.antiEntropy, enabled: true, intervalMs: 24 * 60 * 60 * 1_000 };
  }

  #give(to: SimulatedPeer, from: SimulatedPeer, { bytes }: Block): void {
    to.gossip.receive(from.id, { kind: "block", channel: to.gossip.id, spread: SPREAD_NONE, block: bytes });
  }
}
