import { readFileSync } from "node:fs";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import { Block } from "../../chain/block.ts";
import { createNetwork } from "../../node/network/network.ts";
import { Orderer } from "../../node/orderer/orderer.ts";

/** A channel made for a test, and the orderer that makes its blocks one after another. */
export class DemoChannel {
  readonly name: string;
  /** The genesis block's file. */
  readonly genesis: string;
  readonly orderers: string;
  readonly #orderer: Orderer;
  #tip: Block;

  private constructor(name: string, genesis: string, orderers: string) {
    this.name = name;
    this.genesis = genesis;
    this.orderers = orderers;
    this.#orderer = Orderer.load(orderers);
    this.#tip = Block.parse(new Uint8Array(readFileSync(genesis)));
  }

  static async create(directory: string, name = "demo"): Promise<DemoChannel> {
    const out = join(directory, `network-${name}`);
    const organisations = [{ name: "Org1", peers: 1 }];
    const { genesis, orderers } = await createNetwork({
      out,
      channel: name,
      organisations,
      consensus: "raft",
    });
    return new DemoChannel(name, genesis, orderers);
  }

  /** How many blocks there are. */
  get height(): number {
    return this.#tip.number + 1;
  }

  get tip(): Block {
    return this.#tip;
  }

  /** Makes the next block with one transaction of this size. */
  next(bytes = 1_000): Block {
    this.#tip = this.sibling(bytes);
    return this.#tip;
  }

  /** Makes another block that could be the next, or that continues another chain, and forgets it. */
  sibling(bytes = 1_000, previousHash = this.#tip.hash): Block {
    return this.#orderer.createBlock({
      channel: this.name,
      number: this.height,
      previousHash,
      lastConfig: 0,
      files: [randomBytes(bytes)],
    });
  }
}
