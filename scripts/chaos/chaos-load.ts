import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { Block } from "../../chain/block.ts";
import type { Random } from "../../gossip/ports.ts";
import { sample } from "../../gossip/random.ts";
import { Orderer } from "../../node/orderer/orderer.ts";
import { CHAOS_CHANNEL, type ChaosNetwork } from "./chaos-network.ts";

const RETRY_MS = 100;

/** Hands in block after block, each at random peers until one of them acknowledges it as durable. */
export class ChaosLoad {
  readonly #network: ChaosNetwork;
  readonly #orderer: Orderer;
  readonly #random: Random;
  #tip: Block;
  #tries = 0;
  #slowestMs = 0;

  constructor(network: ChaosNetwork, random: Random) {
    this.#network = network;
    this.#random = random;
    this.#orderer = Orderer.load(network.network.orderers);
    this.#tip = Block.parse(readFileSync(network.network.genesis));
  }

  /** The newest block that was acknowledged. */
  get tip(): Block {
    return this.#tip;
  }

  /** How often a block was handed in, acknowledged or not. */
  get tries(): number {
    return this.#tries;
  }

  /** The longest that a block took to be acknowledged. */
  get slowestMs(): number {
    return this.#slowestMs;
  }

  /** Works until the signal; the block that is under way then is still handed in. */
  async run(blockBytes: number, intervalMs: number, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      const startMs = performance.now();
      await this.#handIn(blockBytes);
      const tookMs = performance.now() - startMs;
      this.#slowestMs = Math.max(this.#slowestMs, tookMs);
      await pause(Math.max(0, intervalMs - tookMs));
    }
  }

  async #handIn(blockBytes: number): Promise<void> {
    const block = this.#orderer.createBlock({
      channel: CHAOS_CHANNEL,
      number: this.#tip.number + 1,
      previousHash: this.#tip.hash,
      lastConfig: 0,
      files: [randomBytes(blockBytes)],
    });
    for (;;) {
      // Whoever had acknowledged the one before may be gone: the others must have it by then, or it is handed in again.
      for (const { name } of sample(this.#network.running(), 1, this.#random)) {
        this.#tries++;
        const outcome = await this.#network.submit(name, block.bytes);
        if (outcome === "stored") {
          this.#tip = block;
          return;
        }
      }
      await pause(RETRY_MS);
    }
  }
}
