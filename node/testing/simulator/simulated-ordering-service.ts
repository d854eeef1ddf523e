import type { Block } from "../../../chain/block.ts";
import { signBlock, type Consensus, type OrdererSigner } from "../../../chain/block-signing.ts";
import { lastConfigNumber } from "../../../chain/block-verification.ts";
import { channelOf } from "../../../chain/channel-header.ts";
import type { ChannelSpec } from "../../../chain/channel-spec.ts";
import { createConfigTransaction, createGenesis } from "../../../chain/genesis.ts";
import { createTransaction, type TransactionStamp } from "../../../chain/transaction.ts";

/** 2026 begins, as on the virtual clock; a block's transactions are stamped with so much and its number. */
const STAMP_MS = Date.UTC(2026, 0, 1);

/** What a {@link SimulatedOrderingService} begins with. */
export interface SimulatedOrderingParts {
  readonly genesis: Block;
  readonly consensus: Consensus;
  /** At least one; the first signs the transactions, all of them the blocks. */
  readonly signers: readonly [OrdererSigner, ...OrdererSigner[]];
}

/**
 * Makes one channel's blocks, real Fabric ones, for simulations: always the same bytes for the same calls, if its
 * signers sign without randomness.
 */
export class SimulatedOrderingService {
  readonly channel: string;
  readonly genesis: Block;
  #consensus: Consensus;
  #signers: SimulatedOrderingParts["signers"];
  #sequence = 0;
  #tip: Block;

  constructor({ genesis, consensus, signers }: SimulatedOrderingParts) {
    this.channel = channelOf(genesis);
    this.genesis = genesis;
    this.#consensus = consensus;
    this.#signers = signers;
    this.#tip = genesis;
  }

  /** For a new channel; the signers are consenters of the spec, or nobody believes the blocks. */
  static of(spec: ChannelSpec, ...signers: SimulatedOrderingParts["signers"]): SimulatedOrderingService {
    const genesis = createGenesis(spec, stamp(0));
    return new SimulatedOrderingService({ genesis, consensus: spec.ordering.consensus, signers });
  }

  /** The newest block. */
  get tip(): Block {
    return this.#tip;
  }

  /** The next block, with one transaction of about this many bytes. */
  next(transactionBytes = 1_000): Block {
    this.#tip = this.sibling(this.#tip, transactionBytes);
    return this.#tip;
  }

  /** The next block, with one transaction that carries these bytes. */
  nextOf(payload: Uint8Array): Block {
    this.#tip = this.#successor(this.#tip, payload);
    return this.#tip;
  }

  /** The next block: a config block that puts this configuration in force behind it. It is signed as the blocks before it. */
  nextConfig(spec: ChannelSpec): Block {
    if (spec.channel !== this.channel)
      throw new RangeError(`a configuration of channel ${spec.channel}, not ${this.channel}`);
    const number = this.#tip.number + 1;
    const transaction = createConfigTransaction(spec, ++this.#sequence, stamp(number), this.#signers[0]);
    this.#tip = this.#sign(this.#tip, transaction, number);
    this.#consensus = spec.ordering.consensus;
    return this.#tip;
  }

  /**
   * A successor of `previous` that this service does not go on from: what lying orderers would sign too. It is valid
   * if the signers of now may sign it.
   */
  sibling(previous: Block, transactionBytes = 1_000, fill = 7): Block {
    return this.#successor(previous, new Uint8Array(transactionBytes).fill(fill));
  }

  /** From now on these sign, whether they may or not. */
  useSigner(...signers: SimulatedOrderingParts["signers"]): void {
    this.#signers = signers;
  }

  #successor(previous: Block, payload: Uint8Array): Block {
    const transaction = createTransaction(
      this.channel,
      payload,
      this.#signers[0],
      stamp(previous.number + 1),
    );
    return this.#sign(previous, transaction, lastConfigNumber(previous) ?? 0);
  }

  #sign(previous: Block, transaction: Uint8Array, lastConfig: number): Block {
    const number = previous.number + 1;
    return signBlock(
      {
        number,
        previousHash: Buffer.from(previous.hash, "hex"),
        transactions: [transaction],
        lastConfig,
        consensus: this.#consensus,
        nonce: stamp(number).nonce,
      },
      this.#signers,
    );
  }
}

function stamp(number: number): TransactionStamp {
  return { timestampMs: STAMP_MS + number, nonce: new Uint8Array(24).fill(number) };
}
