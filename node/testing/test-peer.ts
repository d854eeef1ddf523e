import { Block } from "../../chain/block.ts";
import { ChainError } from "../../chain/errors.ts";
import { GossipError } from "../../gossip/errors.ts";
import type { BlockPeer, BlocksOptions, SubmitOptions, Submitted } from "../peer/block-peer.ts";
import { checkedConsumer, requireHeld, startOf, type CheckpointStore } from "../following/checkpoints.ts";
import { NodeError } from "../errors.ts";
import { followBlocks } from "../following/follow-blocks.ts";
import { Observers } from "../peer/observers.ts";
import { SIMULATION_CHANNEL } from "./simulator/simulated-orderer.ts";
import type { SimulatedPeer } from "./simulator/simulated-peer.ts";
import type { Simulation } from "./simulator/simulation.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** A write takes a millisecond or two; this is for a peer that crashes meanwhile. */
const SUBMIT_MS_MAX = 60_000;

/** A peer of a test network: what a real one offers to those who work with blocks, in virtual time. */
export class TestPeer implements BlockPeer {
  readonly name: string;
  /** Told of what happens in its protocol. */
  readonly observers = new Observers();
  readonly #peer: SimulatedPeer;
  readonly #simulation: Simulation;
  readonly #time: VirtualTime;
  readonly #checkpoints = new MemoryCheckpoints();
  #life = new AbortController();

  /** @internal */
  constructor(peer: SimulatedPeer, simulation: Simulation, time: VirtualTime) {
    this.name = peer.id;
    this.#peer = peer;
    this.#simulation = simulation;
    this.#time = time;
  }

  get isUp(): boolean {
    return this.#peer.isUp;
  }

  height(channel?: string): number {
    requireChannel(channel);
    return this.#peer.height;
  }

  /** As of a real peer; it ends when this one crashes. */
  async *blocks(options: BlocksOptions = {}): AsyncGenerator<Block, void, undefined> {
    const { channel, from = "oldest", consumer, signal } = options;
    requireChannel(channel);
    const { signal: life } = this.#life;
    const { blocks } = this.#peer.disk;
    const ledger = {
      get height() {
        return blocks.length;
      },
      read: async (number: number) => blocks[number] ?? notHeld(number),
    };
    const followed = { name: SIMULATION_CHANNEL, ledger, failure: undefined };
    yield* followBlocks(followed, this.observers, {
      from: await startOf(this.#checkpoints, consumer, from),
      signal: signal === undefined ? life : AbortSignal.any([signal, life]),
    });
  }

  /** As of a real peer; time passes until it is done. @throws NodeError `TIMED_OUT` where the peer crashes meanwhile. */
  async submit(block: Uint8Array | Block, { channel, signal }: SubmitOptions = {}): Promise<Submitted> {
    signal?.throwIfAborted();
    requireChannel(channel);
    if (!this.isUp) throw new GossipError("STOPPED", `${this.name} is down`);
    const whole = block instanceof Block ? block : Block.parse(block);
    this.#simulation.checker.published(whole, this.#peer);
    let isSettled = false;
    const publishing = this.#peer.gossip.publish(whole).finally(() => {
      isSettled = true;
    });
    publishing.catch(() => undefined);
    if (!(await this.#time.until(() => isSettled, SUBMIT_MS_MAX)))
      throw new NodeError("TIMED_OUT", `${this.name} did not take block ${whole.number}: it has crashed`);
    return { number: whole.number, hash: whole.hash, isNew: await publishing };
  }

  async checkpoint(consumer: string, number: number, channel?: string): Promise<void> {
    requireChannel(channel);
    requireHeld(number, this.height());
    await this.#checkpoints.write(consumer, number);
  }

  /** Ends its loops, as a crash of the process would. @internal */
  endLife(): void {
    this.#life.abort();
    this.#life = new AbortController();
  }
}

/** Checkpoints as a peer's disk keeps them: they survive its crash. */
class MemoryCheckpoints implements CheckpointStore {
  readonly #numbers = new Map<string, number>();

  async read(consumer: string): Promise<number | undefined> {
    return this.#numbers.get(checkedConsumer(consumer));
  }

  async write(consumer: string, number: number): Promise<void> {
    this.#numbers.set(checkedConsumer(consumer), number);
  }
}

function notHeld(number: number): never {
  throw new ChainError("NOT_HELD", `block ${number} is not held`);
}

function requireChannel(name: string | undefined): void {
  if (name === undefined || name === SIMULATION_CHANNEL) return;
  throw new NodeError("NOT_FOUND", `channel ${name} is not joined here; joined: ${SIMULATION_CHANNEL}`);
}
